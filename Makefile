# Everything a newcomer needs: `make serve` and `make test`. Both install the Debian packages that are missing.

SWIFT ?= swift
PACKAGES = libopenblas-dev zlib1g-dev pkg-config
BUILD = $(SWIFT) build -c release --static-swift-stdlib --product rubricator

.PHONY: serve test build lint packages

## Builds the service and listens on 127.0.0.1:8080.
serve: build
	exec "$$($(BUILD) --show-bin-path)/rubricator" serve

## Builds and runs every test.
test: packages
	$(SWIFT) test -c release

## Builds the program that `make serve` runs, and says where it is.
build: packages
	$(BUILD)
	@echo "built $$($(BUILD) --show-bin-path)/rubricator"

## Checks the format of the sources and that every import is of a declared dependency.
lint: packages
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
	$(SWIFT) build -c release --explicit-target-dependency-import-check error

packages:
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; echo "Installing with sudo:" $$missing; fi; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends $$missing; \
	fi
