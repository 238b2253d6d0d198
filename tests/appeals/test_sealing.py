"""A firm keeps its name: when it may, what is written, how files are released, how units reach it."""

import io

import pytest
from docx import Document

from lianqi.appeals import actions
from lianqi.appeals.access import known_appeals, knows_identity
from lianqi.appeals.models import Appeal, SealedFile
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.models import Attachment, Duty, JournalEntry, OutboxMessage
from lianqi.kernel.uploads import APPEAL_EVIDENCE, inspect_upload
from lianqi.organisation.models import User
from tests.appeals.stage import MORNING, Stage, last_line, note_file, open_duties
from tests.kernel.visitors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]


def name_of(stage):
    return stage.appeal.enterprise.name


def test_a_sealed_appeal_is_told_without_the_name_from_its_first_line_on():
    stage = Stage(title="新乡某机械厂停电", content="电话13800138000。", sealed=True)

    appeal = stage.reload()
    assert (appeal.sealed, appeal.content) == (True, "电话〔已隐去〕。")
    assert [(kept.label, kept.text) for kept in appeal.sealed_texts.all()] == [
        ("内容", "电话13800138000。")
    ]
    owed = Duty.objects.about(appeal).get()
    assert (owed.waiting, owed.matter) == ("诉求主体（保密）", str(appeal))
    assert last_line(appeal)[0] == "appeal.submit"


def test_the_firms_own_name_in_a_title_is_covered_and_kept():
    plain = Stage()
    firm = plain.who["firm"]
    name = name_of(plain)

    appeal = actions.submit_appeal(
        plain.appeal.enterprise,
        actor=firm,
        kind="help",
        title=f"{name}停电",
        content="停电三次。",
        contact_name="王某",
        contact_phone="13800138000",
        sealed=True,
    )

    assert appeal.title == "〔已隐去〕停电"
    assert appeal.sealed_texts.get().text == f"{name}停电"


def test_who_may_know_it_before_and_after_the_dispatch():
    stage = Stage(sealed=True)
    before = {role for role, user in stage.who.items() if knows_identity(user, stage.appeal)}

    stage.go("accept", "dispatch")

    after = {role for role, user in stage.who.items() if knows_identity(user, stage.reload())}
    assert before == {"firm", "office", "insider"}
    assert after == {"firm", "office"}  # the insider comes from the lead unit


@pytest.mark.parametrize("way", [[], ["accept", "dispatch"], ["accept", "dispatch", "sign"]])
def test_the_condition_for_lists_and_the_question_for_one_answer_alike(way):
    stage = Stage(sealed=True)
    stage.go(*way)
    everything = list(Appeal.objects.all())

    for user in stage.who.values():
        one_by_one = {appeal.pk for appeal in everything if knows_identity(user, appeal)}
        assert known_appeals(user, everything) == one_by_one


def test_an_unsealed_appeal_asks_no_query_to_know_its_firm(django_assert_num_queries):
    stage = Stage()
    liaison = User.objects.get(pk=stage.who["liaison"].pk)

    with django_assert_num_queries(0):
        assert known_appeals(liaison, [stage.appeal]) == {stage.appeal.pk}


def test_after_the_dispatch_it_is_too_late():
    stage = Stage.at("dispatched")
    stage.go("return_order")
    appeal = stage.reload()

    with pytest.raises(StepUnfit):
        actions.seal_appeal(appeal, actor=stage.who["firm"])

    assert not stage.reload().sealed


def test_while_the_unit_waits_for_a_supplement_it_is_too_late():
    stage = Stage.at("handling")
    stage.go("request_supplement")

    with pytest.raises(StepUnfit) as refusal:
        stage.take("seal")

    assert refusal.value.message == "已经派单，承办单位已看到企业名称，不能再保密。"


def test_lifting_the_seal_gives_title_and_content_back():
    stage = Stage(content="电话13800138000。", sealed=True)
    stage.go("accept", "dispatch", "sign", "lift_seal")

    appeal = stage.reload()
    assert (appeal.sealed, appeal.content) == (False, "电话13800138000。")
    assert knows_identity(stage.who["liaison"], appeal)


def test_what_the_office_types_is_covered_too():
    stage = Stage(sealed=True)
    name = name_of(stage)
    stage.go("accept")

    stage.take("dispatch", note=f"请联系{name}，13800138000。")

    line = JournalEntry.objects.about(stage.appeal).get(verb="appeal.dispatch")
    assert line.data["note"] == "请联系〔已隐去〕，〔已隐去〕。"


# --- how the unit reaches the firm


def test_the_units_first_contact_is_a_message_that_the_firm_answers():
    stage = Stage(sealed=True)
    stage.go("accept", "dispatch", "sign")
    OutboxMessage.objects.all().delete()

    stage.take("record_contact", note="请问是哪条线路？")
    stage.take("supplement", content="东线。")

    told = list(OutboxMessage.objects.order_by("pk").values_list("recipient", "title", "text"))
    firm, unit = f"enterprise:{stage.appeal.enterprise_id}", f"unit:{stage.lead.pk}:liaison"
    assert [(who, title.partition("：")[0]) for who, title, _ in told] == [
        (firm, "承办单位给您留言"),
        (unit, "企业有答复"),
    ]
    assert told[0][2].startswith("请问是哪条线路？")
    assert (stage.reload().state, stage.reload().contacted_at is None) == ("handling", False)


def test_an_unsealed_appeals_contact_sends_nothing():
    stage = Stage.at("handling")
    OutboxMessage.objects.all().delete()

    stage.take("record_contact")

    assert OutboxMessage.objects.count() == 0


def test_the_contact_form_says_that_the_words_go_to_the_firm():
    stage = Stage(sealed=True)
    stage.go("accept", "dispatch", "sign")

    page = signed_in(stage.who["liaison"]).get(
        f"/appeals/{stage.appeal.number}/steps/record_contact/"
    )

    assert str(page.context["step_form"].fields["note"].label) == "给企业的留言"


# --- files


def sealed_with(*files):
    stage = Stage(sealed=True)
    stage.go("accept", "dispatch", "sign")
    stage.take("supplement", content="见附件。", files=list(files))
    return stage


def test_a_file_waits_for_the_office_and_the_office_owes_its_release():
    stage = sealed_with(note_file("停电经过。"))

    [withheld] = SealedFile.objects.all()
    assert (withheld.findings, withheld.original.sealed) == ([], True)
    assert ("release_file", "open") in open_duties(stage.appeal)
    address = f"/files/{withheld.original.pk}/"
    statuses = {
        role: signed_in(stage.who[role]).get(address).status_code
        for role in ("firm", "office", "liaison", "insider", "head", "discipline")
    }
    assert statuses == {
        "firm": 200,
        "office": 200,
        "liaison": 404,
        "insider": 404,
        "head": 404,
        "discipline": 404,
    }


def test_a_released_copy_has_a_name_of_its_own_and_reaches_the_unit():
    stage = sealed_with(note_file("停电经过。", "王某的说明.txt"))

    stage.take("release_file")

    copy = Attachment.objects.about(stage.appeal).get(sealed=False)
    assert (copy.name, copy.audience) == ("附件1.txt", "internal")
    answer = signed_in(stage.who["liaison"]).get(f"/files/{copy.pk}/")
    assert b"".join(answer.streaming_content).decode() == "停电经过。"
    assert ("release_file", "open") not in open_duties(stage.appeal)
    assert last_line(stage.appeal)[2] == "放行附件：附件1.txt"


def test_a_file_that_tells_the_name_is_not_released_but_a_covered_one_is():
    name = name_of(Stage())
    stage = sealed_with(note_file("电话13800138000，王某。", "说明.txt"))
    [withheld] = SealedFile.objects.all()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("release_file")
    stage.take("release_file", files=[note_file("停电经过。", f"{name}.txt")])

    assert withheld.findings == ["正文中有电话号码", "正文中有名称或姓名"]
    assert refusal.value.field == "files"
    copy = Attachment.objects.about(stage.appeal).get(sealed=False)
    assert copy.name == "附件1.txt"


def test_a_word_files_author_is_gone_from_the_released_copy():
    out, paper = io.BytesIO(), Document()
    paper.core_properties.author = "王某"
    paper.add_paragraph("停电经过。")
    paper.save(out)
    stage = sealed_with(inspect_upload("说明.docx", out.getvalue(), accept=APPEAL_EVIDENCE))

    stage.take("release_file")

    copy = Attachment.objects.about(stage.appeal).get(sealed=False)
    answer = signed_in(stage.who["liaison"]).get(f"/files/{copy.pk}/")
    read = Document(io.BytesIO(b"".join(answer.streaming_content)))
    assert (read.core_properties.author, read.paragraphs[0].text) == ("", "停电经过。")


def test_the_unit_may_not_release_a_file_itself():
    stage = sealed_with(note_file("停电经过。"))

    with pytest.raises(NotPermitted):
        stage.take("release_file", role="liaison")

    assert SealedFile.objects.get().released is None


def test_the_same_file_is_released_once():
    stage = sealed_with(note_file("停电经过。"), note_file("其他。"))
    first = str(SealedFile.objects.first().pk)
    stage.take("release_file", which=first)

    with pytest.raises(RuleBroken) as refusal:
        stage.take("release_file", which=first)

    assert refusal.value.field == "which"


# --- pages


def test_the_firm_files_sealed_on_its_page_and_is_told_what_was_covered():
    stage = Stage()
    browser = signed_in(stage.who["firm"])
    form = browser.get("/portal/new/").context["form"]

    answer = browser.post(
        "/portal/new/",
        {
            "kind": "help",
            "title": f"{name_of(stage)}停电",
            "content": "停电三次，请协调。",
            "contact_name": "王某",
            "contact_phone": "13800138000",
            "sealed": "on",
            "idempotency_key": form["idempotency_key"].value(),
        },
    )
    page = browser.get(answer.url)

    appeal = Appeal.objects.latest("pk")
    assert (appeal.sealed, appeal.title) == (True, "〔已隐去〕停电")
    assert page.context["covered"] == ["标题"]
    assert "企业名称、姓名或电话" in page.content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_a_list_of_sealed_appeals_asks_one_query_more_however_many(
    count, django_assert_num_queries
):
    stage = Stage(sealed=True)
    for _ in range(count - 1):
        Stage(sealed=True)
    appeals = list(Appeal.objects.select_related("enterprise"))
    head = User.objects.get(pk=stage.who["head"].pk)
    assert head.posts_now  # loaded with the request

    with django_assert_num_queries(2):  # the person's firms, and the condition
        known = known_appeals(head, appeals)

    assert known == set()


def test_the_release_form_offers_each_withheld_file_with_what_was_found():
    stage = sealed_with(note_file("停电经过。"), note_file("电话13800138000。", "清单.txt"))
    office = signed_in(stage.who["office"])

    page = office.get(f"/appeals/{stage.appeal.number}/steps/release_file/")

    choices = [label for _, label in page.context["step_form"].fields["which"].choices]
    assert choices == ["说明.txt", "清单.txt：正文中有电话号码"]
    assert page.status_code == 200


def test_the_office_releases_a_file_on_the_page():
    stage = sealed_with(note_file("停电经过。"))
    office = signed_in(stage.who["office"])
    address = f"/appeals/{stage.appeal.number}/steps/release_file/"
    form = office.get(address).context["step_form"]

    answer = office.post(
        address,
        {
            "which": str(SealedFile.objects.get().pk),
            "seen": form["seen"].value(),
            "idempotency_key": form["idempotency_key"].value(),
        },
    )

    assert (answer.status_code, SealedFile.objects.get().released_by) == (302, stage.who["office"])
