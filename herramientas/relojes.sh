#!/usr/bin/env bash
# The tests under awkward clocks, two sessions at a time, each with its own SQLite database. Without
# arguments the short form, what the clock may break (tests/reparto.py); with them, what pytest is told:
# ``make relojes`` runs everything but the browser. It only speaks of what fails.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
unset DATABASE_URL
RELOJES=(
  2026-11-27T17:00  # a Friday afternoon: the next business day is not tomorrow
  2026-12-31T23:30  # New Year's Eve; in UTC it is next year
  2028-02-29T12:00  # a day that most years lack
  2027-01-29T18:30  # the eve of a long weekend, already its first day in UTC
)
# In the short form of the suite, one that is awkward in two ways.
[ -z "${CORTA:-}" ] || RELOJES=("${RELOJES[@]:1:1}")
# And, in the long form: the day has just begun, a minute ago was yesterday; or ends while the tests run.
if [ $# -gt 0 ]; then RELOJES+=(2027-03-10T00:00:20 2026-11-28T23:59); else set -- -m con_otro_reloj; fi
en_uno() {
  local salida
  # The tables as the models say: the migrations are gone through elsewhere, and took longer than the tests.
  salida=$(RELOJ=$1 pytest -q -p no:xdist --nomigrations "${@:2}" 2>&1) && return
  printf 'Con el reloj en %s:\n%s\n' "$1" "$salida"
  return 1
}
export -f en_uno
# What comes after {} belongs to pytest.
printf '%s\n' "${RELOJES[@]}" | xargs -P 2 -I{} bash -c 'en_uno "$@"' _ {} "$@"
