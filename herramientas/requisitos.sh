#!/usr/bin/env bash
# requirements*.txt out of requirements*.in: every distribution, those that the others ask for too, with the
# sums of all its files. In an environment of its own, thrown away after; nothing says where they come from.
# To raise a version: change it in the .in, run this, read the difference, run the tests.
#   herramientas/requisitos.sh              what the .in say, the rest as it was
#   herramientas/requisitos.sh --upgrade    the newest of what the others ask for, too
set -eu
cd "$(dirname "$0")/.."
carpeta=$(mktemp -d)
trap 'rm -rf "$carpeta"' EXIT
python3 -m venv "$carpeta"
"$carpeta/bin/pip" install --quiet --disable-pip-version-check uv
for cual in requirements requirements-dev; do
  "$carpeta/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links --no-annotate "$@" "$cual.in" -o "$cual.txt"
done
