# `make demo` and `make test` need Python 3.11 or later and make, nothing else: they set up .venv by themselves.
# Another Python: make demo PYTHON=python3.12

PYTHON ?= python3
VENV ?= .venv
DIST ?= dist
OUT ?= out/demo

BIN := $(VENV)/bin
# Made last, so that an installation that was broken off is done again.
READY := $(VENV)/.frontlog-ready
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint wheel clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "frontlog needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo not a Python)." >&2; \
	    echo "Name another one: make $(or $(MAKECMDGOALS),test) PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) (only once; it takes a minute or two)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

demo: $(READY) ## run the pipeline on the shipped corpus and show the events
	$(BIN)/frontlog run corpus/articles --out $(OUT)
	@$(BIN)/python corpus/show_events.py $(OUT)

test: $(READY) ## all tests
	$(BIN)/python -m pytest

lint: $(READY) ## format, lint and strict types (changes nothing)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

wheel: $(READY) ## build the wheel into dist/
	@rm -rf $(DIST)
	$(PIP) wheel --quiet --no-deps --wheel-dir $(DIST) .
	@ls $(DIST)/*.whl

clean: ## remove the environment and everything that was built
	rm -rf .venv dist build out .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
