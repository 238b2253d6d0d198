"""Makes the district that the faults are done to; prints its accounts and tokens as JSON."""

import json
import sys

import django

FIRMS = 8


def main():
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 after setup

    from lianqi.kernel.access import SYSTEM  # noqa: PLC0415
    from lianqi.organisation.actions import issue_token  # noqa: PLC0415
    from lianqi.organisation.enums import Post  # noqa: PLC0415
    from tests.factories import entrepreneur, office_clerk, person  # noqa: PLC0415

    call_command("prepare", stdout=sys.stderr)
    firms = [entrepreneur(username=f"firm{n}") for n in range(FIRMS)]
    office_clerk(username="clerk", email="clerk@example.org")
    person(Post.SYSADMIN, username="sysadmin")
    tokens = {firm.username: issue_token(firm, actor=SYSTEM, label="测试") for firm in firms}
    sys.stdout.write(json.dumps(tokens))


if __name__ == "__main__":
    main()
