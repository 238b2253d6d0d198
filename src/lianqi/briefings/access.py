"""Who sees which papers, who writes and who signs them."""

import rules
from django.db.models import Q, QuerySet

from lianqi.briefings.enums import CONVENER_SIGNS, DraftState
from lianqi.briefings.models import Draft
from lianqi.kernel.access import permit, visible_through
from lianqi.organisation.access import (
    in_conference_office,
    is_convener,
    is_discipline,
    is_office_director,
    is_official,
)
from lianqi.organisation.models import User

sees_all_drafts = in_conference_office | is_convener | is_discipline
sees_all_drafts.name = "联席会议办公室、召集人、纪检监督员"


def visible_drafts(user: User) -> QuerySet[Draft]:
    """Return the papers this person may see: the office all, a recipient what was issued to it."""
    rows = Draft.objects.all()
    if sees_all_drafts(user):
        return rows
    if not is_official(user):
        return rows.none()
    mine = Q(to_units__in=user.unit_ids) | Q(
        to_bodies__in=[post.body_id for post in user.posts_now if post.body_id]
    )
    received = Draft.objects.filter(mine, state=DraftState.ISSUED)
    return rows.filter(pk__in=received.values("pk"))


visible_through("briefings.draft", visible_drafts)


@rules.predicate(name="召集人（通报、报告、请示）；办公室主任或召集人（其他文种）")
def signs(user: User, draft: Draft | None) -> bool:
    """Whether the person lets this kind of paper out."""
    if is_convener(user):
        return True
    return draft is not None and draft.kind not in CONVENER_SIGNS and bool(is_office_director(user))


permit("briefings.view_documents", "打开发文登记", is_official)
permit("briefings.view_drafts", "打开拟稿列表", sees_all_drafts)
permit("briefings.see_internal", "查看公文办理记录的内容", sees_all_drafts)
permit("briefings.draft", "拟稿、改稿", in_conference_office)
permit("briefings.sign", "签发", signs)
permit("briefings.issue", "编号印发", in_conference_office)
permit("briefings.withdraw", "撤回文稿", in_conference_office | signs)
