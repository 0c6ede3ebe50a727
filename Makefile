# `make` or `make help` lists the targets.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
HUB := .venv-hub
HUB_INSTALLED := $(HUB)/.installed
TRAIN := .venv-train
TRAIN_INSTALLED := $(TRAIN)/.installed
STORY ?=
# The folder of the corpora, for trainings and scores; none: the one that training/paths.py names.
DATA ?=
ifneq ($(DATA),)
export NEWSWIRE_CORPORA := $(DATA)
endif

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: $(INSTALLED) ## Install everything that is pinned in requirements.lock into .venv/

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	  || { echo "$(PYTHON) is no Python 3.11 to 3.13; install one and say PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@total=$$(grep -c '^[a-z].*==' requirements.lock); \
	  if [ -t 2 ]; then live=1; else live=0; echo "installing at most $$total packages" >&2; fi; \
	  $(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements.lock \
	  | awk -v total="$$total" -v live="$$live" '!live {next} \
	    /^(Collecting|Requirement already)/ {printf "\rinstalling: %d of at most %d packages", ++n, total > "/dev/stderr"} \
	    /^Installing collected/ {printf "\rinstalling: writing %d packages             ", n > "/dev/stderr"} \
	    END {if (live) print "" > "/dev/stderr"}'
	@$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "installed: $(BIN)/newswire" >&2

.PHONY: demo
demo: $(INSTALLED) ## Take a story through the whole system and show it (STORY=path; none: the samples)
	@$(BIN)/newswire demo $(if $(STORY),"$(STORY)")

.PHONY: test
test: $(INSTALLED) ## Run all tests, on real Kafka, Elasticsearch, S3 and Airflow
	@$(BIN)/pytest

.PHONY: test-unit
test-unit: $(INSTALLED) ## Run the tests that need no server
	@$(BIN)/pytest tests/unit

.PHONY: golden
golden: $(INSTALLED) ## After a change that is meant: store anew what the models make of our stories (FIELDS="summary …")
	@$(BIN)/python -m tests.golden $(FIELDS)

.PHONY: test-hub
test-hub: $(HUB_INSTALLED) ## Run the tests of models from a hub, on tiny ones made there (needs 6 GB of disk)
	@$(HUB)/bin/python -m pytest tests/hub

# Beside .venv/, which stays small: what is installed there counts here too, and only torch and what it needs come anew.
# A lock is whole, so nothing is left to resolve (and one package of training names a spaCy that it does not need).
$(HUB_INSTALLED) $(TRAIN_INSTALLED): .venv-%/.installed: requirements-%.lock $(INSTALLED)
	@$(BIN)/python -m venv --clear $(@D)
	@echo "import site; site.addsitedir('$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')')" \
	  > "$$($(@D)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/newswire-base.pth"
	@echo "installing torch into $(@D)/, some 6 GB" >&2
	@$(@D)/bin/pip install --disable-pip-version-check --quiet --no-compile --no-deps --require-hashes -r $<
	@touch $@

.PHONY: eval
eval: $(INSTALLED) ## Score the models on the corpora: every table of their cards (DATA=folder of the corpora)
	@$(BIN)/python -m training.evaluate_all

.PHONY: eval-int8
eval-int8: $(INSTALLED) ## Score the int8 models beside the fp32 ones of the last training
	@$(BIN)/python -m training.compare_int8

.PHONY: eval-ingest
eval-ingest: $(INSTALLED) ## Score the parsers on real wire files, and time them
	@$(BIN)/python -m benchmarks.ingest

.PHONY: bench
bench: $(INSTALLED) ## Measure the speed of the parsers and of the models, and the models' size
	@$(BIN)/python -m training.bench_enrich
	@$(BIN)/python -m benchmarks.ingest --no-pages

# A training begins where the last one of its name was cut off; its weights go to models/, sealed. The stem is what stance
# and quotes share, untrained: the same from both.
.PHONY: train-stance
train-stance: needs-stance $(TRAIN_INSTALLED) ## Corpora to models/stance/ (DATA=folder of the corpora)
	@$(TRAIN)/bin/python -m training.train_stance
	@$(TRAIN)/bin/python -m training.export_stem
	@$(TRAIN)/bin/python -m training.export_stance .cache/training/stance-last.pt
	@$(BIN)/python -m training.seal

# The teachers are too large to ship. What they say is in training/taught/, so this runs only for new ones.
.PHONY: teach
teach: needs-stance $(TRAIN_INSTALLED) ## Train the stance model's teachers, and let them say what that one learns from
	@test -e .cache/training/names.json || $(TRAIN)/bin/python -m training.silver_names
	@set -e; for subject in names climate claims; do \
		$(TRAIN)/bin/python -m training.train_teacher $$subject; \
		$(TRAIN)/bin/python -m training.teach $$subject; \
	done

.PHONY: train-quotes
train-quotes: needs-quotes $(TRAIN_INSTALLED) ## The same for quotes, their sources, and names
	@test -e .cache/training/names.json || $(TRAIN)/bin/python -m training.silver_names
	@$(TRAIN)/bin/python -m training.train_reader
	@$(TRAIN)/bin/python -m training.export_stem
	@$(TRAIN)/bin/python -m training.export_reader
	@$(BIN)/python -m training.seal

.PHONY: train-mentions
train-mentions: needs-mentions $(INSTALLED) ## The same for who is meant (needs no torch)
	@$(BIN)/python -m training.train_mentions
	@$(BIN)/python -m training.seal

.PHONY: train-summary
train-summary: needs-summary $(TRAIN_INSTALLED) ## The same for the summary
	@$(TRAIN)/bin/python -m training.train_summary
	@$(TRAIN)/bin/python -m training.export_summary
	@$(BIN)/python -m training.seal

NEEDS := needs-stance needs-quotes needs-mentions needs-summary
.PHONY: $(NEEDS)
$(NEEDS): needs-%: $(INSTALLED)
	@$(BIN)/python -m training.needs $*

.PHONY: lint
lint: $(INSTALLED) ## Check style, formatting and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

.PHONY: format
format: $(INSTALLED) ## Put style and formatting right
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: up
up: $(INSTALLED) ## Start Kafka, Elasticsearch and S3 on this machine
	@$(BIN)/newswire up

.PHONY: down
down: $(INSTALLED) ## Stop them (newswire down --purge: remove their data too)
	@$(BIN)/newswire down

.PHONY: status
status: $(INSTALLED) ## Show the servers and how far the workers are
	@$(BIN)/newswire status

.PHONY: schemas
schemas: $(INSTALLED) ## Write schemas/topics/ from the model
	@$(BIN)/python -m newswire.contracts

.PHONY: lock
lock: ## Pin all dependencies anew (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-annotate --no-header --quiet --output-file requirements.lock
	@uv pip compile pyproject.toml --extra hub --universal --python-version 3.11 --upgrade \
	  --constraint requirements.lock \
	  --generate-hashes --no-annotate --no-header --quiet --output-file requirements-hub.lock
	@uv pip compile pyproject.toml --extra train --group names --universal --python-version 3.11 --upgrade \
	  --constraint requirements-hub.lock --constraint requirements.lock \
	  --generate-hashes --no-annotate --no-header --quiet --output-file requirements-train.lock
