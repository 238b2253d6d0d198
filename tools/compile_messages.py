"""Compile the translations (.po to .mo) without needing GNU gettext."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "src" / "lianqi" / "locale"

for catalogue in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
    polib.pofile(str(catalogue)).save_as_mofile(str(catalogue.with_suffix(".mo")))
