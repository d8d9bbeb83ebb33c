# Two commands for a visitor: `make demo` and `make test`. `make help` shows the rest.
# They need Python 3.11 or newer, git and make, and bring everything else themselves.

.DEFAULT_GOAL := help
.SILENT:
SHELL := /bin/sh
PYTHONS ?= python3 python3.11 python3.12 python3.13 python3.14
BIN := .venv/bin
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --quiet --disable-pip-version-check

help: ## Show what can be made
	sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: .venv/ready ## Make .venv with the command sincerely in it

demo: setup ## Walk 2,357 real customers through the sample journeys, and look at their mail
	$(BIN)/sincerely demo

# One process a core, each with a PostgreSQL of its own; a file's tests stay together.
test: setup ## Run all tests, PostgreSQL included (make test ARGS="-k birthday" for some)
	$(BIN)/pytest -q -n auto --dist loadfile $(ARGS)

check: setup ## Everything that has to be right before a commit: style, types, layers, samples, tests
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/sincerely check
	$(BIN)/sincerely test
	$(MAKE) --no-print-directory test

nightly: setup ## The long property tests: 20,000 examples and more
	SINCERELY_HYPOTHESIS=nightly $(BIN)/pytest -q $(ARGS)

fuzz: setup ## 10,000 random requests at a real server, by our own OpenAPI (make fuzz REQUESTS=500)
	SINCERELY_REQUESTS=$(or $(REQUESTS),10000) $(BIN)/pytest -q -s tests/reliability/test_random_requests.py $(ARGS)

crash: setup ## Kill daemons and workers 2,000 times, at every mark and at random (make crash KILLS=200)
	SINCERELY_KILLS=$(or $(KILLS),2000) $(BIN)/pytest -q -s tests/reliability/test_kills.py \
		tests/reliability/test_kills_of_workers.py $(ARGS)

reliability: setup ## All that docs/reliability.md promises: kills, outages, the model of the caps
	$(BIN)/pytest -q -s tests/reliability tests/model tests/integration/test_unknown_outcomes.py \
		tests/integration/test_hand_off.py tests/integration/test_store_crowd.py \
		tests/integration/test_clock_skew.py tests/acceptance/test_daemon.py $(ARGS)

bench: setup ## Measure and write PERFORMANCE.md (make bench ONLY=P4 for one row)
	ONLY="$(ONLY)" $(BIN)/python benchmarks/run.py

clean: ## Take away what the commands left: environment, demo, outbox, caches
	rm -rf .venv demo outbox build *.egg-info .mypy_cache .ruff_cache .hypothesis .pytest_cache

# The environment is made once, and again when what it depends on has changed.
.venv/ready: pyproject.toml setup.py
	for python in $(PYTHONS); do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Sincerely needs Python 3.11 or newer: install it and run make again." >&2; exit 1; fi; \
	echo "Making .venv with $$($$found --version) (once; a minute or two) …"; \
	[ -x $(BIN)/python ] || $$found -m venv .venv
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) install --editable ".[mood]" --group dev
	touch $@

.PHONY: help setup demo test check nightly fuzz crash reliability bench clean
