"""公开案例: an answered appeal is told to everybody only checked, consented to, and by a second person."""

from collections.abc import Iterable, Mapping
from typing import Any

from lianqi.appeals.enums import AppealState
from lianqi.appeals.enums import CaseState as S
from lianqi.appeals.workflow.covering import (
    called_beside,
    firm_desk,
    identity_words,
    places,
    signed_for,
)
from lianqi.engines.deidentify import Hit, find, firm_names
from lianqi.enterprises.models import Contact, Enterprise
from lianqi.kernel.access import Actor, Desk
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.organisation.access import office_desk
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import User

ANSWERED = (AppealState.ANSWERED, AppealState.RATED, AppealState.CLOSED)
# Shorter names of firms that are not concerned are words of everyday language.
SHORTEST_FOREIGN = 4


def case_finds(case: Any) -> list[Hit]:
    """Return what in a case's texts may tell who somebody is, each once, in order of the texts."""
    names = [*identity_words(case.appeal), *_names_in("".join(case.texts))]
    hits = [hit for text in case.texts for hit in find(text, names=names)]
    return list({(hit.kind, hit.text): hit for hit in hits}.values())


def _names_in(text: str) -> Iterable[str]:
    """Return the firms of the directory, their contacts and all account holders that a text may name."""
    around = places()
    pairs = {text[place : place + 2] for place in range(len(text) - 1)}
    for name in Enterprise.objects.values_list("name", flat=True).iterator():
        # Taking names apart is slow: only of those that share two characters in a row.
        if any(name[place : place + 2] in pairs for place in range(len(name) - 1)):
            yield from (
                word for word in firm_names(name, regions=around) if len(word) >= SHORTEST_FOREIGN
            )
    yield from Contact.objects.values_list("name", flat=True).distinct().iterator()
    yield from User.objects.values_list("full_name", flat=True).distinct().iterator()


def open_finds(case: Any) -> list[Hit]:
    """Return the finds that nobody has looked at yet."""
    seen = {(look["kind"], look["text"]) for look in case.cleared}
    return [hit for hit in case_finds(case) if (hit.kind, hit.text) not in seen]


def texts_are_clean(case: Any, given: Mapping[str, Any]) -> str | None:
    """Nothing that tells who somebody is goes out, unless a person has looked at it and said why."""
    left = open_finds(case)
    if not left:
        return None
    told = "、".join(f"{hit.label}“{hit.text}”" for hit in left[:5])
    return f"检查发现{told}，请改掉，或逐条核对并写明理由。"


def is_answered(case: Any, given: Mapping[str, Any]) -> str | None:
    """A case has an answer to tell."""
    if case.appeal.state in ANSWERED and case.appeal.reply:
        return None
    return "这件诉求还没有答复，或答复有争议，不能做公开案例。"


def consenting_firm(case: Any) -> Desk:
    """The firm, without its name if it keeps it."""
    return firm_desk(case.appeal)


def appeals_office(case: Any) -> Desk:
    """The task force's office."""
    return office_desk(BodyCode.TF3)


def appeals_office_name(case: Any) -> str:
    """The office, where it is the one that waits."""
    return appeals_office(case).label


def signed_in_case(case: Any, actor: Actor) -> str:
    """Sign as on the appeal: a firm that keeps its name keeps it here too."""
    return signed_for(case.appeal, actor)


# fmt: off
PUBLIC_CASE = Workflow(
    "public_case",
    "公开案例",
    signs=signed_in_case,
    calls=called_beside,
    states=[
        State(S.DRAFT, "起草中"),
        State(S.CONSENT, "待企业同意", owes=[
            Owes("consent", "同意公开", consenting_firm, "case.consent", waiting=appeals_office_name, advisory=True),
        ]),
        State(S.CONSENTED, "待发布", owes=[
            Owes("publish", "发布公开案例", appeals_office, "case.publish"),
        ]),
        State(S.PUBLISHED, "已公开"),
        State(S.REFUSED, "企业不同意", final=True),
        State(S.WITHDRAWN, "已撤下", final=True),
    ],
    steps=[
        Step("draft", "起草", [], S.DRAFT, "appeals.draft_case", needs=[is_answered], basis="A3-1-1"),
        Step("ask_consent", "征求企业同意", [S.DRAFT], S.CONSENT, "appeals.draft_case", needs=[texts_are_clean],
             tone="primary"),
        Step("revise", "修改", [S.DRAFT], None, "appeals.draft_case"),
        Step("clear", "核对检查结果", [S.DRAFT], None, "appeals.draft_case"),
        Step("consent", "同意公开", [S.CONSENT], S.CONSENTED, "appeals.consent_case", tone="primary"),
        Step("refuse", "不同意公开", [S.CONSENT], S.REFUSED, "appeals.consent_case", settles=["consent"]),
        Step("lapse", "期满未答复", [S.CONSENT], S.REFUSED, "appeals.draft_case", by_clock=True, lapses=["consent"]),
        Step("publish", "发布", [S.CONSENTED], S.PUBLISHED, "appeals.publish_case", needs=[texts_are_clean],
             tone="primary", basis="A3-1-1"),
        Step("withdraw_consent", "撤回同意", [S.CONSENTED, S.PUBLISHED], S.WITHDRAWN, "appeals.consent_case",
             settles=["publish"], tone="danger"),
        Step("withdraw", "撤下", [S.DRAFT, S.CONSENT, S.CONSENTED, S.PUBLISHED], S.WITHDRAWN,
             "appeals.withdraw_case", tone="danger"),
    ],
)
