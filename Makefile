# `make help` lists the targets. Those that need Debian packages install the ones that are missing.

SWIFT ?= swift
PACKAGES = libopenblas0 zlib1g-dev pkg-config
# Importing a module that the manifest does not declare is an error.
FLAGS = -c release --explicit-target-dependency-import-check error

# Programs and tests have separate build directories. Tests are compiled with other flags, so in a shared directory each
# build would undo the other.
TESTS = --scratch-path .build/tests
# Debug builds optimise the C kernels, which would be too slow otherwise.
CHECK = --scratch-path .build/check -Xcc -O2
# These test targets start programs and wait for them. They run after the others, which would take all the cores.
TALKING = ^(ServingTests|CommandLineTests)\.

# Test targets, and suites of further targets, that need no server, no forward pass of a checkpoint and no training run.
QUICK_TARGETS = CSV Checkpoint Compression Corpora JSON Plots Prometheus Report Text
QUICK_SUITES = AvailableMemory AvailableProcessors AveragedDescent BatchQueue ClusterCounts ConditionalRandomField \
    ConditionalRandomFieldLoss Configuration CorpusAbstract Delivery EpochPlan Figures GaussianProcess GitCommit \
    HolmCorrection JSONWriter Journal LocalStore Loss Metrics Names PairedBootstrap PrecisionRecall PredictRequest \
    PredictionsTable Recipe RetryPolicy SearchDimension SearchStrategy SuccessiveHalving Tfidf ThreadTeam \
    ThresholdTuning TuningJournal Variant [A-Za-z]*State
# Suites of the quick targets that take too long in a debug build.
SLOW_SUITES = CorpusFuzz UnicodeSweep

# Modules of the product Engine, whose documentation `make docs` builds.
ENGINE = Checkpoint Kernels Labelling Model Text
DOCS = .build/docs

# Virtual environments with Python tools
VENV = .peers/transformers
CLIENTS = .peers/clients
MLFLOW = .peers/mlflow
LINT = .peers/lint

SWIFT_SOURCES = Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
C_SOURCES = $(shell find Sources -name '*.c' -o -name '*.h' -o -name '*.inc')
SHELL_SOURCES = $(wildcard $(shell git ls-files .ci/run '*.sh'))
MARKDOWN = $(wildcard $(shell git ls-files --cached --others --exclude-standard '*.md'))

empty =
# $(call any,a b) is the regular expression (a|b).
any = ($(subst $(empty) $(empty),|,$(strip $(1))))

# Charts are drawn with Cairo. Local records are SQLite files.
test check quick trainer test-transformers test-mlflow: PACKAGES += libcairo2-dev libsqlite3-dev
test check quick: PACKAGES += libxgboost0

.DEFAULT_GOAL = help
.PHONY: help serve build trainer test test-snapshots snapshots check quick test-transformers test-clients test-mlflow \
    soak test-instructions docs lint lint-swift lint-c lint-python lint-shell lint-markdown lint-dependencies format packages

help: ## List the targets.
	@awk -F ':[^#]*## ' '/^[a-z-]+:[^#]*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: build ## Build the service and listen on 127.0.0.1:8080.
	exec "$$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator" serve

build: packages ## Build the service and command line, and print the program's path.
	$(SWIFT) build $(FLAGS) --product rubricator
	@echo "built $$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator"

trainer: packages ## Build the trainer, and print the program's path.
	$(SWIFT) build $(FLAGS) --product rubricator-train
	@echo "built $$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator-train"

test: packages ## Build and run every test, as CI does.
	$(SWIFT) test $(FLAGS) $(TESTS) --skip '$(TALKING)'
	$(SWIFT) test $(FLAGS) $(TESTS) --skip-build --filter '$(TALKING)'

# record.py uses the programs that `make test` has built. The other scripts need no build.
test-snapshots: ## After make test: compare help, errors and problem documents with Tests/Snapshots.
	python3 Tests/Snapshots/messages.py --check
	python3 Tests/Recording/record.py --check "$$($(SWIFT) build $(FLAGS) $(TESTS) --show-bin-path)" Tests/Snapshots
	python3 Tests/Documentation/settings.py --check

snapshots: ## After make test: replace Tests/Snapshots and Documentation/settings.md by what the programs print now.
	python3 Tests/Snapshots/messages.py
	python3 Tests/Recording/record.py --update "$$($(SWIFT) build $(FLAGS) $(TESTS) --show-bin-path)" Tests/Snapshots
	python3 Tests/Documentation/settings.py

# FILTER is a test target, or one suite of it: KernelsTests.ThreadTeamTests. Only the modules that it needs are built.
# KERNEL is a part of the name of a numeric harness row.
SUITE = $(firstword $(subst ., ,$(FILTER)))
NAME = $(word 2,$(subst ., ,$(FILTER)))
check: packages ## Run one test target in a debug build, for example FILTER=KernelsTests.
	@test -n "$(FILTER)" && test -d "Tests/$(SUITE)" || { \
	    echo "FILTER=$(FILTER) names no test target. Choose one of: $(notdir $(wildcard Tests/*Tests))" >&2; exit 64; }
	@test "$(FILTER)" = "$(SUITE)" || grep -qrE "(struct|class|enum) $(FILTER:$(SUITE).%=%)\\b" "Tests/$(SUITE)" || { \
	    echo "FILTER=$(FILTER) names no suite in Tests/$(SUITE)." >&2; exit 64; }
	RUBRICATOR_SUITE=$(SUITE) RUBRICATOR_KERNEL='$(KERNEL)' $(SWIFT) test $(CHECK) \
	    --filter '^$(SUITE)[.]$(if $(NAME),(.*/)?$(NAME)/)'

quick: packages ## Run the fast suites in a debug build: no server, no forward pass, no training.
	$(SWIFT) test $(CHECK) --skip '\.$(call any,$(SLOW_SUITES))Tests/' \
	    --filter '^$(call any,$(QUICK_TARGETS))Tests\.' --filter '\.$(call any,$(QUICK_SUITES))Tests/'

test-transformers: build trainer ## Train a tiny checkpoint for each task and load it in Hugging Face's transformers.
	test -x $(VENV)/bin/python || python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement Tests/Fixtures/checkpoints/requirements.txt
	$(VENV)/bin/python Tests/Interoperability/check_transformers.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)"

test-clients: PACKAGES += chromium chromium-driver haproxy prometheus
test-clients: build ## Use the service through Triton's client, schemathesis, promtool and Chromium.
	test -x $(CLIENTS)/bin/python || python3 -m venv $(CLIENTS)
	$(CLIENTS)/bin/pip install --quiet --requirement Tests/Interoperability/requirements.txt
	for check in open_inference openapi page deployment; do \
	    $(CLIENTS)/bin/python Tests/Interoperability/check_$$check.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator" || exit 1; \
	done

# Takes two builds and ten minutes, which is too long for CI.
test-mlflow: build trainer ## Track runs on a real MLflow server and read them back with MLflow's client.
	test -x $(VENV)/bin/python || python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement Tests/Fixtures/checkpoints/requirements.txt
	test -x $(MLFLOW)/bin/python || python3 -m venv $(MLFLOW)
	$(MLFLOW)/bin/pip install --quiet --no-deps --requirement Tests/Interoperability/requirements-mlflow.txt
	$(MLFLOW)/bin/python Tests/Interoperability/check_mlflow.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)" $(VENV)/bin/python

# load: requests beyond capacity. restarts: two replicas behind HAProxy. kill: kill -9. damage: corrupted memory.
# fuzz: random bytes. soak: everything at once for half an hour.
soak: PACKAGES += haproxy python3
soak: build ## Run the long tests of the service: load, restarts, kill, damage, fuzz and soak.
	for check in load restarts kill damage fuzz soak; do \
	    PYTHONPATH=Tests/Interoperability python3 Tests/Soak/$$check.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator" || exit 1; \
	done

test-instructions: PACKAGES += binutils python3 valgrind
test-instructions: packages ## Count each kernel's instructions and compare with Benchmarks/instruction_counts.json.
	$(SWIFT) build -c release --package-path Benchmarks --product ForwardPasses
	python3 Benchmarks/count_instructions.py \
	    "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/ForwardPasses" Models

# One site with links between the modules. The plugin reports success even if merging fails, hence `test -f`.
docs: packages ## Build the documentation of the Engine modules in .build/docs. A warning is an error.
	rm -rf $(DOCS)
	RUBRICATOR_DOCS=1 $(SWIFT) package $(CHECK) --allow-writing-to-directory $(DOCS) generate-documentation \
	    $(addprefix --target ,$(ENGINE)) --enable-experimental-combined-documentation \
	    --experimental-skip-synthesized-symbols --warnings-as-errors --output-path $(DOCS)
	test -f $(DOCS)/documentation/index.html
	@echo "built $(DOCS); python3 -m http.server --directory $(DOCS) serves http://localhost:8000/documentation/"

lint: lint-swift lint-c lint-python lint-shell lint-markdown lint-dependencies ## Check every source file. Each check also runs alone.

lint-swift: ## Check the format of the Swift sources.
	$(SWIFT) format lint --strict --recursive $(SWIFT_SOURCES)

lint-c: $(LINT)/installed ## Check the format of the C sources.
	$(LINT)/bin/clang-format --dry-run --Werror $(C_SOURCES)

lint-python: $(LINT)/installed ## Check the format and the rules of the Python scripts.
	$(LINT)/bin/ruff check --quiet
	$(LINT)/bin/ruff format --quiet --check

lint-shell: $(LINT)/installed ## Check the shell scripts.
	$(LINT)/bin/shellcheck $(SHELL_SOURCES)

lint-markdown: $(LINT)/installed ## Check the style, links and line lengths of the Markdown files.
	$(LINT)/bin/pymarkdown --strict-config scan $(MARKDOWN)
	$(LINT)/bin/python Tests/Documentation/check_markdown.py $(MARKDOWN)

lint-dependencies: ## Check which module imports which, Serving's folders, and the diagram of the modules in README.md.
	SWIFT="$(SWIFT)" python3 Tests/Architecture/check_dependencies.py
	SWIFT="$(SWIFT)" python3 Tests/Architecture/test_check_dependencies.py --quiet

format: $(LINT)/installed ## Format the Swift, C and Python sources in place.
	$(SWIFT) format --in-place --recursive $(SWIFT_SOURCES)
	$(LINT)/bin/clang-format -i $(C_SOURCES)
	$(LINT)/bin/ruff check --quiet --select I --fix
	$(LINT)/bin/ruff format --quiet

# The tools come from PyPI, at the versions that the file pins.
$(LINT)/installed: .ci/lint-requirements.txt
	python3 -m venv --clear $(LINT)
	$(LINT)/bin/pip install --quiet --disable-pip-version-check --only-binary :all: --requirement $<
	touch $@

packages: ## Install the Debian packages that are missing.
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; echo "Installing with sudo:" $$missing; fi; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends $$missing; \
	fi
