"""The `lianqi` command: Django's own command runner with our settings."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command, e.g. ``lianqi verify_journal``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
    execute_from_command_line(["lianqi", *sys.argv[1:]])


if __name__ == "__main__":
    main()
