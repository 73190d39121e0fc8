# The commands of the project; `make` alone lists them. On a fresh machine each one first makes `.venv` from the
# hash-locked requirements with pip alone. Needs Python 3.11 or newer (with venv), git and make.

.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help run ui verify test test-dbt lint format bench lock clean
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
# Python 3.11 comes first because the lock was compiled for it and the tests ran on it.
PYTHONS := python3.11 python3.12 python3.13 python3
# A stamp carries the checksum of what was installed, so a changed lock installs again and an unchanged one does not.
KEY := $(shell cat requirements.lock requirements-dev.lock pyproject.toml | cksum | tr ' ' '-')
RUN_STAMP := $(VENV)/.installed-run-$(KEY)
DEV_STAMP := $(VENV)/.installed-dev-$(KEY)
# Reading SQL takes a quarter of a second a model, so only models changed since the last clean lint are read again,
# unless what decides how they are read has changed.
SQL := dbt_project/models dbt_project/tests
SQL_STAMP := $(VENV)/.linted-sql
LINT_SQL = touch $(SQL_STAMP).new; newer=; \
  [ ! -e $(SQL_STAMP) ] || [ -n "$$(find dbt_project/macros tests/rules/dbt_names .sqlfluff -newer $(SQL_STAMP))" ] || \
    newer="-newer $(SQL_STAMP)"; \
  files=$$(find $(SQL) -name '*.sql' $$newer); \
  [ -z "$$files" ] || PYTHONWARNINGS=ignore $(BIN)/sqlfluff lint --quiet --disable-progress-bar --nocolor --processes 2 $$files && \
  mv $(SQL_STAMP).new $(SQL_STAMP)
# The packages for tests include the ones for runs.
READY := $(or $(wildcard $(DEV_STAMP)),$(RUN_STAMP))
PACKAGES := ingest expectations analytics orchestration
SCRATCH := warehouse/work/dbt-alone

help:
	@echo "make run       build the warehouse from all sources and publish a release"
	@echo "make ui        show the last runs in the Dagster UI on localhost"
	@echo "make verify    check the published release against its own checksums"
	@echo "make test      lint, types, rules, unit and integration tests"
	@echo "make test-dbt  dbt build with its data and unit tests, without Dagster"
	@echo "make lint      lint and types only"
	@echo "make format    put Python and SQL into the house style"
	@echo "make bench     a build beside the tools it stands on; files beside calamine and DuckDB; names beside Splink"
	@echo "make lock      compile the lock files again (needs uv)"
	@echo "make clean     remove what commands produced, except published releases"

run: $(READY)
	@$(BIN)/observatory build

ui: $(READY)
	@$(BIN)/observatory ui

verify: $(READY)
	@$(BIN)/observatory verify

test: lint
	@$(PYTHON) -m pytest --numprocesses auto --dist worksteal

# What the models and their tests do when nothing but dbt runs them.
test-dbt: $(READY)
	@rm -rf $(SCRATCH) && mkdir -p $(SCRATCH)
	@$(PYTHON) -m ingest --raw $(SCRATCH)/raw
	@OBSERVATORY_RAW="$(CURDIR)/$(SCRATCH)/raw" OBSERVATORY_DB="$(CURDIR)/$(SCRATCH)/warehouse.duckdb" DO_NOT_TRACK=1 \
	  $(BIN)/dbt --no-use-colors build --project-dir dbt_project --profiles-dir dbt_project \
	  --target-path "$(CURDIR)/$(SCRATCH)/target" --log-path "$(CURDIR)/$(SCRATCH)/logs"

lint: $(DEV_STAMP)
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/ruff format --quiet --check . || { echo "Python is not in the house style: run make format." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(LINT_SQL)

format: $(DEV_STAMP)
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/sqlfluff fix --disable-progress-bar --nocolor --processes 2 --quiet $(SQL)

# Splink is there for this alone; the 200,000 mentions at the end are most of its time.
bench: $(DEV_STAMP)
	@$(PYTHON) tests/benchmarks/build_benchmark.py
	@echo && $(PYTHON) -m tests.benchmarks.workbook_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.csv_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.survey_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.hostile_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.survey_statistics_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.raking_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.survey_command_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.linkage_benchmark
	@echo && $(PYTHON) -m tests.benchmarks.linkage_scale

COMPILE := uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate \
  pyproject.toml --extra setup
lock:
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --extra dev --constraints requirements.lock --output-file requirements-dev.lock

clean:
	@rm -rf warehouse/work .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	@find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_STAMP): LOCK := requirements.lock
$(DEV_STAMP): LOCK := requirements-dev.lock

# The newest pip of the lock goes in first because it installs the rest a third faster; bytecode is written at the end
# on all processors (tests inside packages are left out) because imports without it take twice as long.
$(RUN_STAMP) $(DEV_STAMP):
	@set -eu; \
	if ! $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  found=; bare=; \
	  for each in $(PYTHONS); do \
	    command -v $$each >/dev/null 2>&1 || continue; \
	    $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    $$each -c 'import ensurepip, venv' 2>/dev/null || { bare=$$each; continue; }; \
	    found=$$each; break; \
	  done; \
	  if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	    echo "$$bare cannot make a virtual environment: its venv and ensurepip modules are missing." \
	      "On Debian or Ubuntu: apt-get install python3-venv. Then run make again." >&2; exit 1; \
	  elif [ -z "$$found" ]; then \
	    echo "Python 3.11 or newer is needed and none of $(PYTHONS) on PATH is that." \
	      "Install it (Debian 12: apt-get install python3 python3-venv) and run make again." >&2; exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$($$found --version)."; \
	  rm -rf $(VENV); $$found -m venv $(VENV); \
	fi; \
	echo "Installing $$(grep -c '^[a-z]' $(LOCK)) packages from $(LOCK); this takes about a minute, once."; \
	log=$(VENV)/install.log; export PIP_DISABLE_PIP_VERSION_CHECK=1; \
	install() { $(PYTHON) -m pip install --no-deps --no-compile --no-input "$$@" >>$$log 2>&1 || { \
	  tail -n 15 $$log >&2; \
	  echo "The packages of $(LOCK) could not be installed; pip's last lines stand above, all of them in $$log." \
	    "Check the network (or pip's own configuration for your mirror) and run make again." >&2; exit 1; }; }; \
	: >$$log; \
	awk '/^[a-z]/ { wanted = /^pip==/ } wanted' $(LOCK) >$(VENV)/pip.lock; \
	install --require-hashes -r $(VENV)/pip.lock; \
	install --require-hashes -r $(LOCK); \
	install --no-build-isolation --editable .; \
	$(PYTHON) -m compileall -q -j 0 -x '/tests?/' $(VENV)/lib ingest >>$$log 2>&1 || true; \
	rm -f $(VENV)/.installed-*; touch $@
