"""The `lianqi` command: Django's own command runner with our settings."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command, e.g. ``lianqi verify_journal``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
    try:
        execute_from_command_line(["lianqi", *sys.argv[1:]])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough (`lianqi … | head`): no reason for a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
