# Everything a person does here, one line each: `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# uv installs in seconds what takes pip a minute; where it cannot reach its index, pip does it.
INSTALL = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1) 2>/dev/null \
	|| $(PIP) install --require-hashes -r $(1)

# The messages of the pages: installing compiles them (hatch_build.py).
MESSAGES := hatch_build.py $(wildcard consent/web/translations/*/LC_MESSAGES/messages.po)

.DEFAULT_GOAL := help
.PHONY: help run test test-all lint manifest bench crash soak docs messages mutate-policies wording lock clean

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 17

run: $(VENV)/.run  ## Set up a demo in ./var and serve it on port 8000 (PORT=… for another)
	@exec $(BIN)/consent demo --host $(HOST) --port $(PORT)

test: lint $(VENV)/.browser  ## Lint, then every test on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -q -n 3 --dist loadgroup

test-all: lint $(VENV)/.browser  ## The same, with each page in every language, width and theme, with scripts and without
	@EVERY_COMBINATION=1 $(BIN)/python -m pytest -q -n 3 --dist loadgroup

lint: $(VENV)/.dev  ## ruff, mypy --strict and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

manifest: $(VENV)/.dev  ## Write anew which tests stand behind which promise (the trace shows it)
	@$(BIN)/python -m tests.support.manifest

bench: $(VENV)/.dev  ## The speed table: our paths beside their floors, on both databases
	@$(BIN)/python -m benchmarks

crash: $(VENV)/.dev  ## 200 kills under load on both databases, 40 within erasures, and the trace of every sync
	@$(BIN)/python -m tests.crash --kills 200 --database sqlite
	@$(BIN)/python -m tests.crash --kills 200 --database postgresql
	@CRASH_KILLS=40 $(BIN)/python -m pytest -q tests/crash/test_erasing.py
	@$(BIN)/python -m tests.crash.trace

soak: $(VENV)/.dev  ## Long runs, an hour and more: a million rows imported and killed, and what else has one (SOAK="imports")
	@$(BIN)/python -m tests.soak $(SOAK)

docs: $(VENV)/.run  ## Make the pages anew that are made from the program: settings, kinds and who of the staff may do what
	@$(BIN)/python -m consent.config_page > docs/settings.md
	@$(BIN)/python -m consent.policies.kinds_page > docs/kinds.md
	@$(BIN)/python -m consent.staff.matrix_page > docs/staff.md

messages: $(VENV)/.dev  ## Bring the French and Spanish messages of the pages up to date with the code, then translate them
	@$(BIN)/pybabel -q extract -F pyproject.toml --add-location=file -o $(VENV)/messages.pot .
	@$(BIN)/pybabel -q update -i $(VENV)/messages.pot -d consent/web/translations --no-wrap --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d consent/web/translations

mutate-policies: $(VENV)/.dev  ## Change every promise and every rule of law: is there a test that notices?
	@$(BIN)/python -m tests.mutation $(MUTATE)

wording: $(VENV)/.dev  ## How well texts are read: recall and false stops over the corpus, by language
	@$(BIN)/python -m tests.corpus

lock:  ## Pin the requirements anew, with hashes and without addresses (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/base.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements/dev.txt

clean:  ## Remove the environment and caches; ./var stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

$(VENV)/.python: requirements/build.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not there. Install it, or name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is older. Name another: make PYTHON=/path/to/python3"; exit 1; }
	@mkdir -p $(VENV) 2>/dev/null && touch $(VENV)/.write 2>/dev/null || { echo "This folder cannot be written. Clone into one of your own."; exit 1; }
	@echo "Preparing an environment in $(VENV) (once)…"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@$(PIP) install --require-hashes -r requirements/build.txt
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements/base.txt pyproject.toml $(MESSAGES)
	@echo "Installing (once; up to a minute)…"
	@$(call INSTALL,requirements/base.txt)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q consent
	@touch $@

$(VENV)/.browser: $(VENV)/.dev
	@command -v chromium >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& echo "Installing Chromium for the tests of pages (once)…" \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	} || { echo "The tests of pages need Chromium. On Debian: sudo apt-get install chromium"; exit 1; }
	@touch $@

$(VENV)/.dev: $(VENV)/.python requirements/dev.txt pyproject.toml $(MESSAGES)
	@echo "Installing what the tests need (once; up to a minute)…"
	@$(call INSTALL,requirements/dev.txt)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q consent
	@touch $@
