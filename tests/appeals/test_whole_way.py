"""One appeal from its filing to its archive, as the roles do it."""

import pytest

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty
from lianqi.organisation.enums import Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


def live_duties(appeal):
    return sorted(
        Duty.objects.about(appeal).filter(state__in=["open", "paused"]).values_list("key", "state")
    )


def test_an_appeal_goes_all_the_way_with_a_redo():
    lead, helper_a, helper_b = UnitFactory(), UnitFactory(), UnitFactory()
    firm, office = entrepreneur(), office_clerk()
    liaison, leader = person(Post.LIAISON, unit=lead), person(Post.LEADER, unit=lead)
    aide = person(Post.LIAISON, unit=helper_a)

    appeal = file_appeal(firm)
    assert live_duties(appeal) == [("accept", "open")]

    actions.accept_appeal(appeal, actor=office)
    assert live_duties(appeal) == [("dispatch", "open")]

    actions.dispatch_appeal(appeal, actor=office, lead_unit=lead, co_units=[helper_a, helper_b])
    assert live_duties(appeal) == [
        ("request_closing", "open"),
        ("sign", "open"),
        ("submit_opinion", "open"),
        ("submit_opinion", "open"),
    ]

    actions.sign_order(appeal, actor=liaison)
    actions.record_contact(appeal, actor=liaison, note="已电话联系企业负责人。")
    actions.submit_opinion(appeal, actor=aide, content="我局可协调配电容量。")
    actions.report_stage(appeal, actor=liaison, content="已约供电公司周三现场查看。")
    due = appeal.due_at
    actions.request_extension(appeal, actor=liaison, days=3, reason="变压器更换需停电计划")
    actions.decide_extension(appeal, actor=office, approve=True)
    assert appeal.due_at > due
    assert live_duties(appeal) == [("request_closing", "open"), ("submit_opinion", "open")]

    actions.request_closing(appeal, actor=liaison, outcome="solved", reply="变压器已更换。")
    actions.sign_closing(appeal, actor=leader)
    assert live_duties(appeal) == [("approve_closing", "open"), ("request_closing", "paused")]
    actions.approve_closing(appeal, actor=office)
    assert live_duties(appeal) == [("callback", "open"), ("rate", "open")]

    actions.rate_appeal(appeal, actor=firm, level=1, comment="又停电了")
    assert appeal.state == AppealState.DISSATISFIED
    actions.redo_appeal(appeal, actor=office, note="核实属实，重办")
    assert live_duties(appeal) == [
        ("record_contact", "open"),
        ("request_closing", "open"),
        ("submit_opinion", "open"),
        ("submit_opinion", "open"),
    ]
    actions.record_contact(appeal, actor=leader, note="局领导带队到厂。")
    actions.request_closing(appeal, actor=liaison, outcome="solved", reply="双回路已投运。")
    actions.sign_closing(appeal, actor=leader)
    actions.approve_closing(appeal, actor=office)
    actions.rate_appeal(appeal, actor=firm, level=5)
    actions.close_appeal(appeal, actor=office)

    assert (appeal.state, live_duties(appeal)) == (AppealState.CLOSED, [])
    assert Duty.objects.about(appeal).get(key="record_contact", holder__endswith="leader").kept
    verdict = verify_journal()
    assert (verdict.broken, verdict.lines) == ("", 20)
