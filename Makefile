# Each target sets up its environment first, once: .venv from requirements.lock.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3.11
STAMP := .venv/.installed
PROFILE ?= profiles/local
CONFIG ?=
# Values that a user gives reach the shell by its environment, so that names may hold spaces and quotes.
OPTIONS = --profile "$$PROFILE" $(if $(CONFIG),--configfile "$$CONFIG")
SNAKEMAKE = python tools/campaign_files.py
override TRAIN := $(value TRAIN)
override OTHER := $(value OTHER)
override SAMPLES := $(value SAMPLES)
export CONFIG PROFILE TRAIN OTHER SAMPLES SIZE RANGE
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/workflow/scripts:$(CURDIR)/tools
export MLFLOW_DISABLE_TELEMETRY := true

.PHONY: demo ask figures ui test test-long test-slurm check format plan why report keep fresh schema lock setup bench bench-gpu

setup: $(STAMP)

$(STAMP): requirements.lock
	@echo "Setting up .venv (some minutes, once) ..."
	@command -v $(PYTHON) > /dev/null || { echo "Python 3.11 is needed and was not found; say where it is: make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

# The default campaign, or that of CONFIG=file, on all cores.
demo: $(STAMP)
	@$(SNAKEMAKE) $(OPTIONS)
	@python tools/where.py "$${CONFIG:-config/config.yaml}"

# Does a model copy? Writes a campaign file for TRAIN=folder OTHER=folder SAMPLES=folder-or-file [SIZE=32] [RANGE=unit], and runs it.
ask: $(STAMP)
	@CONFIG="$$(python tools/ask.py)" && export CONFIG \
	&& $(SNAKEMAKE) --profile "$$PROFILE" --configfile "$$CONFIG" && python tools/ask.py "$$CONFIG" && python tools/where.py "$$CONFIG"

# The figures at print size, SVG and PDF, with their captions: results/<campaign>/paper/.
figures: $(STAMP)
	@$(SNAKEMAKE) figures $(OPTIONS)

# The MLflow page, for this machine alone, on the first free port from 5000.
ui: $(STAMP)
	@python tools/ui.py

test: check
	@pytest -m "not long and not slurm" -n 2 --dist loadscope

test-long: $(STAMP)
	@pytest -m long -n 2 --dist loadfile

# The workflow through a real Slurm of its own, with one node and two made-up GPUs: as root on Debian, where it is installed first.
test-slurm: $(STAMP)
	@command -v slurmctld munged > /dev/null || { apt-get -qq update; apt-get -qq install -y --no-install-recommends slurm-wlm munge; } > /dev/null
	@pytest tests/slurm -m slurm

check: $(STAMP)
	@ruff check .
	@ruff format --check .
	@mypy
	@snakefmt --check Snakefile workflow/rules
	@lint-imports

format: $(STAMP)
	@ruff check --fix --quiet .
	@ruff format --quiet .
	@snakefmt Snakefile workflow/rules

# What would run, on what, and what it would cost.
plan: $(STAMP)
	@python tools/plan.py $(OPTIONS)

# Which jobs would run, and because of what.
why: $(STAMP)
	@python tools/why.py $(OPTIONS)

# The summaries of an unfinished campaign, from the runs that are up to date; the others are named.
report: $(STAMP)
	@python tools/unfinished.py $(OPTIONS)

# Accept an edit that changes no result: nothing is run, all results count as up to date.
keep: $(STAMP)
	@$(SNAKEMAKE) $(OPTIONS) --touch

# Forget where interrupted trainings were: they start from the first step.
fresh:
	@find results -name '*state.safetensors' -print -delete

schema: $(STAMP)
	@python tools/schema.py

# New versions: install requirements.txt afresh and write down exactly what came.
lock:
	@$(PYTHON) tools/lock.py

# Against other people's packages, in an environment of their own on top of .venv: about half an hour on one core.
BENCH_VENV ?= .venv-bench
BENCH = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks

$(BENCH_VENV)/.installed: benchmarks/requirements.txt $(STAMP)
	@echo "Setting up $(BENCH_VENV) (a minute, once) ..."
	@.venv/bin/python -m venv $(BENCH_VENV)
	@.venv/bin/python -c "import site; print(site.getsitepackages()[0])" > $(BENCH_VENV)/project.pth
	@mv $(BENCH_VENV)/project.pth $(BENCH_VENV)/lib/python3.11/site-packages/
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@touch $@

bench: $(BENCH_VENV)/.installed
	@$(BENCH)/training.py
	@$(BENCH)/together.py
	@$(BENCH)/neighbours.py
	@$(BENCH)/growth.py
	@$(BENCH)/chain.py $(wildcard results/faces)
	@$(BENCH)/figure.py

bench-gpu: $(BENCH_VENV)/.installed
	@$(BENCH)/gpu.py
