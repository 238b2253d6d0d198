"""A sealed appeal goes its whole way with its firm's name planted everywhere; nobody else ever reads it."""

import io
import re
import zipfile
import zlib
from datetime import datetime

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfWriter

from lianqi.appeals import actions
from lianqi.appeals.actions.unsealing import apply_for_unsealing
from lianqi.appeals.models import (
    Appeal,
    Callback,
    CoHandler,
    Communication,
    ExtensionRequest,
    Rating,
    ReturnOrder,
    Unsealing,
)
from lianqi.enterprises.models import Contact
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Attachment, Duty, JournalEntry, Notice, OutboxMessage
from lianqi.kernel.outbox import deliver_waiting
from lianqi.kernel.uploads import APPEAL_EVIDENCE, inspect_upload
from lianqi.organisation.models import User
from tests.api.programs import program_of
from tests.appeals.stage import ANSWER, MORNING, Stage
from tests.factories import EnterpriseFactory, UserFactory, entrepreneur
from tests.kernel.upload_samples import picture
from tests.kernel.visitors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
NAME, SHORT = "新乡市金丝雀鸣谷科技有限公司", "金丝雀鸣谷"
CODE, CONTACT, ACCOUNT, OWNER = "91410700MACANARY01", "柯南星", "欧阳北辰", "司徒远山"
ADDRESS = "高新区鸣谷路88号"
PHONE, MASKED = "13800138000", "138****8000"
CANARIES = ("金丝雀", "鸣谷", CODE, CONTACT, ACCOUNT, OWNER, "柯总", PHONE, MASKED, "CanaryMaker")
TELLING = f"{NAME}（{SHORT}，代码{CODE}，{CONTACT}、{ACCOUNT}，柯总，{PHONE}，在{ADDRESS}）"
# Who may never learn it; the office clerk from the lead unit stands with the unit once it handles.
STRANGERS = (
    "liaison", "leader", "co_liaison", "stranger", "helper", "discipline", "convener", "conference",
    "head", "rival", "sysadmin", "auditor",
)  # fmt: skip


# --- files that tell their makers


def word_file():
    out, paper = io.BytesIO(), Document()
    paper.core_properties.author = paper.core_properties.last_modified_by = CONTACT
    paper.core_properties.title = NAME
    paper.add_paragraph("停电三次，设备停机。")
    paper.save(out)
    return out.getvalue()


def telling_word_file():
    out, paper = io.BytesIO(), Document()
    paper.add_paragraph(f"{SHORT}的变压器烧坏。")
    paper.save(out)
    return out.getvalue()


def pdf_file():
    out, paper = io.BytesIO(), PdfWriter()
    paper.add_blank_page(200, 200)
    paper.add_metadata({"/Author": "CanaryMaker", "/Title": "CanaryMaker"})
    paper.write(out)
    return out.getvalue()


def photo():
    return picture(size=(64, 48), comment=b"CanaryMaker")


def files():
    named = {
        f"{SHORT}停电.docx": word_file(),
        "经过.docx": telling_word_file(),
        "柯南星-清单.pdf": pdf_file(),
        f"{SHORT}门头.jpg": photo(),
    }
    return [inspect_upload(name, body, accept=APPEAL_EVIDENCE) for name, body in named.items()]


# --- reading like a hostile reader


def readable(content):
    """Return everything that can be read out of a download: packed members and streams too."""
    pieces = [content]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            pieces += [packed.read(name) for name in packed.namelist()]
            pieces += [name.encode() for name in packed.namelist()]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            pieces.append(zlib.decompress(stream))
        except zlib.error:
            continue
    raw = b"\n".join(pieces)
    return raw.decode("utf-8", "replace") + raw.decode("utf-16-le", "ignore")


def told(text):
    """Return the canaries in a text, JSON escapes read as what they stand for."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return [canary for canary in CANARIES if canary in plain]


def body_of(answer):
    streamed = getattr(answer, "streaming_content", None)
    content = b"".join(streamed) if streamed is not None else answer.content
    return readable(content) + str(answer.headers)


class Story:
    """A stage whose firm carries the canaries."""

    def __init__(self, *, sealed):
        firm = EnterpriseFactory(name=NAME, uscc=CODE, address=ADDRESS)
        Contact.objects.create(enterprise=firm, name=OWNER, phone=PHONE)
        self.stage = Stage(contact_phone="010-88888888")
        self.stage.who["firm"] = entrepreneur(firm, full_name=ACCOUNT)
        self.stage.appeal = actions.submit_appeal(
            firm,
            actor=self.stage.who["firm"],
            kind="help",
            title=f"{SHORT}厂区停电",
            content=f"{TELLING}停电三次。",
            contact_name=CONTACT,
            contact_phone=PHONE,
            upstream_id="CanaryMaker-12345",
            sealed=sealed,
            files=files(),
        )
        User.objects.update(email="somebody@example.com")
        for user in User.objects.all():
            User.objects.filter(pk=user.pk).update(email=f"u{user.pk}@example.com")

    @property
    def appeal(self):
        return self.stage.reload()

    def go(self, *steps, **given):
        for step in steps:
            self.stage.take(step, **given)

    def strangers(self):
        roles = list(STRANGERS)
        if self.appeal.lead_unit_id == self.stage.lead.pk:
            roles.append("insider")
        return {role: User.objects.get(pk=self.stage.who[role].pk) for role in roles}

    def permitted(self):
        return {self.stage.who[role].pk for role in ("firm", "office", "insider")}

    def addresses(self):
        number, appeal = self.appeal.number, self.appeal
        shown = [f"/appeals/{number}/", f"/api/v1/appeals/{number}"]
        steps = (
            "sign",
            "record_contact",
            "request_closing",
            "approve_closing",
            "callback",
            "dispatch",
        )
        return [
            *shown,
            *(f"/appeals/{number}/steps/{step}/" for step in steps),
            *(f"/appeals/?q={word}&view=all" for word in ("停电", "SQ")),
            *(f"/appeals/?view={view}" for view in ("all", "open", "overdue", "desk")),
            "/appeals/export/?view=all",
            "/appeals/board/",
            "/appeals/unsealings/",
            *(f"/appeals/unsealings/{one.pk}/" for one in Unsealing.objects.all()),
            f"/appeals/{number}/unsealing/",
            f"/appeals/{number}/case/",
            "/appeals/cases/",
            "/public/cases/",
            "/desk/",
            "/duties/",
            "/notices/",
            *(f"/notices/{one.pk}/" for one in Notice.objects.order_by("-pk")[:5]),
            f"/journal/?subject_type=appeals.appeal&subject_id={appeal.pk}",
            f"/journal/?actor={ACCOUNT[:2]}&subject_type=appeals.appeal",
            "/jobs/",
            f"/reveal/?for=appeals.appeal:{appeal.pk}:contact_phone",
            *(f"/files/{file.pk}/" for file in Attachment.objects.about(appeal)),
            f"/portal/filed/{number}/",
            f"/portal/appeals/{number}/steps/supplement/",
            "/",
        ]

    def leaks(self, *, everywhere=True):
        """Return (role, address, canaries) for everything, or the main things, a stranger can read now."""
        found = []
        addresses = self.addresses() if everywhere else self.addresses()[:2]
        for role, user in self.strangers().items():
            browser, program = signed_in(user), program_of(user)
            for address in addresses:
                if address.startswith("/api/"):
                    answer = program.get(address.removeprefix("/api/v1"))
                else:
                    answer = browser.get(address, follow=True)
                # What was typed into a search box is no answer.
                text = body_of(answer).replace(f'value="{ACCOUNT[:2]}"', "")
                if told(text):
                    found.append((role, address, told(text)))
            for path in ("/appeals", "/duties", "/public/cases"):
                text = body_of(program.get(path, limit=200))
                found += [(role, path, told(text))] if told(text) else []
            if everywhere:
                found += self.oracles(role, user, browser, program)
        return found

    def oracles(self, role, user, browser, program):
        """Return the searches for a name that find something: an answer by being there."""
        found = []
        for word in (SHORT, CODE, CONTACT):
            page = browser.get("/appeals/", {"q": word, "view": "all"})
            rows = page.context["page"].rows if page.status_code == 200 and page.context else []
            items = program.get("/appeals", q=word).json().get("items", [])
            duties = browser.get("/duties/", {"q": word})
            lines = duties.context["page"].rows if duties.status_code == 200 else []
            if rows or items or lines:
                found.append(
                    (role, f"search {word}", [str(row) for row in (*rows, *items, *lines)])
                )
        journal = browser.get("/journal/", {"actor": ACCOUNT, "subject_type": "appeals.appeal"})
        if journal.status_code == 200 and journal.context["page"].rows:
            found.append((role, "journal by signer", list(journal.context["page"].rows)))
        return found


def stored_leaks(story, *, lines_too=True):
    """Return the rows a stranger's page could ever be made of, that hold a canary."""
    kinds = [Duty, Communication, Rating, Callback, ReturnOrder, ExtensionRequest, CoHandler]
    rows = [(kind.__name__, row) for kind in kinds for row in kind._base_manager.values()]
    if lines_too:
        lines = JournalEntry.objects.filter(subject_type__startswith="appeals.")
        rows += [("JournalEntry", row) for row in lines.values()]
    told_columns = ("title", "content", "reply", "decline_route")
    rows += [("Appeal", row) for row in Appeal.objects.values(*told_columns)]
    rows += [("Unsealing", row) for row in Unsealing.objects.values()]
    rows += [
        ("Attachment", row)
        for row in Attachment.objects.filter(sealed=False).values("name", "notes")
    ]
    return [(kind, told(str(row))) for kind, row in rows if told(str(row))]


def sent_leaks(story):
    """Return messages and notices with a canary that go to anybody but the firm and the office."""
    deliver_waiting(5000)
    deliver_waiting(5000)
    firm = story.appeal.enterprise_id
    desks = {f"enterprise:{firm}", "body:TF3:office", f"appeal:{story.appeal.pk}:contact_phone"}
    messages = OutboxMessage.objects.exclude(channel="email").exclude(recipient__in=desks)
    notices = Notice.objects.exclude(user__in=story.permitted())
    addresses = {f"u{pk}@example.com" for pk in story.permitted()}
    letters = [
        f"{letter.subject}\n{letter.body}"
        for letter in mail.outbox
        if not set(letter.to) & addresses
    ]
    texts = [f"{m.title}\n{m.text}\n{m.recipient}" for m in messages]
    texts += [f"{notice.title}\n{notice.text}" for notice in notices]
    return [text for text in (*texts, *letters) if told(text)]


def through_every_state(story):
    """Take a sealed appeal through all steps, everybody typing the name wherever they can; yield at rests."""
    go = story.go
    go("request_supplement", note=f"请{TELLING}补充合同。")
    go("supplement", content=f"{TELLING}的合同。", files=files())
    go("accept", note=TELLING)
    go("nudge")
    yield "accepted"
    go("dispatch", note=f"请联系{TELLING}。")
    go("return_order", basis=f"{TELLING}不归我们管。")
    go("rule_return", upheld=False, note=f"{TELLING}归你们管。", lead_unit=None)
    go("sign")
    yield "handling"
    for sealed_file in story.appeal.sealed_files.all():
        try:
            go("release_file", which=str(sealed_file.pk))
        except actions.sealing.RuleBroken:
            continue
    go("record_contact", note=f"请问是不是{TELLING}？")
    go("supplement", content=f"是，我是{TELLING}。", files=files())
    go("report_stage", content=f"{TELLING}已约。")
    go("submit_opinion", content=f"{TELLING}可以协调。")
    go("request_extension", reason=f"等{TELLING}。")
    go("decide_extension", note=f"同意{TELLING}。")
    go("urge", note=f"抓紧{TELLING}")
    apply_for_unsealing(
        story.appeal, actor=story.stage.who["office"], unit=story.stage.lead, reason=TELLING
    )
    yield "asked to open"
    go("request_closing", reply=f"答复{TELLING}。")
    go("return_draft", reason=TELLING)
    go("request_closing", reply=f"答复{TELLING}。")
    go("sign_closing", note=TELLING)
    go("reject_closing", reason=TELLING)
    go("request_closing", **{**ANSWER, "reply": f"答复{TELLING}。"})
    go("sign_closing")
    go("approve_closing", note=TELLING)
    go("rate_badly", comment=f"{TELLING}不满意")
    go("callback", note=f"{TELLING}说不满意。")
    yield "dissatisfied"
    go("redo", note=TELLING)
    go("request_closing", "sign_closing", "approve_closing", "rate_badly")
    go("instruct", note=TELLING)
    go("request_closing", "sign_closing", "approve_closing")
    go("rate", comment=TELLING)
    go("close", note=TELLING)
    go("reopen", reason=TELLING)
    yield "again"


def test_an_appeal_sealed_when_filed_leaks_nothing_in_any_state(settings):
    settings.LIANQI_SMS = True
    story, reached = Story(sealed=True), []

    for rest in through_every_state(story):
        everywhere = rest in ("handling", "again")
        read = story.leaks(everywhere=everywhere)
        reached.append((rest, stored_leaks(story), sent_leaks(story), read))

    assert reached == [
        (rest, [], [], [])
        for rest in ("accepted", "handling", "asked to open", "dissatisfied", "again")
    ]
    assert verify_journal().broken == ""


def test_an_appeal_sealed_later_leaks_nothing_though_its_first_lines_hold_the_name(settings):
    settings.LIANQI_SMS = True
    story = Story(sealed=False)
    story.go("request_supplement", note="请补充合同。")
    story.go("supplement", content=f"{TELLING}的合同。", files=files())
    deliver_waiting(5000)
    mail.outbox.clear()
    story.go("seal")
    reached = [("sealed", stored_leaks(story, lines_too=False), sent_leaks(story), story.leaks())]

    for rest in through_every_state(story):
        told_anew, read = stored_leaks(story, lines_too=False), story.leaks(everywhere=False)
        reached.append((rest, told_anew, sent_leaks(story), read))
        if rest == "handling":
            break

    assert reached == [(rest, [], [], []) for rest in ("sealed", "accepted", "handling")]
    written = JournalEntry.objects.about(story.appeal).get(seq=1)
    assert (written.actor_label, verify_journal().broken) == (ACCOUNT, "")


def test_visitors_and_dead_links_learn_nothing():
    story = Story(sealed=True)

    answers = [Client().get(address, follow=True) for address in story.addresses()]

    assert [told(body_of(answer)) for answer in answers] == [[] for _ in answers]


def test_the_firm_and_the_office_see_everything():
    story = Story(sealed=True)
    office, firm = signed_in(story.stage.who["office"]), signed_in(story.stage.who["firm"])

    page = office.get(story.appeal.get_absolute_url())
    own = firm.get(story.appeal.get_absolute_url())
    item = program_of(story.stage.who["office"]).get(f"/appeals/{story.appeal.number}").json()

    record = page.context["record"]
    assert (record.identity.name, record.identity.contact_name) == (NAME, CONTACT)
    assert [kept.label for kept in record.sealed.texts] == ["标题", "内容"]
    assert [kept.text for kept in own.context["originals"]] == [
        f"{SHORT}厂区停电",
        f"{TELLING}停电三次。",
    ]
    assert (item["enterprise"]["name"], item["contact"]["name"]) == (NAME, CONTACT)
    rows = office.get("/appeals/", {"q": SHORT, "view": "all"}).context["page"].rows
    assert [row.identity.name for row in rows] == [NAME]


def test_what_the_unit_sees_instead():
    story = Story(sealed=True)
    story.go("accept", "dispatch", "sign")
    liaison = story.stage.who["liaison"]

    page = signed_in(liaison).get(story.appeal.get_absolute_url())
    item = program_of(liaison).get(f"/appeals/{story.appeal.number}").json()

    record = page.context["record"]
    assert (record.identity.name, page.context["contact"], record.files) == (
        "（企业要求保密）",
        [],
        [],
    )
    assert story.appeal.title == "〔已隐去〕厂区停电"
    assert (item["sealed"], item["enterprise"], item["contact"], item["attachments"]) == (
        True,
        None,
        None,
        [],
    )
    assert item["timeline"][0]["actor"] == "诉求主体（保密）"
    assert reverse("kernel:reveal_phone") not in page.content.decode()


@pytest.mark.time_machine(datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI))
def test_a_search_by_somebody_who_is_nobody_finds_no_sealed_appeal_by_its_firm():
    story = Story(sealed=True)
    nobody = UserFactory()

    assert signed_in(nobody).get("/appeals/", {"q": NAME}).status_code == 403
    assert program_of(nobody).get("/appeals", q=NAME).json()["items"] == []
    assert story.appeal.sealed
