"""What the firm hears when something happens to its appeal: a notice, and a text message if set up.

The workflow itself tells desks about duties; here the firm is told what concerns it, plainly.
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.urls import reverse

from lianqi.appeals.actions.answering import followers
from lianqi.appeals.actions.facts import keep_facts
from lianqi.appeals.actions.sampling import note_reopening, note_signals
from lianqi.appeals.enums import AppealState
from lianqi.appeals.links import progress_link, rating_link
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.beside import published_like
from lianqi.appeals.queries.likeness import publish_cases_through
from lianqi.appeals.workflow import APPEAL
from lianqi.engines.worktime.explanation import moment_text
from lianqi.enterprises.access import enterprise_desk
from lianqi.kernel.access import people_at
from lianqi.kernel.clock import local
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue, text_firm
from lianqi.kernel.workflow import Taking
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post

# While a firm writes, it is shown what others have been answered and agreed to have published.
publish_cases_through(published_like)


def _notify(appeal: Appeal, title: str, text: str, url: str) -> None:
    enqueue(
        Channel.DESK,
        enterprise_desk(appeal.enterprise).key,
        title=f"{title}：{appeal}",
        text=text,
        url=url,
    )


def _text_message(appeal: Appeal, text: str, path: str) -> None:
    """Write a text message to the appeal's contact."""
    text_firm(f"appeal:{appeal.pk}:contact_phone", title=str(appeal), text=text, path=path)


def _due_text(step: Taking, key: str) -> str:
    """Return the moment until which a duty just opened is owed, or "" where there is none."""
    due = next((duty.due_at for duty in step.opened if duty.key == key), None)
    return moment_text(local(due)) if due else ""


@APPEAL.after("submit")
def confirm_receipt(appeal: Appeal, step: Taking) -> None:
    """Tell the firm that its appeal has come in, and how to follow it."""
    due = _due_text(step, "accept")
    until = f"专班办公室将在{due}前受理。" if due else "专班办公室将尽快受理。"
    path = progress_link(appeal)
    _notify(appeal, "已收到您的诉求", f"{until}进度随时可查。", appeal.get_absolute_url())
    _text_message(appeal, f"已收到您的诉求{appeal.number}，{until}查看进度：", path)


def _send_rating_link(appeal: Appeal, step: Taking) -> None:
    """Tell the firm that its answer is there, and ask for its rating without a password."""
    due = _due_text(step, "rate")
    until = f"，{due}前可以评价" if due else ""
    path = rating_link(appeal)
    # Signed in, the firm rates on the appeal's page; the link is for whoever has no password at hand.
    link = f"不登录也可评价：{settings.BASE_URL}{path}"
    _notify(
        appeal,
        "您的诉求已有答复，请您评价",
        f"点开即可看答复{until}。\n{link}",
        appeal.get_absolute_url(),
    )
    _text_message(appeal, f"您的诉求{appeal.number}已有答复{until}：", path)
    # Whoever was merged into it gets the same answer, and may have no password at hand either.
    for follower in followers(appeal):
        _text_message(follower, f"您的诉求{follower.number}已有答复：", progress_link(follower))


APPEAL.after("approve_closing")(_send_rating_link)
APPEAL.after("answer_directly")(_send_rating_link)


@APPEAL.after("request_supplement")
def ask_for_supplement(appeal: Appeal, step: Taking) -> None:
    """Tell the firm what is missing and where to add it."""
    due = _due_text(step, "supplement")
    until = f"请在{due}前补充，补充前不计办理时间。" if due else "补充前不计办理时间。"
    url = reverse("portal:appeal_step", args=[appeal.number, "supplement"])
    _notify(appeal, "请补充材料", f"{step.text}\n{until}", url)
    _text_message(appeal, f"您的诉求{appeal.number}需要补充材料：", progress_link(appeal))


@APPEAL.after("decide_extension")
def tell_longer_wait(appeal: Appeal, step: Taking) -> None:
    """Tell the firm of a later date and why; a refused extension changes nothing for it."""
    if not step.data["approve"]:
        return
    due = moment_text(local(appeal.due_at)) if appeal.due_at else ""
    until = f"新的答复时间：{due}。" if due else ""
    _notify(appeal, "办理时间有调整", f"{step.text}\n{until}", appeal.get_absolute_url())


@APPEAL.after("record_contact")
def tell_in_writing(appeal: Appeal, step: Taking) -> None:
    """A sealed appeal's unit cannot call: what it writes reaches the firm, which answers in the system."""
    if appeal.sealed:
        url = reverse("portal:appeal_step", args=[appeal.number, "supplement"])
        _notify(
            appeal, "承办单位给您留言", f"{step.text}\n点开即可答复，承办单位看不到您是谁。", url
        )
        _text_message(
            appeal, f"您的诉求{appeal.number}，承办单位有留言，请登录答复：", progress_link(appeal)
        )


@APPEAL.after("supplement")
def tell_the_answer(appeal: Appeal, step: Taking) -> None:
    """Tell the unit of a sealed appeal that the firm has written: nobody will ring."""
    if appeal.sealed and appeal.lead_unit is not None:
        enqueue(
            Channel.DESK,
            unit_desk(appeal.lead_unit, Post.LIAISON).key,
            title=f"企业有答复：{appeal}",
            text=step.text,
            url=appeal.get_absolute_url(),
        )


def tell_of_empty_desks(appeal: Appeal, step: Taking) -> None:
    """Tell the office of duties that nobody receives: the unit has not named its liaison or leader."""
    desks = {duty.holder: duty for duty in step.opened if duty.unit_code}
    for desk, duty in desks.items():
        if not people_at(desk):
            enqueue(
                Channel.DESK,
                office_desk(BodyCode.TF3).key,
                title=f"{duty.holder_label}空缺：{appeal}",
                text=f"“{duty.label}”无人接收，请联系该单位报备人员，或改派其他单位。",
                url=appeal.get_absolute_url(),
            )


for _key in ("dispatch", "rule_return", "request_closing", "redo", "instruct", "reopen"):
    APPEAL.after(_key)(tell_of_empty_desks)


Words = Callable[[Appeal, Taking], str]

_NEWS: Mapping[str, tuple[str, Words]] = {
    "decline": ("您的诉求没有受理", lambda appeal, step: step.text),
    "merge": ("您的诉求与同类诉求合并办理", lambda appeal, step: "结果会一并答复您。"),
    "dispatch": (
        "您的诉求已交承办单位",
        lambda appeal, step: f"由{_lead(appeal)}办理，会主动与您联系。",
    ),
    "report_stage": ("您的诉求有新进展", lambda appeal, step: step.text),
    "redo": (
        "您的诉求将重新办理",
        lambda appeal, step: "专班办公室核实了您的评价，已要求重新办理。",
    ),
    "instruct": ("您的诉求将重新办理", lambda appeal, step: "专班组长已要求重新办理。"),
    "recheck_promise": ("承诺落实情况", lambda appeal, step: step.text),
    "move_promise": ("承诺日期有调整", lambda appeal, step: step.text),
    "reopen": ("您的诉求再次办理", lambda appeal, step: step.text),
}


def _lead(appeal: Appeal) -> str:
    return appeal.lead_unit.name if appeal.lead_unit else "承办单位"


def _tell(key: str) -> None:
    title, words = _NEWS[key]

    @APPEAL.after(key)
    def tell(appeal: Appeal, step: Taking) -> None:
        _notify(appeal, title, words(appeal, step), appeal.get_absolute_url())


for _key in _NEWS:
    _tell(_key)


# --- figures and hints

# Whatever moves a counted fact; filing and acceptance do not.
_COUNTED = (
    "dispatch", "sign", "return_order", "rule_return", "record_contact", "request_supplement",
    "decide_extension", "request_closing", "return_draft", "reject_closing", "approve_closing",
    "rate", "callback", "redo", "instruct", "close", "reopen", "nudge", "withdraw", "merge",
)  # fmt: skip


def count_again(appeal: Appeal, step: Taking) -> None:
    """Keep the facts behind the three rates in line, in the step's own transaction."""
    keep_facts(appeal)


for _key in _COUNTED:
    APPEAL.once_written(_key)(count_again)


@APPEAL.once_written("approve_closing")
def look_at_answer(appeal: Appeal, step: Taking) -> None:
    """Note what makes the answer worth a call; the answer goes out all the same."""
    note_signals(appeal, at=step.at)


def look_at_reopening(appeal: Appeal, step: Taking) -> None:
    """Note a closing that did not hold."""
    if step.before == AppealState.CLOSED and appeal.state != AppealState.CLOSED:
        note_reopening(appeal, at=step.at)


for _key in ("reopen", "callback"):
    APPEAL.once_written(_key)(look_at_reopening)
