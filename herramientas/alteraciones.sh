#!/usr/bin/env bash
# Random alterations by whoever has the database in hand, on both databases (tests/test_alteraciones.py):
# herramientas/alteraciones.sh [how many: 1000] [seed]
set -euo pipefail
cd "$(dirname "$0")/.."
export ALTERACIONES="${1:-1000}" SEMILLA="${2:-$RANDOM}" PATH="$PWD/.venv/bin:$PATH"
prueba=(pytest -q -s -n 0 --timeout 3600 tests/test_alteraciones.py)
(unset DATABASE_URL; "${prueba[@]}")
pg_virtualenv -t -o jit=off -o synchronous_commit=off -o full_page_writes=off bash -c '
  DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" "$@"' x "${prueba[@]}"
