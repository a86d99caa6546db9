# make run     set up, then serve the page        PORT=7860 HOST=127.0.0.1
# make test    set up, then every test and check
# make setup   only .venv with the `attest` command in it
# make clean   remove .venv and what was built

HOST ?= 127.0.0.1
PORT ?= 7860

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
USABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
LOCKED := pyproject.toml constraints.txt

.PHONY: setup run test clean browser
.DELETE_ON_ERROR:

setup: $(VENV)/.installed $(VENV)/.warm

run: setup
	@exec $(BIN)/attest serve --host "$(HOST)" --port "$(PORT)"

test: setup $(VENV)/.installed-dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs

$(VENV)/.python:
	@if $(BIN)/python -c '$(USABLE)' 2>/dev/null && $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  touch $@; exit 0; \
	fi; \
	for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	  if "$$candidate" -c '$(USABLE)' 2>/dev/null; then \
	    echo "Making $(VENV) with $$candidate ..."; \
	    "$$candidate" -m venv --clear $(VENV) && touch $@; exit; \
	  fi; \
	done; \
	echo "Python 3.11, 3.12 or 3.13 with its venv module is needed: install it, or say make PYTHON=..." >&2; exit 1

$(VENV)/.installed: $(VENV)/.python $(LOCKED)
	@echo "Installing attest and what it needs into $(VENV) (minutes, the first time) ..."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

# The models are written once as ONNX files into the user's cache, so that the first question is as quick as the second.
$(VENV)/.warm: $(VENV)/.installed
	@echo "Preparing the models ..."
	@$(BIN)/python -c 'from assistant.reader.runtime import load_reader; from vectorstore.embedding.models import load_embedder; load_embedder(); load_reader()'
	@touch $@

browser:
	@if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then root=none; \
	elif [ "$$(id -u)" = 0 ]; then root=; \
	elif sudo -n true 2>/dev/null; then root="sudo -n"; \
	else root=none; fi; \
	if [ "$$root" = none ]; then \
	  echo "Chromium is not here and cannot be installed by this user: the browser tests will be skipped."; exit 0; \
	fi; \
	echo "Installing Chromium for the browser tests ..."; \
	{ $$root apt-get update -qq && \
	  $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver; \
	} >/dev/null || echo "Chromium could not be installed: the browser tests will be skipped."

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
