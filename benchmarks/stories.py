"""Which appeals a loaded district holds: sample stories, each with the share of appeals like it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lianqi.demo.scenes import CONTACT, OFFICE, Scene, answered, taken_to

# What stands in the samples where each copy gets words of its own; plain letters, so that they
# look the same in a text, in JSON and in the database's own copy format.
TITLE, CONTENT, FIRM, PERSON = "ZQTITLEQZ", "ZQCONTENTQZ", "ZQFIRMQZ", "ZQPERSONQZ"
BUSY_UNIT = "jjfzj"  # its leader's desk is the busy one: no other story leaves a duty there
BUSY_DESK = 500
REPLY = "已现场核实并与有关单位会商，问题已处理完毕，如有反复请随时联系我们。"
FAR_BACK = 700  # working days


@dataclass(frozen=True)
class Sample:
    """A story and how many appeals of a million run like it; ``most`` caps their number."""

    scene: Scene
    weight: float
    most: int | None = None


def _scene(days_ago: int, kind: str, story: list, *, urgent: bool = False) -> Scene:
    return Scene(days_ago, 0, kind, TITLE, CONTENT, story, urgent)


def _direct(days_ago: int, level: int) -> Scene:
    answer = {"outcome": "solved", "reply": REPLY}
    return _scene(
        days_ago,
        "consult",
        [
            (2, "accept", OFFICE, {}),
            (3, "answer_directly", OFFICE, answer),
            (6, "rate", "firm", {"level": level, "comment": ""}),
            (4, "close", OFFICE, {}),
        ],
    )


def _handled(days_ago: int, unit: str, level: int) -> Scene:
    rated = (6, "rate", "firm", {"level": level, "comment": "说到做到"})
    end = [] if level < 3 else [(5, "close", OFFICE, {})]
    return _scene(days_ago, "help", [*taken_to(unit), CONTACT, *answered(REPLY), rated, *end])


def _declined(days_ago: int) -> Scene:
    route = {"reason_code": "litigation", "route": "请向人民法院起诉"}
    return _scene(days_ago, "complaint", [(3, "decline", OFFICE, route)])


def _open(unit: str, helper: str) -> Iterator[tuple[Scene, float]]:
    """Yield what a unit has in hand, with its share of the unit's open appeals."""
    taken = taken_to(unit, helper)
    yield _scene(2, "help", taken[:2]), 0.10
    yield _scene(3, "help", taken, urgent=True), 0.10
    yield _scene(4, "consult", [*taken, CONTACT]), 0.30
    yield _scene(9, "help", [*taken, CONTACT]), 0.20
    yield _scene(24, "suggestion", [*taken, CONTACT]), 0.06  # overdue
    yield _scene(6, "help", [*taken, CONTACT, *answered(REPLY)[:2]]), 0.08
    yield _scene(8, "help", [*taken, CONTACT, *answered(REPLY)]), 0.14
    yield _handled(12, unit, 2), 0.02


def samples(units: Sequence[str], days: int) -> list[Sample]:
    """Return the samples, oldest first, so that numbers run with time.

    ``units`` are the codes of the lead units; ``days`` how many days of the past the settled ones
    are spread over. One appeal in eight is open.
    """
    found = []
    for number in range(days):
        ago = 25 + number * FAR_BACK // days
        unit, level = units[number % len(units)], 3 + number % 3
        found += [
            Sample(_direct(ago, level), 520_000 / days),
            Sample(_handled(ago, unit, level), 300_000 / days),
            Sample(_declined(ago), 55_000 / days),
        ]
    for place, unit in enumerate(units):
        share = 115_000 / len(units)
        helper = units[(place + 1) % len(units)]
        found += [Sample(scene, share * part) for scene, part in _open(unit, helper)]
        if unit != BUSY_UNIT:
            draft = [*taken_to(unit), CONTACT, answered(REPLY)[0]]
            found.append(Sample(_scene(5, "help", draft), share * 0.05))
    found += [
        Sample(_scene(1, "consult", []), 5_000),
        Sample(_scene(1, "help", taken_to("")[:1]), 5_000),
    ]
    busy = [*taken_to(BUSY_UNIT), CONTACT, answered(REPLY)[0]]
    found.append(Sample(_scene(5, "help", busy), 1_000_000, most=BUSY_DESK))
    return sorted(found, key=lambda sample: -sample.scene.days_ago)


def shared_out(found: list[Sample], size: int) -> list[tuple[Sample, int]]:
    """Say how many appeals run like each sample, ``size`` in all.

    The capped samples get their number (at most a tenth of all); the rest by weight.
    """
    capped = {id(s): min(s.most, size // 10) for s in found if s.most is not None}
    rest, weights = size - sum(capped.values()), sum(s.weight for s in found if s.most is None)
    counts, carried = [], 0.0
    for sample in found:
        if id(sample) in capped:
            counts.append((sample, capped[id(sample)]))
            continue
        carried += sample.weight / weights * rest
        counts.append((sample, int(carried + 1e-9)))
        carried -= int(carried + 1e-9)
    missing = size - sum(count for _, count in counts)
    counts[-1] = (counts[-1][0], counts[-1][1] + missing)
    return counts
