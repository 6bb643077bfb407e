module github.com/earshot/earshot/services/earshot

go 1.26.0

require github.com/earshot/earshot/pkg v0.0.0

require github.com/earshot/earshot/schemas v0.0.0

require github.com/earshot/earshot/services/collector v0.0.0

require github.com/earshot/earshot/services/classifier v0.0.0

require github.com/earshot/earshot/services/writer v0.0.0

require github.com/earshot/earshot/services/alerter v0.0.0

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/spf13/cobra v1.10.2 // indirect
	github.com/spf13/pflag v1.0.9 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	golang.org/x/sync v0.24.0 // indirect
)

replace github.com/earshot/earshot/pkg => ../../pkg

replace github.com/earshot/earshot/schemas => ../../schemas

replace github.com/earshot/earshot/services/collector => ../collector

replace github.com/earshot/earshot/services/classifier => ../classifier

replace github.com/earshot/earshot/services/writer => ../writer

replace github.com/earshot/earshot/services/alerter => ../alerter
