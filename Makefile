# make run   the whole product on this machine (PORT=8000)     make test   everything that is checked, of each kind some
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
CLAVE := var/clave_secreta
SHELL := /bin/bash

.PHONY: run test completa cobertura relojes hostil aguante administrador imagenes formato
.DEFAULT_GOAL := run

# Installed again only when the pinned requirements are newer than the stamp.
$(VENV)/listo: requirements.txt
	@python3 herramientas/entorno_virtual.py $(VENV)
	@echo "Instalando lo necesario en $(VENV)…"
	@$(PY) -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/listo-dev: $(VENV)/listo requirements-dev.txt
	@$(PY) -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# This machine's own key; a server proper is given SECRET_KEY.
$(CLAVE): | $(VENV)/listo
	@$(PY) -c "import pathlib; from seguimiento import entorno; entorno.generar_clave(pathlib.Path('$@'))"

run: export DEMO ?= 1
run: export URL_BASE ?= http://127.0.0.1:$(PORT)
run: $(VENV)/listo $(CLAVE)
	@$(PY) manage.py preparar --puerto $(PORT)
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" exec $(VENV)/bin/honcho start --no-prefix --port $(PORT)

administrador: export DEMO ?= 0
administrador: $(VENV)/listo $(CLAVE)
	@$(PY) manage.py preparar --sin-demo
	@$(PY) manage.py createsuperuser

test:
	@bash herramientas/probar.sh

# Every test in its long form, of every case of each kind: before a release, or after what touches many pages.
completa:
	@bash herramientas/probar.sh completa

# Apart from test: to trace slows the suite down.
cobertura:
	@bash herramientas/probar.sh cobertura

# The whole suite but the browser, under each awkward clock.
relojes: $(VENV)/listo-dev $(CLAVE)
	@bash herramientas/relojes.sh -m "not navegador"

# 20,000 hostile requests against the real product (docs/seguridad.md); OPCIONES="--motor sqlite …"
hostil: $(VENV)/listo-dev
	@$(PY) -m herramientas.hostil $(OPCIONES)

# Breaks everything around the product for some 15 minutes and writes the table of docs/operacion.md
# (MUERTES=200); then 1,000 random alterations of each database (docs/lo_que_no_se_prueba.md). What it needs besides PostgreSQL and is not there, it does not try, and says so.
aguante: MUERTES ?= 200
aguante: $(VENV)/listo-dev
	@$(PY) -m aguante --muertes $(MUERTES) --escribir
	@bash herramientas/alteraciones.sh

# The manual's pictures (docs/manual/img), taken anew of the demonstration's screens.
imagenes: $(VENV)/listo-dev $(CLAVE)
	@$(VENV)/bin/pytest -q -n 0 tests/navegador/imagenes.py

formato: $(VENV)/listo-dev
	@$(VENV)/bin/ruff check --fix . && $(VENV)/bin/ruff format .
	@find templates/panel -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 {} +
