"""Records are kept in Chinese, whatever language the person who acts has chosen."""

import pytest
from django.utils import translation

from lianqi.appeals.actions import accept_appeal, decline_appeal
from lianqi.kernel.models import Duty, JournalEntry
from tests.factories import file_appeal, office_clerk

pytestmark = pytest.mark.django_db


def test_an_act_taken_in_english_leaves_a_chinese_record():
    clerk, appeal, other = office_clerk(), file_appeal(), file_appeal()

    with translation.override("en"):
        accept_appeal(appeal, actor=clerk)
        decline_appeal(other, actor=clerk, reason_code="litigation", route="请向法院起诉")

    dispatch = Duty.objects.about(appeal).get(key="dispatch")
    assert (dispatch.label, dispatch.holder_label) == ("派单", "民营企业诉求响应专班办公室")
    line = JournalEntry.objects.about(other).get(verb="appeal.decline")
    assert line.text == "应通过诉讼解决或法院已受理。建议：请向法院起诉"
    assert line.actor_label == f"{clerk.full_name}（民营企业诉求响应专班办公室成员）"
