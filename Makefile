# Everything one does with this repository. The go command fetches the toolchain that go.work names, also where an older Go
# is installed and GOTOOLCHAIN is set to local.
export GOTOOLCHAIN := auto

# docs is a module without packages.
MODULES  := . $(filter-out docs,$(patsubst %/go.mod,%,$(wildcard */go.mod internal/judge/go.mod)))
PACKAGES := $(patsubst ././...,./...,$(patsubst %,./%/...,$(MODULES)))
TOOLS    := bin/tools
LINT     := $(TOOLS)/golangci-lint

.DEFAULT_GOAL := help

.PHONY: run
run: ## Build the example store and start it; on SQLite or at DB=postgres://…; ARGS=--demo fills demo rows; as for development, with a log for people
	@go build -o bin/store ./examples/store/cmd/store
	@STORE_DATA="$${STORE_DATA:-data-dev}" STORE_DB="$(or $(DB),$(STORE_DB))" exec bin/store serve --development --log=text $(ARGS)

.PHONY: run-cluster
run-cluster: ## Start two replicas of the store behind nginx at PORT (8080), on a private PostgreSQL and Valkey
	@go build -o bin/store ./examples/store/cmd/store
	@exec examples/store/cluster.sh bin/store

.PHONY: test
test: setup ## Run the tests of every module with the race detector, and say what was skipped
	@go build -o bin/testall ./internal/testall
	@bin/testall -race -timeout 20m $(ARGS) $(PACKAGES)

.PHONY: cover
cover: setup ## Say how much of each package its own tests reach; PACKAGES=./health/... is for some
	@go test -cover $(PACKAGES)

.PHONY: fuzz
fuzz: ## Run every fuzz target for a few seconds; ARGS="-time 1m -run codec" runs those of a folder longer
	@go build -o bin/fuzzall ./internal/fuzzall
	@bin/fuzzall $(ARGS)

.PHONY: check
check: format vet lint modules vulnerable test fuzz ## Run everything that must hold before a change lands

.PHONY: bench
bench: ## Compare Tenon with other frameworks and write bench/RESULTS.md, and with bare drivers, in about three minutes; ARGS=-short for a smoke run
	@cd bench && go run ./cmd/table $(ARGS) && go run ./cmd/storage read

.PHONY: fmt
fmt: $(LINT) ## Format all Go files
	@$(LINT) fmt .

.PHONY: api
api: ## Write the exported API to api/next.txt, after a change that is meant
	@go test ./internal/rules -run '^TestAPI$$' -update

.PHONY: pages
pages: ## Run the sessions of the pages anew, and write programs and sessions into the pages
	@TENON_UPDATE=1 go test -count=1 ./examples/docs/...
	@go test ./internal/rules -run '^Test(Docs|Readme)$$' -update

.PHONY: setup
setup: ## Install what the tests need besides Go
	@internal/tools/setup.sh

.PHONY: format
format: $(LINT) ## Check that all Go files are formatted
	@$(LINT) fmt --diff .

.PHONY: vet
vet: ## Build and vet each module by itself, without the workspace
	@set -e; for m in $(MODULES); do echo "vet $$m"; (cd $$m && GOWORK=off go build ./... && GOWORK=off go vet ./...); done

.PHONY: lint
lint: $(LINT) ## Run the linters
	@$(LINT) run $(PACKAGES)

.PHONY: modules
modules: ## Check that each module is tidy and that what it requires is what its go.sum says
	@set -e; for m in $(MODULES) internal/tools; do echo "tidy and verify $$m"; \
		(cd $$m && GOWORK=off go mod tidy -diff && GOWORK=off go mod verify >/dev/null); done

.PHONY: vulnerable
vulnerable: $(TOOLS)/govulncheck ## Look for known vulnerabilities, where the database can be had
	@internal/tools/vulnerable.sh $(TOOLS)/govulncheck $(PACKAGES)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The linters are built with the toolchain of this repository, so that they read its language version.
$(LINT) $(TOOLS)/govulncheck &: internal/tools/go.mod internal/tools/go.sum
	@echo "building the tools that internal/tools pins; this takes a minute once"
	@mkdir -p $(TOOLS)
	@cd internal/tools && GOWORK=off go build -o ../../$(TOOLS)/ tool
	@touch $(LINT) $(TOOLS)/govulncheck
