SHELL := /bin/bash -euo pipefail
.DEFAULT_GOAL := help

MODULES := schemas pkg $(addprefix services/,collector classifier writer alerter earshot)
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
ENGINE := deploy/chdb/node_modules/.package-lock.json
ONNXRUNTIME := deploy/onnxruntime/node_modules/.package-lock.json

export GOFLAGS ?= -mod=readonly

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

.PHONY: up
up: setup bin/earshot ## Run the whole pipeline in one process and feed it the demo
	@bin/earshot up --demo

.PHONY: down
down: ## Stop the pipeline that runs on ./data
	@kill -TERM "$$(sed -nE 's/.*"pid": ([0-9]+).*/\1/p' data/endpoints.json)"

.PHONY: test
test: setup $(ONNXRUNTIME) ## Run every test on the in-process broker and the embedded ClickHouse
	go test -timeout 30m $(TESTFLAGS) work

.PHONY: test-cluster
test-cluster: build ## Run the end-to-end test on a real Apache Kafka, services as separate processes
	deploy/kafka/run.sh go test -count=1 ./pkg/bus/... ./pkg/testkit/...
	deploy/kafka/run.sh go test -count=1 -run Cluster ./services/earshot/...

.PHONY: build
build: setup $(addprefix bin/earshot-,collector classifier writer alerter) bin/earshot ## Build the binaries into bin/

.PHONY: bin/earshot
bin/earshot:
	go build -ldflags '$(LDFLAGS)' -o $@ ./services/earshot/cmd/earshot

bin/earshot-%: FORCE
	go build -ldflags '$(LDFLAGS)' -o $@ ./services/$*/cmd/$*

.PHONY: wasm
wasm: ## Build the page that checks drafts in the browser into bin/check/
	@mkdir -p bin/check
	cp services/earshot/cmd/wasm/index.html services/earshot/cmd/wasm/check.css services/earshot/cmd/wasm/check.js "$$(go env GOROOT)/lib/wasm/wasm_exec.js" bin/check/
	GOOS=js GOARCH=wasm go build -ldflags '-s -w' -o bin/check/earshot.wasm ./services/earshot/cmd/wasm

.PHONY: FORCE
FORCE:

.PHONY: setup
setup: prerequisites $(ENGINE) ## Bring the ClickHouse engine (npm, checked against its hash)

.PHONY: prerequisites
prerequisites:
	@need() { command -v $$1 >/dev/null || { echo "$$1 is missing; install it with: $$2" >&2; exit 1; }; }; \
	need go 'apt-get install golang-go (1.26 or later; or https://go.dev/dl)'; \
	need node 'apt-get install nodejs'; need npm 'apt-get install npm'; need git 'apt-get install git'

$(ENGINE): deploy/chdb/package-lock.json
	@npm ci --prefix deploy/chdb --no-audit --no-fund || \
		{ echo "the engine is packaged for Linux on x64 with glibc; elsewhere name a ClickHouse in clickhouse.dsn" >&2; exit 1; }
	@touch $@

# Only tests load it. Its install script would fetch GPU libraries from elsewhere.
$(ONNXRUNTIME): deploy/onnxruntime/package-lock.json
	@npm ci --prefix deploy/onnxruntime --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: check
check: fmt-check lint tidy-check generate-check breaking race ## What CI runs: format, lint, generated files, race tests

.PHONY: fmt
fmt: bin/golangci-lint ## Format the Go code
	@for m in $(MODULES); do (cd $$m && $(CURDIR)/bin/golangci-lint fmt ./...); done

.PHONY: fmt-check
fmt-check: bin/golangci-lint
	@for m in $(MODULES); do (cd $$m && $(CURDIR)/bin/golangci-lint fmt --diff ./...); done

.PHONY: lint
lint: bin/golangci-lint bin/buf ## Lint Go and Protobuf
	@for m in $(MODULES); do echo "lint $$m"; (cd $$m && $(CURDIR)/bin/golangci-lint run --config $(CURDIR)/.golangci.yml ./...); done
	cd schemas && $(CURDIR)/bin/buf lint

.PHONY: breaking
breaking: bin/buf ## Compare the events with the last released ones
	cd schemas && $(CURDIR)/bin/buf breaking --against released.binpb

.PHONY: tidy
tidy: ## Tidy every module
	@for m in $(MODULES) tools; do (cd $$m && GOFLAGS= GOWORK=off go mod tidy); done

.PHONY: tidy-check
tidy-check:
	@for m in $(MODULES); do (cd $$m && GOFLAGS= GOWORK=off go mod tidy -diff); done

.PHONY: generate
generate: bin/buf bin/protoc-gen-go bin/protoc-gen-go-vtproto ## Generate the Go code of the events
	cd schemas && $(CURDIR)/bin/buf generate

.PHONY: generate-check
generate-check: generate
	@git diff --exit-code -- schemas

.PHONY: race
race: setup $(ONNXRUNTIME) ## Run every test with the race detector
	go test -race -timeout 30m $(TESTFLAGS) work

.PHONY: bench
bench: ## Measure the engine and the stages
	go test -run '^$$' -bench . -benchmem work

.PHONY: eval
eval: bin/earshot ## Measure the engine on ../shared/data and write docs/quality.md
	@tools/eval.sh

.PHONY: train
train: ## Train the paraphrase model again, from our examples and the data in ../shared
	cd pkg && go run ./engine/internal/paraphrase/train -data ../../shared/data

.PHONY: migrate
migrate: bin/earshot-writer ## Bring the ClickHouse of CONFIG (default earshot.yaml) to this version's schema
	bin/earshot-writer -config $(or $(CONFIG),earshot.yaml) -migrate

bin/buf: tools/go.mod
	cd tools && GOFLAGS= GOWORK=off go build -o ../$@ github.com/bufbuild/buf/cmd/buf
bin/golangci-lint: tools/go.mod
	cd tools && GOFLAGS= GOWORK=off go build -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
bin/protoc-gen-go: tools/go.mod
	cd tools && GOFLAGS= GOWORK=off go build -o ../$@ google.golang.org/protobuf/cmd/protoc-gen-go
bin/protoc-gen-go-vtproto: tools/go.mod
	cd tools && GOFLAGS= GOWORK=off go build -o ../$@ github.com/planetscale/vtprotobuf/cmd/protoc-gen-go-vtproto
