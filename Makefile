# Everything a newcomer needs: `make serve` and `make test`. Both install the Debian packages that are missing.

SWIFT ?= swift
PACKAGES = libopenblas-dev zlib1g-dev pkg-config
# An import of a target that the manifest does not declare is an error.
FLAGS = -c release --explicit-target-dependency-import-check error

.PHONY: serve test build lint packages

## Builds the service and listens on 127.0.0.1:8080.
serve: build
	exec "$$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator" serve

## Builds and runs every test.
test: packages
	$(SWIFT) test $(FLAGS)

## Builds the program that `make serve` runs, and says where it is.
build: packages
	$(SWIFT) build $(FLAGS) --product rubricator
	@echo "built $$($(SWIFT) build $(FLAGS) --show-bin-path)/rubricator"

## Checks the format of every source.
lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

packages:
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; echo "Installing with sudo:" $$missing; fi; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends $$missing; \
	fi
