# Each target sets up its environment first, once: .venv with the packages of requirements.txt, and for checks and tests those of
# requirements-tests.txt, in the versions of requirements.lock.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
# The Python of .venv, or else the newest from 3.11 to 3.13 that is found and works; PYTHON=... names another.
WORKS = import ensurepip, sys; sys.prefix == sys.base_prefix or __import__("pip"); sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in .venv/bin/python python3.13 python3.12 python3.11 python3; do \
	"$$python" -c '$(WORKS)' 2> /dev/null && echo "$$python" && break; done)
STAMP := .venv/.installed
TESTS := .venv/.installed-tests
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
# Snakemake writes to a cache below the home folder; where that is closed (a container without a user of its own), to one here.
ifneq ($(shell cache="$${XDG_CACHE_HOME:-$${HOME:-/}/.cache}"; mkdir -p "$$cache" 2> /dev/null && test -w "$$cache" && echo open),open)
export XDG_CACHE_HOME := $(CURDIR)/.snakemake/cache
endif

.PHONY: demo ask figures ui test test-long test-slurm check format plan why report keep fresh schema lock setup bench bench-gpu

setup: $(STAMP)

# .venv is made anew where its Python is gone or has become another, and where PYTHON=... names one of another version.
ifneq ($(shell { .venv/bin/python -c 'import pip'; } > /dev/null 2>&1 || echo gone)$(filter command environment,$(origin PYTHON)),)
$(STAMP): again
endif
.PHONY: again

$(STAMP): requirements.txt requirements.lock
	@PATH=$${PATH#*:}; python="$(PYTHON)"; command -v "$$python" > /dev/null || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed and was not found; say where it is: make PYTHON=..."; exit 1; }; \
		"$$python" tools/environment.py $@ requirements.txt

$(TESTS): requirements-tests.txt $(STAMP)
	@.venv/bin/python tools/environment.py $@ requirements.txt requirements-tests.txt

# The default campaign, or that of CONFIG=file, on all cores.
demo: $(STAMP)
	@$(SNAKEMAKE) $(OPTIONS)
	@python tools/where.py "$${CONFIG:-config/config.yaml}"

# Does a model copy? Writes a campaign file for TRAIN=folder OTHER=folder SAMPLES=folder-or-file [SIZE=32] [RANGE=unit], and runs it.
ask: $(STAMP)
	@CONFIG="$$(python tools/ask.py)" && export CONFIG \
	&& { $(SNAKEMAKE) --profile "$$PROFILE" --configfile "$$CONFIG" || { python tools/answer.py "$$CONFIG" --failed; exit 1; }; } \
	&& python tools/answer.py "$$CONFIG" && python tools/where.py "$$CONFIG"

# The figures at print size, SVG and PDF, with their captions: results/<campaign>/paper/.
figures: $(STAMP)
	@$(SNAKEMAKE) figures $(OPTIONS)

# The MLflow page, for this machine alone, on the first free port from 5000.
ui: $(STAMP)
	@python tools/ui.py

test: check
	@pytest -m "not long and not slurm" -n 2 --dist loadscope

test-long: $(TESTS)
	@pytest -m long -n 2 --dist loadfile

# The workflow through a real Slurm of its own, with one node and two made-up GPUs: as root on Debian, where it is installed first.
test-slurm: $(TESTS)
	@command -v slurmctld munged > /dev/null || { apt-get -qq update && apt-get -qq install -y --no-install-recommends slurm-wlm munge; } > /dev/null \
		|| echo "Slurm could not be installed, as said above: its tests are skipped."
	@pytest tests/slurm -m slurm

check: $(TESTS)
	@ruff check .
	@ruff format --check .
	@mypy
	@snakefmt --check Snakefile workflow/rules
	@lint-imports

format: $(TESTS)
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

# New versions: resolve both lists afresh, for all Pythons at once, and write down what came.
lock: $(TESTS)
	@python tools/lock.py

# Against other people's packages, in an environment of their own on top of .venv: about half an hour on one core.
BENCH_VENV ?= .venv-bench
BENCH = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BENCH_VENV)/bin/python benchmarks

$(BENCH_VENV)/.installed: benchmarks/requirements.txt $(TESTS)
	@echo "Setting up $(BENCH_VENV) (a minute, once) ..."
	@.venv/bin/python -m venv $(BENCH_VENV)
	@.venv/bin/python -c "import site; print(site.getsitepackages()[0])" > $(BENCH_VENV)/project.pth
	@mv $(BENCH_VENV)/project.pth $(BENCH_VENV)/lib/python3.*/site-packages/
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
