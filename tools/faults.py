"""Does every fault of `tests/faults` for long, on both databases, and writes docs/faults.md.

`--short` does as little as `make test`, and the table says so.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from postgres import scratch_server

LENGTH = "short" if "--short" in sys.argv else "long"
ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "faults.md"
HEAD = """# 故障测试

`make test` 每次都做一遍短的；下表由 `make faults` 写出，做得更久。做法和判断见 `tests/faults/`，每张回执都记账：
已回执的一件不丢（lost）、不重（duplicate），没有半件（缺记录、责任事项、消息或防重键），办理记录链完整，数据库文件完好。

"""
WORDS = {
    "kills": "杀进程",
    "rounds": "轮次",
    "plugs": "轮次",
    "restarts": "重启",
    "stops": "停止",
    "submits": "提交",
    "retries": "重按",
    "refused": "明确拒绝",
    "lost": "丢失",
    "duplicate": "重复",
    "letters": "邮件",
    "repeats": "重发（同号）",
    "given_up": "一天后放弃",
    "sent_once_after": "恢复后各发一次",
    "worker_deaths": "进程被拖垮",
    "set_aside": "停用或放弃",
    "rows_without_file": "有行无文件",
    "orphans": "无主文件",
    "uploads": "上传",
    "keys": "防重键",
    "records": "记录",
    "races": "场",
    "winners": "办成",
    "told_by_whom": "被告知谁办的",
    "errors": "出错",
    "median_s": "中位数（秒）",
    "p99_s": "p99（秒）",
    "deadlines_moved": "期限变动",
    "reminded_twice": "重复提醒",
    "read_mb": "读入（MB）",
    "memory_grown_mb": "内存增加（MB）",
    "refused_submits": "他人被拒",
    "signed_out": "被退出",
    "locks_opened": "锁定失效",
}


def run(engine: str, environment: Mapping[str, str], report: Path) -> tuple[int, str]:
    """Do the faults on one database; return the exit code and a line on how it went."""
    began = time.monotonic()
    more = {"LIANQI_FAULTS": LENGTH, "LIANQI_FAULTS_REPORT": str(report), "PYTHONPATH": "src"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/faults"],
        cwd=ROOT,
        env={**os.environ, **environment, **more},
        check=False,
    )
    minutes = (time.monotonic() - began) / 60
    return (
        done.returncode,
        f"{engine}：{'全部通过' if not done.returncode else '有不通过'}，{minutes:.0f} 分钟",
    )


def rows(engine: str, report: Path) -> Iterator[str]:
    """Yield the lines of the table, in the order of the faults."""
    found = [json.loads(line) for line in report.read_text().splitlines()]
    for row in sorted(found, key=lambda row: (len(row["fault"]), row["fault"])):
        figures = "，".join(f"{WORDS[name]} {value}" for name, value in row["figures"].items())
        yield f"| {row['fault']} | {row['what']} | {engine} | {figures} |"


def main() -> int:
    """Run both; write the table even if something failed, so that it says so."""
    lines, codes, said = [], [], []
    with tempfile.TemporaryDirectory() as folder, scratch_server() as url:
        for engine, database in (("SQLite", ""), ("PostgreSQL", url)):
            report = Path(folder) / f"{engine}.jsonl"
            report.touch()
            code, how = run(engine, {"DATABASE_URL": database}, report)
            codes.append(code)
            said.append(how)
            lines += rows(engine, report)
    table = ["| 编号 | 故障 | 数据库 | 结果 |", "|---|---|---|---|", *lines]
    length = "短" if LENGTH == "short" else "长"
    TABLE.write_text(HEAD + "\n".join(table) + f"\n\n{length}轮次。{'；'.join(said)}。\n")
    sys.stdout.write(TABLE.read_text())
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
