"""File names made fit to show and to send back; they are never used as a path."""

import re
import unicodedata

LONGEST = 120
_UNWANTED = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # control, bidi and zero-width, unassigned
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$")


def clean_name(name: str) -> str:
    """Strip folders, control and bidi characters; collapse blanks; at most 120 characters.

    The extension survives shortening. An empty name becomes 未命名.
    """
    leaf = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in leaf if unicodedata.category(c) not in _UNWANTED)
    plain = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s+", " ", kept)).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    if len(suffix) > 10:  # no extension of ours: a sentence with a full stop
        stem, dot, suffix = plain, "", ""
    stem = stem.strip(" .") or "未命名"
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return stem[: LONGEST - len(dot + suffix)] + dot + suffix


def extension(name: str) -> str:
    """The part after the last dot, lower case; empty if there is none."""
    _, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot else ""
