"""Typed readers for the environment, and the home folder with its generated secrets."""

import contextlib
import json
import os
import secrets
from pathlib import Path


def text(name: str, default: str = "") -> str:
    """Return the variable as it stands, or the default."""
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether the variable says yes (1, true, yes, on)."""
    value = os.environ.get(name)
    if value is None:
        return default
    return value.strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """Return the variable as a whole number, or the default."""
    return int(os.environ.get(name, default))


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of the variable."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def home() -> Path:
    """Return the folder of database, uploads, seals and secrets, made if absent.

    In a checkout that is ``var`` beside ``pyproject.toml``; else it is ``~/.lianqi``.
    """
    checkout = Path(__file__).resolve().parents[3]
    usual = checkout / "var" if (checkout / "pyproject.toml").exists() else Path.home() / ".lianqi"
    folder = Path(text("LIANQI_HOME", str(usual)))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _owner_only(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def kept_secrets(folder: Path) -> dict[str, str]:
    """Return the instance's own secrets, drawn once and kept readable by its user alone.

    A lost file makes encrypted phones unreadable: back it up apart from the database.
    """
    path = folder / "secrets.json"
    if not path.exists():
        drawn = {
            "secret_key": secrets.token_urlsafe(50),
            "field_key": secrets.token_hex(16),
            "index_key": secrets.token_hex(32),
            "seal_key": secrets.token_hex(32),
        }
        # "x" lets exactly one of two first starts win; the other reads the winner's file below.
        with (
            contextlib.suppress(FileExistsError),
            open(path, "x", opener=_owner_only) as file,
        ):
            json.dump(drawn, file)
    return json.loads(path.read_text())
