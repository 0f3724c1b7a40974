.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PYTHON ?= python3
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Dozens of processes start in a test run: each compiles the whole project anew where this is left in force.
unexport PYTHONDONTWRITEBYTECODE
WORKBENCH := frontend/workbench
BUILT := frontend/static/workbench/manifest.json
TRANSLATED := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements-dev.txt
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	touch $@

$(WORKBENCH)/node_modules/.installed: $(VENV)/.installed $(WORKBENCH)/package-lock.json
	cd $(WORKBENCH) && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(BUILT): $(WORKBENCH)/node_modules/.installed $(shell find $(WORKBENCH) -name node_modules -prune -o -type f -print 2>/dev/null)
	cd $(WORKBENCH) && npm run --silent build

$(VENV)/.tools: $(WORKBENCH)/node_modules/.installed scripts/test_tools.py $(wildcard scripts/mirador_annotations/*)
	python scripts/test_tools.py
	touch $@

locale/%/LC_MESSAGES/django.mo: locale/%/LC_MESSAGES/django.po $(VENV)/.installed
	pybabel --quiet compile -D django -d locale

install: $(BUILT) $(TRANSLATED) ## Install everything into .venv and build the front end.

demo: install ## A living platform with realistic content, on embedded PostgreSQL and Valkey.
	python manage.py up --after demo

dev: install ## The same services without content.
	python manage.py up

check: install $(VENV)/.tools ## Format, lint, types, imports, templates, migrations, schema.
	bash scripts/check

test: check ## Everything above, then every test, browser journeys included.
	cd $(WORKBENCH) && npm test --silent
	python -m pytest -q -n 2 --dist worksteal --ignore=tests/journeys
	python -m pytest -q tests/journeys

bench: install ## Measure; prints JSON.
	python -m benchmarks

lock: ## Compile the pinned requirements from pyproject.toml (needs uv).
	uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra embedded --extra build --extra demo --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt

.PHONY: help install demo dev check test bench lock
