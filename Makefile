# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2
#
# make demo    try Lotse: needs Python 3.11+ and nothing else
# make test    everything that can be checked

BIN := .venv/bin
# Test processes side by side, for two cores: many tests wait for servers and browsers. 0 runs all in one.
WORKERS ?= 3
# More arguments for pytest, for example: make test ARGS="-k consent"
ARGS ?=
# How many simulated lives.
SEEDS ?= 10000
IMAGE ?= lotse

# Without bytecode each of the many processes that tests start would read all sources anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint format crash recognition simulate simulate-year bench mutants measuring messages pictures sbom image clean core everything

help:
	@echo "make demo      try Lotse with invented people (opens on this machine only)"
	@echo "make test      all checks and tests"
	@echo "make lint      style, types, import contracts, licences"
	@echo "make format    bring the code into shape"
	@echo "make crash     kill Lotse at many more points than make test does (minutes)"
	@echo "make simulate  ten thousand simulated lives with faults: is every promise kept? (hours)"
	@echo "make simulate-year  a year of 120 people and 8 staff: how long until somebody takes over? (an hour)"
	@echo "make bench     measure against peers in the same run"
	@echo "make mutants   change the dialog engine in a thousand places: does a test notice? (an hour)"
	@echo "make recognition  how well concerns are recognised in texts that the rules have never seen"
	@echo "make pictures  draw every page of the console anew, for the documentation"
	@echo "make messages  collect the texts to be translated"
	@echo "make sbom      what comes along with Lotse, and under which licences, as CycloneDX"
	@echo "make image     build the container image"
	@echo "make clean     remove everything that was made"

core:
	@sh .ci/venv core

everything:
	@sh .ci/venv test

demo: core
	@exec $(BIN)/lotse demo

test: everything
	@sh .ci/parts
	sh .ci/beside lint $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: everything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/hadolint Dockerfile
	@if [ -e .git ]; then echo "$(BIN)/reuse lint"; $(BIN)/reuse lint --quiet || $(BIN)/reuse lint; \
	else echo "SKIPPED: reuse lint needs a git checkout (it would take .venv for Lotse's own files)"; fi

format: everything
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

crash: everything
	LOTSE_TEST_CRASHES=240 $(BIN)/pytest -s -m crash $(ARGS)
	LOTSE_TEST_RACES=10000 $(BIN)/pytest -s tests/contract/test_timer_races.py $(ARGS)

simulate: everything
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) --workers $(WORKERS)

simulate-year: everything
	$(BIN)/python -m tests.simulation --seed $(or $(SEED),1) --days 365 --people 120 --staff 8

recognition: everything
	$(BIN)/python -m tests.dialogs.concerns.report $(ARGS)

bench: measuring
	$(BIN)/python -m benchmarks.concerns
	$(BIN)/python -m benchmarks.dialogs
	$(BIN)/python -m benchmarks.inbound
	$(BIN)/python -m benchmarks.delivery
	$(BIN)/python -m benchmarks.timers
	$(BIN)/python -m benchmarks.planning
	$(BIN)/python -m benchmarks.alert_latency
	$(BIN)/python -m benchmarks.auditor
	$(BIN)/python -m benchmarks.console

mutants: measuring
	$(BIN)/mutmut run --max-children $(WORKERS)
	$(BIN)/mutmut results

measuring:
	@sh .ci/venv measure

messages: everything
	$(BIN)/pybabel extract -F pyproject.toml -k say -k mark --no-location --sort-output --project=Lotse \
	    --copyright-holder="The Lotse authors" -o locales/lotse.pot .
	$(BIN)/pybabel update -i locales/lotse.pot -d locales -D lotse --no-fuzzy-matching --ignore-obsolete

pictures: measuring
	$(BIN)/python -m tests.web.console_pictures docs/pictures/console

sbom: everything
	$(BIN)/python -m tests.privacy.sbom

image:
	@tool=$$(command -v docker || command -v podman || command -v buildah) || \
	    { echo "Needs docker, podman or buildah."; exit 1; }; \
	"$$tool" build -t $(IMAGE) .

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
