"""征求意见: asking the units, their answers, what is made of them."""

from collections.abc import Sequence

from django.db import transaction

from lianqi.conference.access.bodies import acting_units
from lianqi.conference.enums import Stance
from lianqi.conference.models import Opinion, Topic
from lianqi.conference.queries.documents import access_of, consultation_content, issuer
from lianqi.conference.workflow import TOPIC
from lianqi.kernel.access import Actor
from lianqi.kernel.documents import issue_document
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState
from lianqi.organisation.models import Unit


@transaction.atomic
def circulate_topic(
    topic: Topic, *, actor: Actor, units: Sequence[Unit] = (), note: str = ""
) -> Topic:
    """Ask the units for their opinion: those concerned, further ones, for a plenary all members.

    Raises:
        RuleBroken: a unit is not on the platform, so that nobody could answer.
    """
    with TOPIC.taking("circulate", topic, actor=actor) as step:
        topic.round += 1
        concerned = [one.unit for one in topic.concerned.select_related("unit")]  # type: ignore[attr-defined]
        asked = {unit.pk: unit for unit in [*concerned, *units]}
        absent = [unit.name for unit in asked.values() if not unit.on_platform]
        for pk in [pk for pk, unit in asked.items() if not unit.on_platform]:
            del asked[pk]
        if not asked:
            raise RuleBroken("涉及单位都没有入驻平台，无法在系统中征求意见。", field="units")
        opinions = [Opinion(topic=topic, unit=unit, round=topic.round) for unit in asked.values()]
        Opinion.objects.bulk_create(opinions)
        names = "、".join(unit.name for unit in asked.values())
        outside = f"未入驻平台、请另行书面征求：{'、'.join(absent)}。" if absent else ""
        step.says(f"征求{names}意见。{outside}{note}", round=topic.round)
    issue_document(
        "consultation",
        topic,
        consultation_content(topic, opinions),
        actor=actor,
        issuer_word=issuer(topic.body).word,
        access=access_of([topic]),
    )
    return topic


def give_opinion(
    topic: Topic, *, actor: Actor, stance: str, text: str = "", unit: Unit | None = None
) -> Topic:
    """Answer for a unit: agree, propose a change, or object, the latter two with reasons.

    Raises:
        RuleBroken: a change or an objection gives no reason, or it is not clear for which unit.
        NotPermitted: the actor does not speak for the unit.
        StaleState: somebody answered for it just now.
    """
    if stance != Stance.AGREE and not text.strip():
        raise RuleBroken("建议修改或不同意的，请写明理由。", field="text")
    with TOPIC.taking("give_opinion", topic, actor=actor) as step:
        opinion = _own_opinion(topic, actor, unit)
        opinion.stance, opinion.text = stance, text
        opinion.given_by, opinion.given_at = actor, step.at
        opinion.save()
        said = f"：{text}" if text else "。"
        step.says(f"{opinion.unit}{opinion.get_stance_display()}{said}", stance=stance)
    return topic


def _own_opinion(topic: Topic, actor: Actor, unit: Unit | None) -> Opinion:
    rows = Opinion.objects.filter(topic=topic, round=topic.round, unit_id__in=acting_units(actor))
    if unit is not None:
        if unit.pk not in acting_units(actor):
            raise NotPermitted(f"您不能代{unit}反馈意见。")
        rows = rows.filter(unit=unit)
    waiting = list(rows.filter(given_at=None).select_related("unit"))
    if not waiting:
        raise StaleState("您单位的意见已经反馈。")
    if len(waiting) > 1:
        raise RuleBroken("您代表多个单位，请选择反馈单位。", field="unit")
    return waiting[0]


def settle_opinion(
    topic: Topic, *, actor: Actor, opinion: Opinion, adopted: bool, answer: str, content: str = ""
) -> Topic:
    """Answer a unit's change or objection: taken up or not, with the reason; maybe a new wording.

    Raises:
        StaleState: it has been answered already.
    """
    with TOPIC.taking("settle_opinion", topic, actor=actor) as step:
        row = Opinion.objects.select_related("unit").get(pk=opinion.pk)
        if row.topic_id != topic.pk or row.round != topic.round or row.adopted is not None:
            raise StaleState("这条意见已经处理过。")
        row.adopted, row.answer = adopted, answer
        row.save(update_fields=["adopted", "answer"])
        if content:
            topic.content = content
        word = "采纳" if adopted else "未采纳"
        step.says(f"{row.unit}的意见{word}：{answer}", adopted=adopted)
    return topic


def record_objection(topic: Topic, *, actor: Actor, opinion: Opinion, note: str) -> Topic:
    """Put a unit's objection on record by name, so that the approver may decide over it.

    Raises:
        StaleState: it is no open objection any more.
    """
    with TOPIC.taking("record_objection", topic, actor=actor) as step:
        row = Opinion.objects.select_related("unit").get(pk=opinion.pk)
        if row.topic_id != topic.pk or row.round != topic.round or not row.is_open_objection:
            raise StaleState("这条意见不是待解决的反对意见。")
        row.on_record = True
        row.save(update_fields=["on_record"])
        step.says(f"{row.unit}保留意见记录在案：{row.text} 协调情况：{note}")
    return topic


def close_consultation(topic: Topic, *, actor: Actor, note: str = "") -> Topic:
    """Sum the opinions up and put the topic before whoever approves it; silence is told as silence."""
    with TOPIC.taking("close_consultation", topic, actor=actor) as step:
        given = list(Opinion.objects.filter(topic=topic, round=topic.round).select_related("unit"))
        counts = {stance: sum(one.stance == stance for one in given) for stance in Stance}
        told = "，".join(
            f"{Stance(stance).label}{count}" for stance, count in counts.items() if count
        )
        silent = "、".join(one.unit.name for one in given if not one.stance)
        quiet = f"；未反馈：{silent}（不视为同意）" if silent else ""
        step.says(f"征求{len(given)}个单位意见：{told or '无反馈'}{quiet}。{note}")
    return topic


def skip_consultation(topic: Topic, *, actor: Actor, note: str) -> Topic:
    """Put a topic that is only passed on before its approver without asking the units."""
    with TOPIC.taking("skip_consultation", topic, actor=actor, note=note) as step:
        step.says(note)
    return topic
