# Every target works on a fresh machine with Go and make. `make help` lists them.

AUTHN    := $(addprefix runtime/authn/,jwt introspection introspection/redis apikey basic session)
RELEASED := . runtime runtime/otelguard $(AUTHN)
MODULES  := $(RELEASED) examples examples/opa examples/full testdata/golden testdata/provider testdata/mutation
TESTED   := $(MODULES)
GO       ?= go
# Go's own limit of ten minutes is too short for a loaded machine.
TEST     := $(GO) test -timeout 30m
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
RELEASER := github.com/goreleaser/goreleaser/v2@v2.15.1
FUZZTIME ?= 1000x

.DEFAULT_GOAL := help
.PHONY: help demo demo-full test check vet lint proof mutate faults race generated fuzz bench load timing generate release

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Generate the quickstart's guards, start its server, and show what it answers
	cd examples/quickstart && $(GO) generate . && $(GO) run ./demo

demo-full: ## A whole service: API, identity provider, client, and a dashboard to look at (examples/full)
	@cd examples/full && $(GO) run .

test: ## Run every test of every module
	$(foreach m,$(TESTED),cd $(CURDIR)/$(m) && $(TEST) ./... &&) true
	$(TEST) ./testdata/fuzzing

# Where the race detector runs every test, check has no second run of them without it.
check: TESTED := $(filter-out $(AUTHN) examples examples/full,$(MODULES))
check: vet lint test race generated fuzz ## Everything that CI runs

vet: ## go vet and gofmt
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(foreach m,$(MODULES),cd $(CURDIR)/$(m) && $(GO) vet ./... &&) true

lint: ## golangci-lint, as .golangci.yml says
	$(foreach m,$(filter-out testdata/golden,$(MODULES)),cd $(CURDIR)/$(m) && $(GO) run $(GOLANGCI) run --config $(CURDIR)/.golangci.yml ./... &&) true

proof: ## docs/PROOF.md: diff, the runtime and whole servers against independent models (SEED, DECISIONS, CHECKPOINT=file, WHOLE)
	$(TEST) ./generator/report/difference -run 'TestProof$$' -count=1 -v -pairs 1000000 -seed $(or $(SEED),0)
	cd testdata/golden && $(GO) test -timeout 0 ./proof -run 'TestSmallScope' -count=1 -v -deep
	cd testdata/golden && $(GO) test -timeout 0 ./proof -run 'TestLargeScope$$' -count=1 -v -seed $(or $(SEED),1) \
	  -decisions $(or $(DECISIONS),100000000) $(if $(CHECKPOINT),-checkpoint $(abspath $(CHECKPOINT)))
	cd testdata/golden && $(GO) test -timeout 0 ./proof -run 'TestWholePath$$' -count=1 -v -seed $(or $(SEED),1) -whole $(or $(WHOLE),24)

mutate: ## Mutants of the runtime and the generator, each to be noticed by a test (PART=guard,policy SEED=1 SAMPLE=200; docs/MUTATION.md)
	$(GO) -C testdata/mutation run . -part "$(PART)" -seed $(or $(SEED),1) -sample $(or $(SAMPLE),0) $(if $(AGAIN),-again) $(if $(NEAR),-near)

faults: ## The security faults of testdata/faults, each to be noticed by the tests that it names (ONLY=regexp)
	$(GO) -C testdata/mutation run . -faults -only "$(ONLY)"

race: ## The tests of the runtime, the examples and the golden servers under the race detector
	cd runtime && $(TEST) -race ./...
	cd examples && $(TEST) -race ./...
	cd examples/full && $(TEST) -race ./...
	cd testdata/golden && $(TEST) -race -short -run 'Identities|Concurrent|ClientsLeave|OneAnswer|DoesNotStay|Signed|Explained|Guardtest' .
	$(foreach m,$(AUTHN),cd $(CURDIR)/$(m) && $(TEST) -race ./... &&) true

# All else that `make generate` writes is compared by the tests that write it.
generated: ## Fail when a committed generated file is not what the generator writes today
	cd examples && $(GO) generate ./quickstart
	cd testdata/golden && $(GO) generate ./...
	git diff --exit-code -- docs examples testdata
	test -z "$$(git status --porcelain -- docs examples testdata)"

generate: ## Regenerate the examples, the golden cases and the API snapshots
	cd examples && $(GO) generate ./...
	cd examples/opa && $(GO) generate ./...
	cd examples/full && $(GO) generate ./...
	$(TEST) ./cmd/oapi-guard -run 'TestRulesPage$$|TestTemplatesPage$$' -update
	$(TEST) ./generator -run 'TestPieces$$' -update
	$(TEST) ./generator -run 'TestGolden$$|TestAPI$$' -update
	$(TEST) ./generator/report/explain -run 'TestGoldenAnswers$$' -update
	cd testdata/golden && $(GO) generate ./... && $(TEST) -run 'TestExceptionsAreDocumented$$' -update .

fuzz: ## Every fuzz target (FUZZTIME=1000x: a thousand inputs each; ONLY=regexp; CHECKPOINT=file: go on where a run was interrupted)
	$(GO) run ./testdata/fuzzing -time $(FUZZTIME) -only "$(ONLY)" -checkpoint "$(CHECKPOINT)"

timing: ## How far apart in time a concealed resource is from a missing one (examples/documents/README.md)
	cd examples && $(TEST) ./documents -run 'TestTiming$$' -timing -v -count=1

load: ## Many, slow and leaving clients on every server, at full length (SECURITY.md)
	cd testdata/golden && $(TEST) -count=1 -v -run 'TestIdentities$$|TestHugeBody$$|TestSlowClients$$|TestClientsLeave$$|TestFlatMemory$$' . -load

bench: ## The benchmarks of docs/PERFORMANCE.md
	cd examples && $(GO) run ./bench/report && $(GO) run ./bench/many && CGO_ENABLED=0 $(GO) run ./bench/instructions
	cd runtime && $(TEST) -run '^$$' -bench . -benchmem ./...
	$(foreach m,$(AUTHN),cd $(CURDIR)/$(m) && $(TEST) -run '^$$' -bench . -benchmem ./... &&) true
	$(TEST) -run '^$$' -bench . -benchtime 3x ./generator/...

release: ## Build and publish the binaries of a tag (RELEASING.md); SNAPSHOT=1 only builds them, into dist
	$(GO) run $(RELEASER) release --clean $(if $(SNAPSHOT),--snapshot --skip=publish)
