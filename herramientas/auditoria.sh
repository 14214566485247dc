#!/usr/bin/env bash
# Known vulnerabilities of what is installed to run (requirements.txt), by pip-audit, where its list of advisories
# can be reached. Exit code: 0 none known, 1 some, 2 nobody could be asked: that says nothing of the packages.
set -u
cd "$(dirname "$0")/.."
carpeta=$(mktemp -d)
trap 'rm -rf "$carpeta"' EXIT
dicho="$carpeta/dicho"
if ! { python3 -m venv "$carpeta/entorno" &&
  "$carpeta/entorno/bin/pip" install --quiet --disable-pip-version-check pip-audit; } >"$dicho" 2>&1; then
  tail -3 "$dicho"
  echo "No se pudo instalar pip-audit: no se revisó nada."
  exit 2
fi
# The file says all of them with their sums: nothing is resolved, nothing installed.
"$carpeta/entorno/bin/pip-audit" --require-hashes --disable-pip -r requirements.txt --timeout 15 \
  --progress-spinner off >"$dicho" 2>&1
codigo=$?
cat "$dicho"
if [ $codigo -ne 0 ] && ! grep -qE "^Found [0-9]+ known" "$dicho"; then
  echo "No se pudo consultar la lista de avisos: no se sabe nada de estos paquetes. Inténtalo donde haya red."
  exit 2
fi
# What the list does not know it passes over, with a good exit code.
sin_revisar=$(grep -c "could not be audited" "$dicho")
if [ "$sin_revisar" -gt 0 ]; then
  echo "No se pudieron revisar $sin_revisar de $(grep -c "^[A-Za-z0-9]" requirements.txt) paquetes: de esos no se sabe nada."
  [ $codigo -eq 0 ] && exit 2
fi
[ $codigo -eq 0 ] && echo "Ningún aviso conocido de lo que se instala."
exit $codigo
