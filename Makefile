# Cloud Workflows for Seismology. `make help` lists what can be made.
#
# Every target works as the first command in a fresh clone: it first makes .venv from the machine's
# own Python (3.11 or newer, with pip) and installs requirements.lock into it.

UV_VERSION := 0.13.9

PYTHON ?= $(shell for p in python3 python python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

# Two files of tests at a time; within a file they share what is slow to make.
BY_TWO := -n 2 --dist loadfile

# Where `make wheels` has put the packages into a folder, the network is not asked for them.
FROM_WHEELS := $(if $(wildcard wheels/*),--no-index --find-links wheels)

# Changes exactly when what is to be installed changes.
LOCKED := .venv/installed-$(UV_VERSION)-$(shell cat requirements.lock pyproject.toml | cksum | cut -d' ' -f1)

# Their commands are their own: they need the site, or programs that pip does not install.
NEED_MORE := --ignore=tests/book --ignore=tests/site --ignore=tests/cluster --ignore=tests/hub

NOTEBOOKS := $(wildcard notebooks/*.ipynb)
STRIP := $(BIN)/nbstripout --extra-keys "metadata.language_info cell.metadata.execution"

# One thread in each numerical library: the course itself decides what runs in parallel.
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
# The teaching archive is made at first use and kept here, not in the user's own cache.
export SEISPIPE_CACHE ?= $(CURDIR)/.cache
# Warnings of dependencies about dependencies are not the reader's business.
export PYDEVD_DISABLE_FILE_VALIDATION = 1

.PHONY: help install book test fuzz soak mutate audit bench site-test slides pdf zip cluster-test hub-test lab wheels lint format lock upgrade hooks clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

# Executed notebooks are kept until the code or the packages change, so that no page shows what an
# older pipeline did.
BENCH := _build/bench.json
FRESH := _build/executed-with-$(shell cat requirements.lock $(wildcard $(BENCH)) $$(find src -name '*.py' | LC_ALL=C sort) | cksum | cut -d' ' -f1)

$(FRESH):
	@mkdir -p _build
	@find _build -mindepth 1 -maxdepth 1 ! -path $(BENCH) -exec rm -rf {} +
	@touch $@

book: $(LOCKED) $(FRESH) ## execute every notebook, build the site, check it
	@rm -rf _build/html
	$(BIN)/python .ci/execute.py
	$(BIN)/jupyter-book build . --path-output . --warningiserror --nitpick --keep-going
	$(BIN)/pytest tests/book
	@echo
	@echo "The site is in _build/html. To read it:"
	@echo "  $(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000"
	@echo "  and open http://127.0.0.1:8000"

test: $(LOCKED) ## run every test, then every notebook
	$(BIN)/pytest $(BY_TWO) tests $(NEED_MORE)
	$(BIN)/pytest $(BY_TWO) --nbval-lax --nbval-current-env --nbval-cell-timeout=120 $(NOTEBOOKS)

fuzz: $(LOCKED) ## throw a hundred thousand hostile inputs at it (some minutes)
	FUZZ_INPUTS=$${FUZZ_INPUTS:-105000} $(BIN)/pytest $(BY_TWO) tests/fuzz

soak: $(LOCKED) ## do a thousand station-days while everything goes wrong, as root on Linux (half an hour)
	SOAK_DAYS=$${SOAK_DAYS:-1000} $(BIN)/pytest tests/soak

mutate: $(LOCKED) ## break the package in small ways, and see whether the tests notice (an hour)
	$(BIN)/python -m tests.mutation

audit: $(LOCKED) ## ask whether a package of the lock is known to be unsafe
	$(BIN)/python .ci/audit.py

bench: $(LOCKED) ## compare the pipeline with its baselines and bounds (twenty minutes)
	$(BIN)/python -m benchmarks

site-test: $(LOCKED) ## look at every page of the built site in Chromium
	@test -f _build/html/index.html || { echo "There is no site in _build/html: run make book first"; exit 1; }
	$(BIN)/pytest $(BY_TWO) tests/site

slides: $(LOCKED) ## make slides of the chapters from the built site, into _build/slides
	$(BIN)/python .ci/make_slides.py

pdf: $(LOCKED) ## print the built site as one PDF, with Chromium
	$(BIN)/python .ci/print_book.py

zip: $(LOCKED) ## pack the built site into one file, for a stick
	$(BIN)/python .ci/zip_site.py

cluster-test: $(LOCKED) ## try real clusters, as root on Linux: Slurm, Dask Gateway, Ceph
	tests/cluster/alone.sh $(BIN)/python -m pytest --timeout=240 -o faulthandler_timeout=230 tests/cluster

hub-test: $(LOCKED) ## what Binder and a JupyterHub make of the course, as root on Linux
	$(BIN)/pytest --timeout=1200 tests/hub

# Its workspace lies in .venv, not among the user's own.
lab: export PATH := $(CURDIR)/$(BIN):$(PATH)
lab: export JUPYTERLAB_WORKSPACES_DIR := $(CURDIR)/.venv/workspaces
lab: $(LOCKED) ## open the course in JupyterLab
	@bash binder/furnish --once
	$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/workspaces/course

install: $(LOCKED) ## make .venv with all packages, and nothing else
	@echo "All packages are in .venv. Next: make lab, or .venv/bin/seispipe doctor"

wheels: $(LOCKED) ## fetch all packages into wheels/, for machines like this one without a network
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --dest wheels pip uv==$(UV_VERSION)
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --dest wheels --require-hashes -r requirements.lock

lint: $(LOCKED) ## check code, notebooks and spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(STRIP) --verify $(NOTEBOOKS)
	$(BIN)/codespell

format: $(LOCKED) ## mend what a machine can mend: format code, strip notebooks
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format
	$(STRIP) $(NOTEBOOKS)
	$(BIN)/python .ci/write_map.py

lock: $(LOCKED) ## write requirements.lock and environment.yml from pyproject.toml
	$(BIN)/python .ci/lock.py

upgrade: $(LOCKED) ## the same, with the newest versions of everything
	$(BIN)/python .ci/lock.py --upgrade

hooks: $(LOCKED) ## let git run `make lint` before each commit
	$(BIN)/pre-commit install

clean: ## remove what was built, and .venv
	rm -rf _build .venv .cache wheels .pytest_cache .ruff_cache .hypothesis

$(LOCKED):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found; install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@# Debian's Python has no ensurepip without python3-venv; pip itself can then fill the folder.
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv >/dev/null 2>&1 || \
		{ $(PYTHON) -m venv --clear --without-pip .venv && \
		  $(PYTHON) -m pip --python .venv install --quiet --disable-pip-version-check $(FROM_WHEELS) pip; }
	@echo "Installing what the course needs into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(FROM_WHEELS) uv==$(UV_VERSION)
	@$(BIN)/python -m uv pip sync --quiet --python .venv $(FROM_WHEELS) --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/python -m uv pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@
