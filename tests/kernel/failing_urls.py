"""The product's addresses and some that fail in every way nobody catches."""

from django.db import OperationalError
from django.urls import path

from lianqi.config.urls import handler500 as own_handler
from lianqi.config.urls import urlpatterns as own

handler500 = own_handler
PROBLEMS = {
    "full": OSError(28, "No space left on device"),
    "away": OperationalError("server closed the connection unexpectedly"),
    "ours": ValueError("坏了"),
}


def fail(request, how):
    raise PROBLEMS[how]


urlpatterns = [path("api/v1/fail/<str:how>/", fail), *own, path("fail/<str:how>/", fail)]
