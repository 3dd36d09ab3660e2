# Everything a newcomer needs: `make serve` and `make test`. Both install the Debian packages that are missing.

SWIFT ?= swift
PACKAGES = libopenblas0 zlib1g-dev pkg-config
# An import of a target that the manifest does not declare is an error.
FLAGS = -c release --explicit-target-dependency-import-check error

# Tests are built for testing, programs are not: apart, so that neither build undoes the other.
TESTS = --scratch-path .build/tests
# Tests that talk to a program wait for it for so many seconds; those that compute would have all the cores meanwhile.
TALKING = ^(ServingTests|CommandLineTests)\.
VENV = .peers/transformers
CLIENTS = .peers/clients
MLFLOW = .peers/mlflow

# Its charts are Cairo's, its local records SQLite's.
test trainer test-transformers test-mlflow: PACKAGES += libcairo2-dev libsqlite3-dev

.PHONY: serve test build trainer test-transformers test-clients test-mlflow test-instructions soak lint packages

## Builds the service and listens on 127.0.0.1:8080.
serve: build
	exec "$$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator" serve

## Builds and runs every test.
test: PACKAGES += libxgboost0
test: packages
	$(SWIFT) test $(FLAGS) $(TESTS) --skip '$(TALKING)'
	$(SWIFT) test $(FLAGS) $(TESTS) --skip-build --filter '$(TALKING)'

## Builds the program that `make serve` runs, and says where it is.
build: packages
	$(SWIFT) build $(FLAGS) --product rubricator
	@echo "built $$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator"

## Builds the trainer, and says where it is.
trainer: packages
	$(SWIFT) build $(FLAGS) --product rubricator-train
	@echo "built $$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator-train"

## Trains a tiny checkpoint for every task and loads each in Hugging Face's transformers, which it installs.
test-transformers: build trainer
	test -x $(VENV)/bin/python || python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement Tests/Fixtures/checkpoints/requirements.txt
	$(VENV)/bin/python Tests/Interoperability/check_transformers.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)"

## Has clients that others wrote use the service: Triton's, schemathesis, promtool and Chromium.
test-clients: PACKAGES += chromium chromium-driver haproxy prometheus
test-clients: build
	test -x $(CLIENTS)/bin/python || python3 -m venv $(CLIENTS)
	$(CLIENTS)/bin/pip install --quiet --requirement Tests/Interoperability/requirements.txt
	for check in open_inference openapi page deployment; do \
	    $(CLIENTS)/bin/python Tests/Interoperability/check_$$check.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator" || exit 1; \
	done

## Tracks runs on a real MLflow server, which it installs, and reads everything back with MLflow's own client: ten minutes and two
## builds, which CI's half hour has no room for.
test-mlflow: build trainer
	test -x $(VENV)/bin/python || python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement Tests/Fixtures/checkpoints/requirements.txt
	test -x $(MLFLOW)/bin/python || python3 -m venv $(MLFLOW)
	$(MLFLOW)/bin/pip install --quiet --no-deps --requirement Tests/Interoperability/requirements-mlflow.txt
	$(MLFLOW)/bin/python Tests/Interoperability/check_mlflow.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)" $(VENV)/bin/python

## What takes long, against the real program: load, restarts behind HAProxy, half an hour of everything, kill -9, bad memory, raw bytes.
soak: PACKAGES += haproxy python3
soak: build
	for check in load restarts kill damage fuzz soak; do \
	    PYTHONPATH=Tests/Interoperability python3 Tests/Soak/$$check.py "$$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator" || exit 1; \
	done

## Counts the instructions of every kernel under valgrind and compares them with Benchmarks/instruction_counts.json.
test-instructions: PACKAGES += binutils python3 valgrind
test-instructions: packages
	$(SWIFT) build -c release --package-path Benchmarks --product ForwardPasses
	python3 Benchmarks/count_instructions.py \
	    "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/ForwardPasses" Models

## Checks the format of every source.
lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

packages:
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; echo "Installing with sudo:" $$missing; fi; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends $$missing; \
	fi
