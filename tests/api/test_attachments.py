"""Files of an appeal, as a program is told of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.appeals import actions
from lianqi.kernel.files import inspect_all
from lianqi.kernel.uploads import APPEAL_EVIDENCE
from tests.api.programs import program_of
from tests.api.test_showing import Scene

pytestmark = pytest.mark.django_db


def test_a_file_that_comes_with_an_answer_is_told_to_the_firm_with_the_answer():
    scene = Scene()
    files = inspect_all(
        [SimpleUploadedFile("说明.txt", "变压器扩容方案。".encode())], rule=APPEAL_EVIDENCE
    )
    actions.request_closing(
        scene.appeal, actor=scene.liaison, outcome="solved", reply="已扩容。", files=files
    )
    path = f"/appeals/{scene.appeal.number}"

    def names(user):
        return [file["name"] for file in program_of(user).get(path).json()["attachments"]]

    before = (names(scene.office), names(scene.firm))
    actions.sign_closing(scene.appeal, actor=scene.leader)
    actions.approve_closing(scene.appeal, actor=scene.office)

    assert before == (["说明.txt"], [])
    assert names(scene.firm) == ["说明.txt"]
