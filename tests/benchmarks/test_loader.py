"""A loaded district is what the actions would have given, row for row, with a sound journal."""

import re
from dataclasses import replace

import pytest

from benchmarks.loader import load
from benchmarks.patterns import LINK, copied_models, written_fields
from benchmarks.stories import CONTENT, FIRM, PERSON, TITLE, samples
from benchmarks.texts import Texts
from lianqi.appeals.actions import submit_appeal
from lianqi.appeals.links import RATING, open_link
from lianqi.appeals.models import Appeal
from lianqi.demo.playing import Stage
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry, OutboxMessage, TimeLimit

SIZE, DAYS, HERE = 300, 2, ["swj", "jjfzj", "rlzyb"]
# What no two appeals share, and what the worker has done since.
OF_ITS_OWN = {"id", "hash", "previous_hash", "contact_phone", "sent_at", "attempts"}


@pytest.fixture
def district(transactional_db):
    # Which closed ones are called back is drawn by their number; here as good as none.
    TimeLimit.objects.filter(key="appeal.sample.share").update(amount=1)
    load(SIZE, days=DAYS, units=HERE)


def everything_on(appeal):
    """Return all rows that hang on an appeal, without what no two appeals share."""
    found = []
    for model in copied_models():
        names = {column.name for column in written_fields(model)}
        if model is Appeal:
            rows = [appeal]
        elif model is OutboxMessage:
            rows = model.objects.filter(url=appeal.get_absolute_url()).order_by("pk")
        elif "subject_id" in names:
            rows = model.objects.about(appeal).order_by("pk")
        else:
            to_appeal = next(f.name for f in written_fields(model) if f.related_model is Appeal)
            rows = model._base_manager.filter(**{to_appeal: appeal}).order_by("pk")
        found += [(model.__name__, _told(row, appeal)) for row in rows]
    return found


def _told(row, appeal):
    told = {}
    for column in written_fields(type(row)):
        if column.name in OF_ITS_OWN:
            continue
        value = str(getattr(row, column.attname))
        value = "its appeal" if value == str(appeal.pk) else value.replace(appeal.number, "number")
        told[column.name] = LINK.sub("link", value)
    if isinstance(row, OutboxMessage):
        told.pop("state")
    return told


def loaded_like(scene):
    """Return a loaded appeal of this story, and one driven with the same words for the same firm."""
    firm = Enterprise.objects.filter(memberships__isnull=False).first()
    known = list(Appeal.objects.values_list("pk", flat=True))
    probe = Stage([firm]).play(scene)
    loaded = Appeal.objects.filter(
        pk__in=known, submitted_at=probe.submitted_at, state=probe.state, lead_unit=probe.lead_unit
    ).first()
    again = replace(scene, title=loaded.title, content=loaded.content)
    driven = Stage([loaded.enterprise]).play(again)
    return loaded, Appeal.objects.get(pk=driven.pk)


STORIES = {len(sample.scene.story): sample.scene for sample in samples(HERE, DAYS)}


@pytest.mark.parametrize("steps", [0, 2, 4, 7, 9])
def test_a_loaded_appeal_has_the_rows_that_the_actions_give(district, steps):
    loaded, driven = loaded_like(STORIES[steps])

    assert everything_on(driven) == everything_on(loaded)


def test_a_loaded_district_has_a_sound_journal_and_the_asked_number_of_appeals(district):
    verdict = verify_journal()

    assert verdict.broken == ""
    assert Appeal.objects.count() == SIZE
    assert JournalEntry.objects.filter(subject_type="appeals.appeal", seq=1).count() == SIZE


def test_no_sample_and_none_of_its_words_stay_behind(district):
    left = [
        word
        for word in (TITLE, CONTENT, FIRM, PERSON)
        if Appeal.objects.filter(title__contains=word).exists()
        or Duty.objects.filter(matter__contains=word).exists()
        or JournalEntry.objects.filter(subject_type="appeals.appeal", text__contains=word).exists()
        or OutboxMessage.objects.filter(text__contains=word).exists()
    ]

    assert left == []


def test_filing_goes_on_after_a_load_with_the_next_number(district):
    last = Appeal.objects.order_by("-pk").first()

    filed = submit_appeal(
        last.enterprise, actor=last.filed_by, kind="help", title="新的一件", content="说明情况",
        contact_name="联系人某", contact_phone="13800138000",
    )  # fmt: skip

    assert filed.pk > last.pk
    assert filed.number == f"SQ2026-{int(last.number.split('-')[1]) + 1:05d}"


def test_a_copy_signs_its_own_rating_link(district):
    answered = Appeal.objects.filter(state="answered").order_by("pk").last()
    message = OutboxMessage.objects.get(
        url=answered.get_absolute_url(), title__startswith="您的诉求已有答复"
    )

    path = re.search(LINK, message.text)[0]

    assert open_link(RATING, path.split("/")[-2]).appeal == answered


def test_the_same_seed_draws_the_same_texts():
    assert [Texts().title(n) for n in range(3)] == [Texts().title(n) for n in range(3)]
