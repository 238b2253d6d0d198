"""How long the faults last in this run, and the table that the long run writes."""

import json
import os
from pathlib import Path

LONG = os.environ.get("LIANQI_FAULTS") == "long"
REPORT = os.environ.get("LIANQI_FAULTS_REPORT")


def rounds(short, long):
    """Return how many rounds a fault gets: few in every test run, many in `make faults`."""
    return long if LONG else short


def record(fault, what, **figures):
    """Keep a line for the table, if somebody asked for one."""
    if REPORT:
        with Path(REPORT).open("a") as table:
            row = {"fault": fault, "what": what, "figures": figures}
            table.write(json.dumps(row, ensure_ascii=False) + "\n")
