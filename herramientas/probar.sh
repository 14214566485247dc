#!/usr/bin/env bash
# Everything that is checked: style, layers, migrations, deploy settings, and the tests on SQLite and
# on a throw-away PostgreSQL, with a real browser and a real SMTP server. Ends with pytest's own line.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 SECRET_KEY="pruebas-pruebas-pruebas-pruebas-pruebas"
fallas=0
paso() { echo "== $1"; shift; "$@" || { fallas=1; echo "FALLA: $*"; }; }

faltan=()
[ -x /usr/bin/chromium ] || faltan+=(chromium fonts-liberation)
command -v pg_virtualenv >/dev/null || faltan+=(postgresql postgresql-common)
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || faltan+=(postgresql)
if [ ${#faltan[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== Instalando ${faltan[*]}"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${faltan[@]}"; } >/tmp/apt-seguimiento.log 2>&1 \
      || { cat /tmp/apt-seguimiento.log; echo "No se pudo instalar ${faltan[*]}."; exit 1; }
  else
    echo "Faltan paquetes del sistema: instala ${faltan[*]}."; exit 1
  fi
fi

paso "estilo" ruff check .
paso "formato" ruff format --check .
paso "capas" lint-imports
paso "plantillas" bash -c 'git ls-files "*.html" | xargs -r djade --check --target-version 5.2'
paso "migraciones" env DEBUG=1 python manage.py makemigrations --check --dry-run
paso "despliegue" env HTTPS=1 python manage.py check --deploy --fail-level WARNING
paso "pruebas en SQLite" pytest -q -n 2 --dist loadgroup "$@"
uno=$?
# -t: its own throw-away cluster, so that two runs at once do not meet.
paso "pruebas en PostgreSQL" pg_virtualenv -t bash -c \
  'DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" exec pytest -q -n 2 --dist loadgroup "$@"' pytest "$@"
exit $fallas
