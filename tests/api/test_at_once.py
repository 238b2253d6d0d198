"""Two programs at once: one wins, the other is told the same, nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from lianqi.appeals.models import Appeal
from lianqi.kernel.models import JournalEntry
from tests.api.programs import program_of
from tests.api.test_filing import TOLD
from tests.factories import entrepreneur, file_appeal, office_clerk

pytestmark = pytest.mark.usefixtures("transactional_db")
CALLERS = 4


def at_once(program, path, body, key):
    """Post the same from several threads at one moment; return their answers."""
    start = Barrier(CALLERS)

    def call(_):
        try:
            start.wait()
            return program.post(path, body, key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLERS) as threads:
        return list(threads.map(call, range(CALLERS)))


def test_one_key_at_once_files_one_appeal():
    answers = at_once(program_of(entrepreneur()), "/appeals", TOLD, key="k")

    assert [answer.status_code for answer in answers] == [201] * CALLERS
    assert {answer.json()["number"] for answer in answers} == {Appeal.objects.get().number}
    assert sum("Idempotent-Replay" not in answer for answer in answers) == 1


def test_one_key_at_once_takes_a_step_once():
    appeal, program = file_appeal(), program_of(office_clerk())

    answers = at_once(program, f"/appeals/{appeal.number}/steps/accept", {}, key="k")

    assert [answer.status_code for answer in answers] == [200] * CALLERS
    assert JournalEntry.objects.filter(verb="appeal.accept").count() == 1


def test_without_a_key_one_takes_the_step_and_the_others_are_told_of_the_conflict():
    appeal, program = file_appeal(), program_of(office_clerk())

    answers = at_once(program, f"/appeals/{appeal.number}/steps/accept", {}, key=None)

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (CALLERS - 1)
    assert JournalEntry.objects.filter(verb="appeal.accept").count() == 1
