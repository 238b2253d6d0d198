"""Signed links: they open one thing, for a while, and a rating counts once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.db.models import Q
from django.test import Client

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState, RatingSource
from lianqi.appeals.links import (
    FOLLOWING,
    RATING,
    LinkBroken,
    open_link,
    progress_link,
    rating_link,
)
from lianqi.appeals.models import Rating
from lianqi.kernel.clock import now
from lianqi.kernel.models import JournalEntry, Notice, OutboxMessage
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import deliver_waiting
from tests.appeals.portal_scenes import Scene

pytestmark = pytest.mark.django_db


def token_of(path):
    return path.rstrip("/").rpartition("/")[2]


def messages_to_firm(scene):
    desk = f"enterprise:{scene.appeal.enterprise_id}"
    rows = OutboxMessage.objects.filter(channel=Channel.DESK, recipient=desk).order_by("pk")
    return [message.title.partition("：")[0] for message in rows]


# --- tokens


def test_a_link_opens_its_appeal_and_round():
    scene = Scene().answered()

    link = open_link(RATING, token_of(rating_link(scene.appeal)))

    assert (link.appeal, link.round, link.is_current) == (scene.appeal, 1, True)


@pytest.mark.parametrize("purpose", [RATING, FOLLOWING])
def test_a_link_made_for_one_thing_does_not_open_another(purpose):
    scene = Scene()
    other = {RATING: progress_link, FOLLOWING: rating_link}[purpose]

    with pytest.raises(LinkBroken):
        open_link(purpose, token_of(other(scene.appeal)))


def test_a_token_signed_without_our_salt_is_refused():
    forged = Signer(sep=".").sign_object([1, 1, 9_999_999_999])

    with pytest.raises(LinkBroken):
        open_link(RATING, forged)


def test_every_change_of_a_token_is_refused(client):
    path = rating_link(Scene().answered().appeal)
    token = token_of(path)
    changed = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        for place in range(len(token))
    ]

    statuses = {client.get(path.replace(token, each)).status_code for each in changed}

    assert statuses == {404}


@pytest.mark.parametrize(
    ("make", "days"), [(rating_link, 14), (progress_link, 60)], ids=["rating", "progress"]
)
def test_a_link_lives_as_long_as_its_limit_says(client, time_machine, make, days):
    path = make(Scene().answered().appeal)
    start = now()

    time_machine.move_to(start + timedelta(days=days, seconds=-2), tick=False)
    alive = client.get(path).status_code
    time_machine.move_to(start + timedelta(days=days, seconds=2), tick=False)
    dead = client.get(path)

    assert (alive, dead.status_code) == (200, 410)
    assert "链接已过期" in dead.content.decode()
    assert "登录" in dead.content.decode()


def test_a_link_to_an_appeal_that_does_not_exist_is_a_404(client):
    signer = Signer(salt="lianqi.appeals.rating_link", sep=".")
    token = signer.sign_object([987654, 1, 9_999_999_999])

    assert client.get(f"/portal/r/{token}/").status_code == 404


# --- rating


def test_a_rating_by_link_counts_once_and_is_signed_with_the_firm(client):
    scene = Scene().answered()
    path = rating_link(scene.appeal)

    shown = client.get(path)
    first = client.post(path, {"level": 5, "reasons": ["真解决"], "comment": "谢谢"}, follow=True)
    again = client.post(path, {"level": 1})

    assert (shown.status_code, first.status_code, again.status_code) == (200, 200, 410)
    assert "已经评价过，谢谢" in first.content.decode()
    assert "没有计入" in again.content.decode()
    [rating] = Rating.objects.all()
    assert (rating.level, rating.reasons, rating.comment, rating.source) == (
        5,
        ["真解决"],
        "谢谢",
        RatingSource.LINK,
    )
    line = JournalEntry.objects.about(scene.appeal).get(verb="appeal.rate")
    firm_name = scene.appeal.enterprise.name
    assert (line.actor, line.actor_label) == (None, f"{firm_name}（凭链接）")
    scene.appeal.refresh_from_db()
    assert scene.appeal.state == AppealState.RATED


def test_a_bad_rating_by_link_is_checked_by_the_office(client):
    scene = Scene().answered()

    client.post(rating_link(scene.appeal), {"level": 1, "reasons": ["问题没解决", "没有联系我"]})

    scene.appeal.refresh_from_db()
    assert scene.appeal.state == AppealState.DISSATISFIED


def test_no_face_is_chosen_for_the_firm(client):
    page = client.get(rating_link(Scene().answered().appeal)).content.decode()

    assert (page.count('name="level"'), page.count("checked")) == (5, 0)


def test_a_rating_without_a_face_is_asked_for_again_with_the_words_kept(client):
    path = rating_link(Scene().answered().appeal)

    answer = client.post(path, {"comment": "还没选"})

    assert answer.status_code == 422
    assert "还没选" in answer.content.decode()


def test_a_link_of_the_first_answer_cannot_rate_the_second(client):
    scene = Scene().answered()
    old = rating_link(scene.appeal)
    actions.rate_appeal(scene.appeal, actor=scene.firm, level=1)
    actions.redo_appeal(scene.appeal, actor=scene.office, note="重办")
    actions.record_contact(scene.appeal, actor=scene.leader, note="局领导到厂。")
    scene.draft("双回路已投运。")
    scene.sign()

    answer = client.post(old, {"level": 5})

    assert answer.status_code == 410
    assert Rating.objects.filter(round=2).count() == 0


def test_a_link_whose_round_was_never_rated_ends_with_the_round(client):
    scene = Scene().answered()
    path = rating_link(scene.appeal)
    actions.call_back(scene.appeal, actor=scene.office, note="企业未表态")
    actions.close_appeal(scene.appeal, actor=scene.office)

    shown, posted = client.get(path), client.post(path, {"level": 5})

    assert (shown.status_code, posted.status_code) == (410, 410)
    assert "这次答复已不能评价" in shown.content.decode()
    assert Rating.objects.count() == 0


def test_a_link_may_do_nothing_but_what_it_was_made_for(client):
    scene = Scene().answered()
    path = rating_link(scene.appeal)
    client.get(path)

    pages = [
        scene.appeal.get_absolute_url(),
        f"/portal/appeals/{scene.appeal.number}/steps/rate/",
        f"/portal/appeals/{scene.appeal.number}/steps/withdraw/",
        "/portal/",
    ]

    assert {client.get(page).status_code for page in pages} == {302}


def test_a_link_page_needs_the_csrf_token():
    path = rating_link(Scene().answered().appeal)

    answer = Client(enforce_csrf_checks=True).post(path, {"level": 1})

    assert (answer.status_code, Rating.objects.count()) == (403, 0)


# --- following


@pytest.mark.parametrize("make", [rating_link, progress_link])
def test_link_pages_are_neither_kept_nor_indexed(client, make):
    answer = client.get(make(Scene().answered().appeal))

    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_the_progress_link_shows_progress_but_no_personal_data(client):
    scene = Scene().handled()

    page = client.get(progress_link(scene.appeal)).content.decode()

    shown = [scene.appeal.number, scene.appeal.title, "办理中", "供电保障局", "承诺答复时间"]
    hidden = [
        scene.appeal.content,
        "王某",
        "138****8000",
        "13800138000",
        scene.firm.full_name,
        "孙联络",
        "钱科员",
    ]
    assert [word for word in shown if word not in page] == []
    assert [word for word in hidden if word in page] == []


def test_the_progress_link_offers_the_rating_only_while_it_waits(client):
    scene = Scene().drafted()
    path = progress_link(scene.appeal)

    before = client.get(path).content.decode()
    scene.sign()
    after = client.get(path).content.decode()

    assert ("/portal/r/" in before, "/portal/r/" in after) == (False, True)


def test_a_progress_link_cannot_be_posted_to(client):
    assert client.post(progress_link(Scene().appeal)).status_code == 405


# --- messages


def test_the_firm_hears_of_each_turn_once():
    scene = Scene().handled()
    actions.report_stage(scene.appeal, actor=scene.liaison, content="已约周三现场查看。")
    actions.request_supplement(scene.appeal, actor=scene.office, note="请补充合同。")
    actions.supplement_appeal(scene.appeal, actor=scene.firm, content="合同见附件。")
    actions.request_extension(scene.appeal, actor=scene.liaison, days=2, reason="等待停电计划")
    actions.decide_extension(scene.appeal, actor=scene.office, approve=True)
    scene.draft("变压器已更换。")
    scene.sign()
    actions.rate_appeal(scene.appeal, actor=scene.firm, level=1)
    actions.redo_appeal(scene.appeal, actor=scene.office, note="重办")

    assert messages_to_firm(scene) == [
        "已收到您的诉求",
        "您的诉求已交承办单位",
        "您的诉求有新进展",
        "请补充材料",
        "办理时间有调整",
        "您的诉求已有答复，请您评价",
        "您的诉求将重新办理",
    ]


def test_a_refused_extension_is_no_news_for_the_firm():
    scene = Scene().handled()
    actions.request_extension(scene.appeal, actor=scene.liaison, days=2, reason="等待停电计划")
    before = messages_to_firm(scene)

    actions.decide_extension(scene.appeal, actor=scene.office, approve=False, note="不得拖延")

    assert messages_to_firm(scene) == before


def test_the_notice_of_the_answer_opens_the_appeal_and_names_the_link(client):
    scene = Scene().answered()
    deliver_waiting()

    notice = Notice.objects.get(user=scene.firm, title__startswith="您的诉求已有答复")

    link = notice.text.rpartition("不登录也可评价：")[2]
    assert notice.url == scene.appeal.get_absolute_url()
    assert client.get(link.removeprefix(settings.BASE_URL)).status_code == 200


def test_a_direct_answer_asks_for_a_rating_too():
    scene = Scene().accepted()

    actions.answer_directly(
        scene.appeal, actor=scene.office, outcome="explained", reply="按现行办法执行。"
    )

    assert messages_to_firm(scene)[-1] == "您的诉求已有答复，请您评价"


def test_no_text_message_is_written_without_a_gateway():
    Scene().answered()

    assert OutboxMessage.objects.filter(channel=Channel.SMS).count() == 0


def test_text_messages_carry_the_link_and_never_the_number(settings):
    settings.LIANQI_SMS = True
    scene = Scene().answered()

    filed, answered = OutboxMessage.objects.filter(channel=Channel.SMS).order_by("pk")

    reference = f"appeal:{scene.appeal.pk}:contact_phone"
    assert (filed.recipient, answered.recipient) == (reference, reference)
    assert f"{settings.BASE_URL}/portal/f/" in filed.text
    assert f"{settings.BASE_URL}/portal/r/" in answered.text
    leaks = Q(text__contains="13800138000") | Q(recipient__contains="13800138000")
    assert OutboxMessage.objects.filter(leaks).count() == 0
