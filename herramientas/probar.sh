#!/usr/bin/env bash
# Everything that is checked: style, layers, migrations, deploy settings, and the tests: all of them on
# a throw-away PostgreSQL, with a real browser and a real SMTP server; what a clock may break, under an
# awkward one (all: four); and on SQLite what tests/reparto.py names. All of it runs even when something fails; it
# ends with pytest's own line, and with 1 if anything failed.
# Of what is asked of many things of one kind it takes some, by turns (tests/reparto.py); ``probar.sh completa``
# asks it of all. ``probar.sh cobertura``: all the tests, traced; it ends with what of casos/ nothing ran.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
# Without a language of the system the throw-away PostgreSQL would not be in UTF-8.
export LC_ALL=C.UTF-8
# The suite decides its own surroundings, not the shell it is started from.
unset DATABASE_URL EMAIL_URL CACHE_URL COLA_URL CLAMD_URL URL_BASE ALLOWED_HOSTS CORREO_REMITENTE DEBUG DEMO HTTPS \
  ADMINS CONTACTO_SEGURIDAD SALUD_TOKEN SECRET_KEY_FALLBACKS SESION_SIN_USO
export SECRET_KEY="solo-para-las-pruebas-0123456789-abcdefghijklmnopqrstuvwxyz"
export CORTA=1
case "${1:-}" in
  completa) CORTA= ; shift ;;
  cobertura) CORTA= ;;
esac
fallaron=()
paso() { echo "== $1"; "${@:2}" || { fallaron+=("$1"); echo "FALLA: $1"; }; }

# What the system lacks, and what Python lacks, at the same time: neither waits for the other. The browser's
# shell is the same engine for half of its cost; who may not install it does with the whole browser.
puede=""; [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && puede=1
lo_que_falta() {
  [ -x /usr/bin/chromium-headless-shell ] || { [ -z "$puede" ] && [ -x /usr/bin/chromium ]; } ||
    echo chromium-headless-shell fonts-liberation
  command -v pg_virtualenv >/dev/null || echo postgresql-common
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || echo postgresql
}
instalar_del_sistema() {
  local faltan registro
  mapfile -t faltan < <(lo_que_falta | tr ' ' '\n')
  [ ${#faltan[@]} -gt 0 ] || return 0
  [ -n "$puede" ] || { echo "Faltan paquetes del sistema: instala ${faltan[*]}."; return 1; }
  echo "== instalando ${faltan[*]}"
  registro=$(mktemp)
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${faltan[@]}"; } \
    </dev/null >"$registro" 2>&1 || { cat "$registro"; echo "No se pudo instalar ${faltan[*]}."; return 1; }
  rm -f "$registro"
}
instalar_del_sistema & sistema=$!
make --no-print-directory .venv/listo var/clave_secreta || { wait $sistema; exit 1; }
# What is there is compiled on the other core while the rest is installed: each session would do it by itself.
.venv/bin/python -m compileall -q .venv/lib casos seguimiento >/dev/null 2>&1 & compila=$!
make --no-print-directory .venv/listo-dev || { wait $sistema $compila; exit 1; }
wait $compila

# -t: its own throw-away cluster, so that two runs at once do not meet. What the cluster itself has
# to say (up to 100 lines when a test fails) would bury pytest's.
en_postgres() {
  local registro codigo
  registro=$(mktemp)
  # It lives for some minutes: nothing has to survive a power cut. Who waits a minute for a lock waits for ever.
  pg_virtualenv -t -o jit=off -o synchronous_commit=off -o full_page_writes=off -o autovacuum=off -o lock_timeout=60s bash -c '
    touch "$0.arranco"
    DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" "$@" >&3 2>&4
  ' "$registro" "$@" 3>&1 4>&2 >"$registro" 2>&1
  codigo=$?
  [ -e "$registro.arranco" ] || { cat "$registro"; echo "PostgreSQL no arrancó."; }
  rm -f "$registro" "$registro.arranco"
  return $codigo
}

# One test at a time to whoever is free, in the order of tests/reparto.py.
PYTEST=(pytest -q --nomigrations -n 2 --dist load --maxschedchunk 1)

if [ "${1:-}" = cobertura ]; then
  wait $sistema || exit 1
  rm -f var/pruebas/cobertura*
  PYTEST+=(--cov --cov-append --cov-report= "${@:2}")
  paso "pruebas en PostgreSQL" en_postgres "${PYTEST[@]}" -m "not navegador"
  paso "pruebas en SQLite" "${PYTEST[@]}" -m "en_las_dos and not navegador"
  coverage report && [ ${#fallaron[@]} -eq 0 ]
  exit
fi

# What needs no PostgreSQL runs beside the tests that do, which leave a quarter of the machine idle; it gives
# way to them, and what it had to say is told when they are through.
al_lado() {
  fallaron=()
  paso "estilo" ruff check .
  paso "formato" ruff format --check .
  paso "capas" lint-imports
  paso "tipos" mypy --no-error-summary
  paso "plantillas de Jinja" python herramientas/plantillas.py
  paso "plantillas del panel" find templates/panel -name '*.html' -exec djade --check --target-version 5.2 {} +
  paso "migraciones" python manage.py makemigrations --check --dry-run
  paso "despliegue" env HTTPS=1 python manage.py check --deploy --fail-level WARNING
  paso "relojes que estorban" herramientas/relojes.sh
  [ ${#fallaron[@]} -eq 0 ] || printf 'FALLÓ ANTES: %s\n' "${fallaron[@]}"
  until [ -e "$registro.sistema" ]; do sleep 1; done
  [ -z "$(lo_que_falta)" ] || return 1  # it is told by who installs it
  echo "== pruebas en SQLite"
  pytest -q --nomigrations -p no:xdist -m en_las_dos "$@" && [ ${#fallaron[@]} -eq 0 ]
}

registro=$(mktemp)
(renice -n 10 $BASHPID >/dev/null; al_lado "$@") >"$registro" 2>&1 &
otro=$!
# Style, layers and types need nothing of the system's: they are asked while it is still installed.
wait $sistema && esta=1 || esta=
touch "$registro.sistema"
if [ -n "$esta" ]; then
  paso "pruebas en PostgreSQL" en_postgres "${PYTEST[@]}" "$@"
else
  fallaron+=("lo que falta del sistema")
fi
wait $otro || fallaron+=("al lado")
[ ${#fallaron[@]} -eq 0 ] || printf 'FALLÓ: %s\n' "${fallaron[@]}"
cat "$registro"; rm -f "$registro" "$registro.sistema"
[ ${#fallaron[@]} -eq 0 ]
