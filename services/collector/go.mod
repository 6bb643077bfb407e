module github.com/earshot/earshot/services/collector

go 1.26.0

require (
	github.com/dghubble/go-twitter v0.0.0-20221104224141-912508c3888b
	github.com/earshot/earshot/schemas v0.0.0
	github.com/go-json-experiment/json v1.27.2
	github.com/stretchr/testify v1.12.1
	go.yaml.in/yaml/v3 v3.0.6
	google.golang.org/protobuf v1.36.12
)

require (
	github.com/cenkalti/backoff/v4 v4.3.0 // indirect
	github.com/dghubble/sling v1.4.0 // indirect
	github.com/google/go-querystring v1.1.0 // indirect
	github.com/planetscale/vtprotobuf v0.6.0 // indirect
)

replace github.com/earshot/earshot/pkg => ../../pkg

replace github.com/earshot/earshot/schemas => ../../schemas
