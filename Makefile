# Every target makes the virtual environment it needs and installs into it what it needs, from pyproject.toml.
#   make test VENV=/some/folder   keeps that environment elsewhere
#   make test PYTHON=python3.13   makes it with another Python
#   make test ARGS='-k chart'     passes arguments on to pytest

VENV ?= .venv
PYTHON ?= python3
ARGS ?=
DIST ?= dist
FUZZ_SECONDS ?= 60
BIN := $(VENV)/bin
RESULTS := $(or $(TMPDIR),/tmp)/orgsim-pictures

.PHONY: dev check check-all test lint bless docs pictures bench fuzz dist demo
# Two targets must not install into one environment at the same time.
.NOTPARALLEL:

# Install the project, editable, and everything needed to work on it.
dev: $(VENV)/.has-dev

# Check a change before committing it: lint, types and the quick tests, in under a minute.
check: lint $(VENV)/.has-test
	$(BIN)/pytest -n auto -m 'not slow' $(ARGS)

# Check everything that can be checked on this machine: also the slow tests, the docs and the packages.
check-all: lint test docs dist

# Run all tests, the slow ones too.
test: $(VENV)/.has-test
	$(BIN)/pytest -n auto $(ARGS)

# Judge style, format and types.
lint: $(VENV)/.has-lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Accept today's output as the expected one, in golden files and documentation; then read the diff.
bless: $(VENV)/.has-test
	$(BIN)/pytest --bless $(ARGS)

# Build the documentation into docs/_build; a broken reference is an error.
docs: $(VENV)/.has-docs
	$(BIN)/python -m sphinx -n -W --keep-going -q docs docs/_build

# Draw the pictures of the README and the guides anew, from the packaged story.
pictures: $(VENV)/.has-test
	$(BIN)/orgsim plot gaps seeds/openai -o docs/pictures/gaps.svg --force
	$(BIN)/orgsim plot chart seeds/openai -o docs/pictures/chart-2023-11-18.svg --at 2023-11-18 --organization openai --force
	$(BIN)/orgsim plot chart seeds/openai -o docs/pictures/chart-2024-09-26.svg --at 2024-09-26 --organization openai --force
	$(BIN)/orgsim plot headcount seeds/openai -o docs/pictures/headcount.svg --from 2020-01-01 --force
	$(BIN)/orgsim plot tenure seeds/openai -o docs/pictures/tenure.svg --organization openai --force
	$(BIN)/orgsim plot succession seeds/openai -o docs/pictures/succession.svg --at 2024-09-26 --organization openai --force
	$(BIN)/orgsim plot flows seeds/openai -o docs/pictures/flows.svg --from 2023-11-01 --force
	mkdir -p $(RESULTS)
	for name in november-2023 company/freeze autumn-2024; do \
	  $(BIN)/orgsim run scenarios/$$name.yaml --replications 200 --out $(RESULTS)/$$(basename $$name) > $(RESULTS)/run.txt || exit 1; \
	done
	$(BIN)/orgsim plot fan $(RESULTS)/november-2023 -o docs/pictures/fan-november-2023.svg --force
	$(BIN)/orgsim plot fan $(RESULTS)/freeze -o docs/pictures/fan-freeze.svg --measure vacancies --force
	$(BIN)/orgsim plot fan $(RESULTS)/autumn-2024 -o docs/pictures/fan-autumn-2024.svg --variant baseline --force
	$(BIN)/orgsim plot compare $(RESULTS)/autumn-2024 -o docs/pictures/compare.svg --force
	$(BIN)/orgsim plot succession scenarios/autumn-2024.yaml -o docs/pictures/plans.svg --variant named-successors --force
	rm -r $(RESULTS)

# Run every benchmark script.
bench: $(VENV)/.has-bench
	@for script in bench/*.py; do \
	  if [ -e "$$script" ]; then $(BIN)/python "$$script" || exit 1; else echo "bench: no scripts yet"; fi; \
	done

# Run every fuzz script for FUZZ_SECONDS each; an input that fails is printed, and kept as crash-*.
fuzz: $(VENV)/.has-fuzz
	@for script in tests/fuzz/fuzz_*.py; do \
	  $(BIN)/python "$$script" -max_total_time=$(FUZZ_SECONDS) || exit 1; \
	done

# Build the source archive, and the wheel from that archive, into DIST.
dist: $(VENV)/.has-dist
	$(BIN)/python -m build --outdir $(DIST)

# Show all of it on the packaged story.
demo: $(VENV)/.has-test
	$(BIN)/orgsim demo

# A dependency group, installed; pip knows groups since 25.1, so the environment's own pip is upgraded first.
$(VENV)/.has-%: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group $*
	touch $@

# Keep the stamps: make would delete them as intermediate files.
.PRECIOUS: $(VENV)/.has-%
