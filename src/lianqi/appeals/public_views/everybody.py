"""What holds for every page that needs no sign-in: kept a minute, found by search engines if wished."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# A case whose firm takes its consent back is gone from every cache within this time.
KEPT_SECONDS = 60
View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """Let caches keep a page for a minute, and search engines find it if the district wants that."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not settings.LIANQI_PUBLIC_INDEXED:
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return require_safe(cache_control(public=True, max_age=KEPT_SECONDS)(shown))
