"""Programs that call the API, each with the token of one user."""

import json

from django.test import Client

from lianqi.kernel.access import SYSTEM
from lianqi.organisation.actions import issue_token

BASE = "/api/v1"


class Program:
    """Calls the API with a user's token, as a program does: no cookies, JSON in and out."""

    def __init__(self, token=None):
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {token}"} if token else {}

    def get(self, path, **query):
        return self.client.get(f"{BASE}{path}", query, headers=self.headers)

    def post(self, path, body=None, *, key=None, **headers):
        sent = self.headers | headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(
            f"{BASE}{path}", json.dumps(body or {}), content_type="application/json", headers=sent
        )

    def post_raw(self, path, content, content_type="application/json"):
        return self.client.post(
            f"{BASE}{path}", content, content_type=content_type, headers=self.headers
        )


def program_of(user):
    """Return a program that holds a fresh token of this user."""
    return Program(issue_token(user, actor=SYSTEM, label="测试"))


def refusal(response):
    """Return what the tests compare of a refusal: status, type, code, fields named."""
    problem = json.loads(response.content)
    return (
        response.status_code,
        response["Content-Type"],
        problem["code"],
        [error["field"] for error in problem["errors"]],
    )


def problem(status, code, *fields):
    """Return how such a refusal looks."""
    return (status, "application/problem+json", code, list(fields))
