"""What the room adds to lower ones when it is loaded."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.models import Appeal
from lianqi.conference.access import visible_topics
from lianqi.conference.actions import fill_meeting_rules
from lianqi.kernel.access import may
from lianqi.kernel.limits import fill_also
from lianqi.kernel.queries.records import Offer, offer_through

fill_also("会议规则", fill_meeting_rules)


def topics_offered(user: Any, appeal: Appeal) -> Iterator[Offer]:
    """Yield the topics that an appeal is behind, and the way to propose one (附件1 第七条（一）)."""
    if not may(user, "conference.view_room"):
        return
    for topic in visible_topics(user).filter(behind__appeal=appeal).order_by("-pk"):
        yield Offer(str(topic), topic.get_absolute_url(), "file-text")
    if may(user, "conference.propose_topic"):
        address = reverse("conference:topic_from_appeal", args=[appeal.number])
        yield Offer(_("提请会议研究"), address, "users")


offer_through("appeals.appeal", topics_offered)
