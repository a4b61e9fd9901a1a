# `make run` and `make test` need Python 3.11+, make and the package registries; nothing else.

PYTHON ?= python3
BIN := .venv/bin
# Modules are compiled once, not at every start, whatever the machine's environment says.
SHARED := REFLEX_TELEMETRY_ENABLED=false REFLEX_CHECK_LATEST_VERSION=false PIP_DISABLE_PIP_VERSION_CHECK=1 \
	PYTHONDONTWRITEBYTECODE=
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" $(SHARED)

.DEFAULT_GOAL := help
.PHONY: help install install-dev run demo test test-long test-pythons check unit e2e bench film format clean

help: ## This list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

install: ## The virtual environment, exactly as locked
	@$(PYTHON) tools/install.py requirements.lock

install-dev:
	@$(PYTHON) tools/install.py requirements.lock requirements-dev.lock

run: install ## The portal on http://localhost:8000 (PORT, PORTAL_*: see README)
	@$(RUN) $(BIN)/python -m guance_portal serve

demo: install ## The same with a lived-in company: usage, members, an operator; prints who may sign in
	@$(RUN) $(BIN)/python -m guance_portal demo

test: install-dev ## Everything: style, types, layers, unit, integration, browser
	@$(RUN) $(BIN)/python tools/check.py

test-long: install-dev ## The long tests in their whole size (half an hour); writes docs/long-tests.md (TEST_SEED)
	@$(RUN) $(BIN)/python -m guance_portal build
	@$(RUN) $(BIN)/python -m tools.long_tests

test-pythons: install-dev ## Unit and integration tests on every Python from 3.11 on that is here
	@$(RUN) $(BIN)/python -m guance_portal build
	@$(RUN) $(BIN)/python -m tools.pythons

check: install-dev ## Style, types and layers alone
	@$(RUN) $(BIN)/python tools/check.py style types layers

unit: install-dev ## Unit and integration tests alone
	@$(RUN) $(BIN)/python tools/check.py unit integration

e2e: install-dev ## Browser tests alone
	@$(RUN) $(BIN)/python tools/check.py browser

bench: install-dev ## The figures, as JSON lines
	@$(RUN) $(BIN)/python tools/browser.py
	@$(RUN) $(BIN)/python -m benchmarks

film: install-dev ## Record the film of the welcome page and the picture of the README again
	@$(RUN) $(BIN)/python tools/browser.py
	@$(RUN) $(BIN)/python -m guance_portal build
	@$(RUN) $(BIN)/python -m tools.make_video

format: install-dev ## Lay the code out
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

clean: ## Forget builds and caches; data in var/ stays
	rm -rf .make .web .pytest_cache .ruff_cache test-results
