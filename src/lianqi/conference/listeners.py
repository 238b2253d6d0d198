"""What the room adds to lower ones when it is loaded."""

from lianqi.conference.actions import fill_meeting_rules
from lianqi.kernel.limits import fill_also

fill_also("会议规则", fill_meeting_rules)
