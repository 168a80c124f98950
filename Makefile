# make translate ARTICLE=path [LOCALES=dir] [OUTPUT=dir] [ARGS="more flags"]   make test | check | wheel | clean
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
BASE := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

ARTICLE ?=
LOCALES ?=
OUTPUT ?= $(if $(LOCALES),$(LOCALES)/en/articles,articles/en)
ARGS ?=
# Recipes read these as shell variables: a path may hold spaces and quotes.
export ARTICLE LOCALES OUTPUT

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help translate article install test check wheel clean

help:
	@echo 'make translate ARTICLE=path [LOCALES=dir]  translate an article: a PO file and an English draft'
	@echo 'make test     run all tests (the slow ones build the model, once)'
	@echo 'make check    lint, format, types'
	@echo 'make wheel    build dist/*.whl'
	@echo 'make clean    remove all that make made, $(VENV) included'

translate: article $(BASE)
	@$(PY) run_translation.py translate "$$ARTICLE" $${LOCALES:+--locales "$$LOCALES"} --publish "$$OUTPUT" $(ARGS) \
	&& printf '\nPO file, to be reviewed: in %s\nEnglish draft:           in %s\n' \
	    "$${LOCALES:-locales}/en/LC_MESSAGES" "$$OUTPUT"

article:
	@if [ -z "$$ARTICLE" ]; then \
	    echo 'make translate: which article? For example: make translate ARTICLE=articles/ja/local-river-town.txt' >&2; \
	    exit 2; \
	elif [ ! -f "$$ARTICLE" ]; then \
	    printf 'make translate: no file %s; give the path of a Japanese article\n' "$$ARTICLE" >&2; \
	    exit 2; \
	fi

install: $(DEV)

test: $(DEV)
	$(PY) -m pytest -n auto $(ARGS)

check: $(DEV)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

wheel: $(BASE)
	$(PY) -m pip wheel --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps spare a second call the installation; a change of pyproject.toml brings it back.
$(BASE): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --disable-pip-version-check -e .
	@touch $@

$(DEV): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --disable-pip-version-check -e '.[dev]'
	@touch $(BASE) $@
