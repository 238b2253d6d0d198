"""A thematic meeting by demo roles: proposed, consulted, approved, held, minuted, put into the ledger."""

from datetime import timedelta

import pytest

from lianqi.conference.models import Meeting, Topic
from lianqi.kernel.clock import local, now
from lianqi.kernel.models import IssuedDocument
from lianqi.ledger.models import Item

pytestmark = pytest.mark.browser


def test_a_thematic_meeting_goes_from_a_proposal_to_the_ledger_in_the_browser(window):
    items = Item.objects.count()
    liaison, office = window("jjfzj_liaison", "phone"), window("conference_office")
    liaison.take(
        "/conference/topics/new/",
        title="园区货车通行证办理",
        content="物流企业反映货车通行证办理慢，需要会议确定牵头单位和时限。",
        meeting_kind="thematic",
    )
    topic = Topic.objects.get(title="园区货车通行证办理")
    steps = f"{topic.get_absolute_url()}steps"
    office.take(f"{steps}/screen/", lead_unit="gafj", units=["jjfzj"])
    office.take(f"{steps}/circulate/")
    window("gafj_liaison").take(f"{steps}/give_opinion/", stance="agree")
    liaison.take(f"{steps}/give_opinion/", stance="change", text="建议写明三天内办结。")
    office.take(
        f"{steps}/settle_opinion/",
        opinion=topic.opinions.get(stance="change").pk,
        adopted="true",
        answer="采纳。",
    )
    office.take(f"{steps}/close_consultation/")
    director = window("office_director", "phone")
    director.take(f"{steps}/approve/", note="同意上会。")
    meeting = _held(office, liaison, topic)
    mine = f"{meeting.get_absolute_url()}steps"
    office.take(f"{mine}/draft_minutes/")
    director.take(f"{mine}/sign_minutes/")
    office.take(f"{mine}/issue_minutes/")
    resolution = meeting.agenda.get().resolutions.get()
    office.take(f"{mine}/docket/", resolution=resolution.pk)
    office.take(f"{mine}/archive/")

    meeting.refresh_from_db()
    topic.refresh_from_db()
    assert (meeting.state, topic.state, Item.objects.count()) == (
        "archived",
        "fed_back",
        items + 1,
    )
    kinds = [
        IssuedDocument.objects.about(one).values_list("kind", flat=True) for one in (topic, meeting)
    ]
    assert {kind for found in kinds for kind in found} == {
        "consultation",
        "topic_approval",
        "meeting_notice",
        "attendance_sheet",
        "minutes",
    }


def _held(office, liaison, topic):
    """Plan a meeting for today, call it, let a unit answer and sign in by the code, and close it."""
    office.take(
        "/conference/meetings/new/",
        body="JC",
        kind="thematic",
        title="货车通行专题会议",
        starts_at=f"{local(now() + timedelta(minutes=1)):%Y-%m-%d %H:%M}",
        place="二楼会议室",
        convened_as="director",
    )
    meeting = Meeting.objects.get(title="货车通行专题会议")
    mine = f"{meeting.get_absolute_url()}steps"
    office.take(f"{mine}/set_agenda/", topic=topic.pk)
    office.take(f"{mine}/issue_notice/")
    liaison.take(f"{mine}/reply/", reply="attend", attendee="孟某")
    office.page.goto(f"{meeting.get_absolute_url()}code/")
    assert office.page.locator(".qr svg").count() == 1
    code = office.page.locator("p.num").inner_text()
    liaison.take(code[code.index("/conference/") :])
    office.take(f"{mine}/open/", chair_name="张某某")
    item = meeting.agenda.get()
    office.take(f"{mine}/record_result/", item=item.pk, result="passed", note="原则同意。")
    office.take(
        f"{mine}/resolve/",
        item=item.pk,
        text="货车通行证三天内办结",
        lead_unit="gafj",
        units=["jjfzj"],
        deadline_text="持续推进",
    )
    office.take(f"{mine}/conclude/")
    return meeting
