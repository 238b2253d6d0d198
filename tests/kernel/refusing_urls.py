"""The product's addresses and one page that refuses or fails in every way."""

from django.db import DataError
from django.http import UnreadablePostError
from django.urls import path

from lianqi.config.urls import urlpatterns as own
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState

PROBLEMS = {
    "rule": RuleBroken("请先指定主办单位。"),
    "stale": StaleState(),
    "person": NotPermitted("您的岗位不能派单。"),
    "data": DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
    "cut": UnreadablePostError("connection lost"),
}


def refuse(request, how):
    raise PROBLEMS[how]


urlpatterns = [*own, path("refuse/<str:how>/", refuse)]
