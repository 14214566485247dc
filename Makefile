# make run   the whole product on this machine (PORT=8000)     make test   everything that is checked
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
SHELL := /bin/bash

.PHONY: run test administrador formato
.DEFAULT_GOAL := run

# The stamp is the requirements' own digest: nothing is installed twice.
$(VENV)/listo: requirements.txt
	@python3 herramientas/entorno_virtual.py $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/listo-dev: $(VENV)/listo requirements-dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: export DEMO ?= 1
run: export URL_BASE ?= http://127.0.0.1:$(PORT)
run: $(VENV)/listo
	@$(PY) manage.py preparar --puerto $(PORT)
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/honcho start --no-prefix --port $(PORT); \
	codigo=$$?; [ $$codigo -eq 130 ] || exit $$codigo  # 130: somebody pressed Ctrl-C

administrador: export DEMO ?= 0
administrador: $(VENV)/listo
	@$(PY) manage.py preparar --sin-demo
	@$(PY) manage.py createsuperuser

test: $(VENV)/listo-dev
	@bash herramientas/probar.sh

formato: $(VENV)/listo-dev
	@$(VENV)/bin/ruff check --fix . && $(VENV)/bin/ruff format . 
