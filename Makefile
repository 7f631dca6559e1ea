# Polku's commands. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help build demo test lint fmt generate notice bench fuzz property vuln clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

build: ## the program as one file, build/polku (needs only Go)
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o build/polku ./cmd/polku

demo: ## make the demo database, print its address and serve it
	go run ./cmd/polku demo

test: ## everything that must pass; installs Chromium and PostgreSQL when it may
	@scripts/test.sh

lint: ## only what needs no database and no browser: format, vet, staticcheck, architecture
	@scripts/test.sh format vet staticcheck notice architecture

fmt: ## format the Go files
	gofmt -w $$(git ls-files '*.go')

generate: ## make the generated files again (needs Node.js)
	tools/generate.sh

notice: ## write NOTICE again: the licences of what the program ships
	scripts/notice.sh > NOTICE.new && mv NOTICE.new NOTICE

bench: ## benchmarks that live beside the code
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## fuzz every parser; FUZZ_SECONDS (default 10) is shared by all targets
	@scripts/test.sh fuzz

property: ## try the properties at random; PROPERTY_CHECKS (default 20000) times each
	@scripts/test.sh property

vuln: ## known holes in the modules (govulncheck); says so where its database cannot be reached
	@scripts/vuln.sh

clean: ## remove what make made
	rm -rf build
