"""What every page's frame shows: navigation by the work, names, notices; and the way home."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

import lianqi
from lianqi.demo.filling import sign_in_choices
from lianqi.enterprises.access import acts_for_some_enterprise
from lianqi.kernel.access import may
from lianqi.kernel.models import Notice
from lianqi.kernel.queries.duties import has_duties
from lianqi.organisation.access import is_official
from lianqi.organisation.queries.handovers import own_handovers
from lianqi.organisation.queries.region import region_now


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation, shown to those who hold the permission."""

    label: str
    url_name: str
    icon: str
    permission: str = ""


OFFICIAL_ENTRIES = [
    Entry(_("工作台"), "kernel:desk", "layout-dashboard"),
    Entry(_("诉求响应"), "appeals:appeal_list", "message-2", "appeals.view_list"),
    Entry(_("专班看板"), "appeals:board", "chart-bar", "appeals.view_board"),
    Entry(_("诉求三率"), "appeals:rates", "report-analytics", "appeals.view_rates"),
    Entry(_("回访抽样"), "appeals:sample_list", "phone", "appeals.view_samples"),
    Entry(_("监督"), "appeals:supervision", "eye", "appeals.supervise"),
    Entry(_("承诺台账"), "appeals:promise_list", "calendar-event", "appeals.view_promises"),
    Entry(_("派单判例"), "appeals:precedent_list", "gavel", "appeals.view_precedents"),
    Entry(_("开启身份"), "appeals:unsealing_list", "lock", "appeals.list_unsealings"),
    Entry(_("公开案例"), "appeals:case_list", "bulb", "appeals.list_cases"),
    Entry(_("督办台账"), "ledger:item_list", "list-details", "ledger.view_list"),
    Entry(_("联席会议"), "conference:overview", "users", "conference.view_room"),
    Entry(_("通报简报"), "briefings:document_list", "file-text", "briefings.view_documents"),
    Entry(_("企业名录"), "enterprises:enterprise_list", "building", "enterprises.view_list"),
    Entry(_("人员名册"), "organisation:roster", "users", "organisation.view_roster"),
    Entry(_("系统设置"), "kernel:settings", "settings", "kernel.view_limits"),
    Entry(_("账号管理"), "organisation:account_list", "key", "organisation.open_account"),
    Entry(_("审计记录"), "kernel:journal", "list-check", "kernel.view_journal"),
    Entry(_("发文下载记录"), "kernel:reading_list", "download", "kernel.audit_readings"),
    Entry(_("后台任务"), "kernel:jobs", "clock", "kernel.view_jobs"),
]
PORTAL_ENTRIES = [
    Entry(_("首页"), "portal:home", "home"),
    Entry(_("我要反映"), "portal:appeal_file", "edit"),
    Entry(_("我的诉求"), "portal:appeal_list", "message-2"),
    Entry(_("通知"), "kernel:notices", "bell"),
    Entry(_("我的企业"), "enterprises:my_enterprise", "building"),
]


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send each person to the page where their work begins."""
    user = request.user
    if not is_official(user) and acts_for_some_enterprise(user):
        return redirect("portal:home")
    if may(user, "appeals.view_board") and not has_duties(user):
        # Who oversees and has nothing of their own to do begins with what is red.
        return redirect("appeals:board")
    return redirect("kernel:desk")


def page_frame(request: HttpRequest) -> dict[str, object]:
    """Return the frame's context; nothing about people for a visitor."""
    region = region_now()
    frame: dict[str, object] = {
        "home_url": reverse("home"),
        "region_name": region.short_name if region else "",
        "version": lianqi.__version__,
        "large_print": request.COOKIES.get("large_print") == "1",
        "large_print_url": reverse("kernel:large_print"),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        if settings.LIANQI_DEMO and request.path == reverse("account_login"):
            frame["demo_accounts"] = sign_in_choices()
        return frame
    official = is_official(user)
    entries = OFFICIAL_ENTRIES if official else PORTAL_ENTRIES
    frame.update(
        nav_items=_items([entry for entry in entries if _shown(entry, user)], request.path),
        search_url=reverse("appeals:appeal_list") if may(user, "appeals.view_list") else "",
        notices_url=reverse("kernel:notices"),
        notice_count=Notice.objects.filter(user=user, read_at=None).count(),
        user_name=user.full_name,
        user_posts=[post.describe() for post in user.posts_now],
        lent_desks=own_handovers(user) if request.path == reverse("kernel:desk") else [],
        frame_template="base.html" if official else "portal_base.html",
    )
    return frame


def _shown(entry: Entry, user: object) -> bool:
    return not entry.permission or may(user, entry.permission)


def _items(entries: list[Entry], path: str) -> list[dict[str, object]]:
    """Return the entries as the frame shows them; the one nearest to this page is marked."""
    addresses = {entry.url_name: reverse(entry.url_name) for entry in entries}
    here = max((url for url in addresses.values() if path.startswith(url)), key=len, default="")
    return [
        {
            "label": entry.label,
            "url": addresses[entry.url_name],
            "icon": entry.icon,
            "active": addresses[entry.url_name] == here,
            "badge": "",
        }
        for entry in entries
    ]
