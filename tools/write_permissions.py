"""Write the permission sheet, as the code itself asks it, to docs/permissions.md."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
django.setup()

from lianqi.kernel.access import permission_sheet  # noqa: E402 Django must stand first

HEAD = "# 权限表\n\n由 `make docs` 从代码生成。\n\n| 权限 | 可以做什么 | 谁可以 |\n|---|---|---|\n"
ROWS = [
    f"| `{name}` | {title} | {who.replace('|', '或').replace('&', '且')} |"
    for name, title, who in permission_sheet()
]
target = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
target.write_text(HEAD + "\n".join(ROWS) + "\n")
