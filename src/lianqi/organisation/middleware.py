"""Session rules: idle time, longest session, first password, second factor, nothing cached."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.kernel.clock import now
from lianqi.kernel.htmx import after_post
from lianqi.kernel.paging import query_url
from lianqi.organisation.sign_in.journal import SEEN_AT, SIGNED_IN_AT
from lianqi.organisation.sign_in.rules import must_renew_password, needs_second_factor

# Writing the time of each request would make each page a database write.
NOTED_EVERY_SECONDS = 60
SECOND_FACTOR_SEEN = "second_factor_seen"
ALWAYS_OPEN = frozenset(
    {
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "set_language",
        "kernel:large_print",
        "kernel:healthz",
    }
)


def session_rules(get_response):
    """Let a request pass only if its session keeps the rules."""

    def middleware(request):
        if not request.user.is_authenticated:
            return get_response(request)
        response = _ended(request) or get_response(request)
        # The back button after signing out must show nothing (ASVS 14.3.2).
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_view(request, view_func, args, kwargs):
        if request.user.is_authenticated:
            return _detour(request)
        return None

    middleware.process_view = process_view
    return middleware


def _ended(request) -> HttpResponse | None:
    """Sign out whoever was idle or signed in for too long; note that the others are here."""
    session, moment = request.session, now().timestamp()
    seen_at = session.setdefault(SEEN_AT, moment)
    signed_in_at = session.setdefault(SIGNED_IN_AT, moment)
    # A clock that was wrong and is set back must not make a session last as long as the error was.
    if seen_at > moment:
        seen_at = session[SEEN_AT] = moment
    if signed_in_at > moment:
        signed_in_at = session[SIGNED_IN_AT] = moment
    idle = moment - seen_at > settings.LIANQI_IDLE_SECONDS
    if idle or moment - signed_in_at > settings.SESSION_COOKIE_AGE:
        request.sign_out_reason = _("长时间没有操作") if idle else _("登录超过12小时")
        logout(request)
        messages.warning(request, _("登录已超时，请重新登录；没有提交的内容可能需要重填。"))
        return after_post(request, query_url(reverse("account_login"), next=_way_back(request)))
    if moment - seen_at > min(NOTED_EVERY_SECONDS, settings.LIANQI_IDLE_SECONDS / 2):
        session[SEEN_AT] = moment
    return None


def _way_back(request) -> str:
    """Return the page the person was on: never the target of a post."""
    if request.htmx:
        return request.htmx.current_url_abs_path or ""
    return request.get_full_path() if request.method == "GET" else ""


def _detour(request) -> HttpResponse | None:
    """Lead to the change of a first or aged password, then to the second factor."""
    name = request.resolver_match.view_name or ""
    if name in ALWAYS_OPEN:
        return None
    if must_renew_password(request.user):
        messages.warning(request, _("请先修改密码：首次登录或密码已满90天，改好后继续办理。"))
        return after_post(request, reverse("account_change_password"))
    if name.startswith("mfa_") or not needs_second_factor(request.user):
        return None
    if request.session.get(SECOND_FACTOR_SEEN) or _has_second_factor(request):
        return None
    messages.warning(request, _("您的岗位须启用两步验证，绑定后继续办理。"))
    return after_post(request, reverse("mfa_activate_totp"))


def _has_second_factor(request) -> bool:
    found = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()
    if found:
        request.session[SECOND_FACTOR_SEEN] = True
    return found
