"""A sealed appeal with its firm's name planted everywhere, and who reads for it like somebody hostile."""

import io
import re
import zipfile
import zlib

from django.core import mail
from docx import Document
from pypdf import PdfReader, PdfWriter

from lianqi.appeals import actions
from lianqi.appeals.actions.unsealing import apply_for_unsealing
from lianqi.appeals.models import (
    Appeal,
    Callback,
    ClosingSignal,
    CoHandler,
    Communication,
    Exclusion,
    ExtensionRequest,
    FactsPack,
    FrozenRates,
    Promise,
    PublicCase,
    Rating,
    ReturnOrder,
    Unsealing,
)
from lianqi.enterprises.models import Contact
from lianqi.kernel.models import (
    Attachment,
    ClockExtension,
    ClockPause,
    Duty,
    JournalEntry,
    Notice,
    OutboxMessage,
    SearchEntry,
)
from lianqi.kernel.outbox import deliver_waiting
from lianqi.kernel.uploads import APPEAL_EVIDENCE, inspect_upload
from lianqi.organisation.models import User
from tests.api.programs import program_of
from tests.appeals.stage import ANSWER, Stage
from tests.factories import EnterpriseFactory, entrepreneur
from tests.kernel.upload_samples import picture
from tests.kernel.visitors import signed_in

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
    words = pdf_words(content) if content[:4] == b"%PDF" else ""
    return raw.decode("utf-8", "replace") + raw.decode("utf-16-le", "ignore") + words


def pdf_words(content):
    """Return a PDF's text without its line ends, which may fall into a name."""
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


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
            *self.ledgers(),
        ]

    def ledgers(self):
        """Return the addresses of all pages and exports that show rows of many appeals."""
        number = self.appeal.number
        period = "since=2026-03-01&until=2026-03-31"
        rows = f"/appeals/rates/rows/?cell=dispatched&{period}"
        excluded = [one.number for one in Exclusion.objects.all()]
        frozen = [one.number for one in FrozenRates.objects.all()]
        return [
            f"/appeals/rates/?{period}",
            f"/appeals/rates/export/?{period}",
            rows,
            f"{rows}&export=1",
            "/appeals/rates/exclusions/",
            "/appeals/rates/exclusions/export/",
            *(f"/appeals/rates/exclusions/{one}/" for one in excluded),
            *(f"/appeals/rates/exclusions/{one}/steps/approve/" for one in excluded),
            "/appeals/rates/frozen/",
            *(f"/appeals/rates/frozen/{one}/" for one in frozen),
            *(f"/appeals/rates/frozen/{one}/rows/?cell=dispatched" for one in frozen),
            *(f"/appeals/rates/frozen/{one}/rows/?cell=dispatched&export=1" for one in frozen),
            *(f"/appeals/rates/frozen/{one}/export/" for one in frozen),
            *(f"/public/rates/{one}/" for one in frozen),
            "/public/rates/",
            *(f"/appeals/samples/?view={view}" for view in ("open", "done", "all")),
            f"/appeals/supervision/?{period}",
            "/appeals/promises/",
            "/appeals/promises/?fate=moved",
            "/appeals/promises/export/",
            "/appeals/precedents/",
            f"/appeals/{number}/exclude/",
            f"/appeals/{number}/facts/",
            *(f"/appeals/cases/{one.pk}/" for one in PublicCase.objects.all()),
            *(f"/public/cases/{one.pk}/" for one in PublicCase.objects.all()),
            "/appeals/intake/",
            "/appeals/like/?title=厂区停电&content=停电三次",
            f"/appeals/{number}/like/",
            f"/appeals/{number}/steps/merge/",
            f"/appeals/{number}/steps/rule_return/",
            "/appeals/?columns=firm&view=all",
            "/portal/",
            "/portal/like/?title=厂区停电",
            "/organisation/handovers/",
            "/organisation/handovers/new/",
        ]

    def packs(self, browser):
        """Return the facts of the case as files, for whoever may have them made."""
        answers = [
            browser.post(
                f"/appeals/{self.appeal.number}/facts/", {"purpose": "核查超时原因", "form": form}
            )
            for form in ("docx", "pdf")
        ]
        return [body_of(answer) for answer in answers]

    def bulk(self, browser, program):
        """Return what is answered where a step is taken on many: most refuse it, and say who did it."""
        number = self.appeal.number
        page = browser.post(
            "/appeals/bulk/", {"key": "accept", "numbers": [number], "confirmed": "yes"}
        )
        answer = program.post("/appeals/steps/accept", {"numbers": [number]})
        return [body_of(page), body_of(answer)]

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
            for text in [
                *self.bulk(browser, program),
                *(self.packs(browser) if everywhere else []),
            ]:
                found += [(role, "bulk or pack", told(text))] if told(text) else []
            rates = program.get("/rates", **{"from": "2026-03-01", "to": "2026-03-31"})
            found += [(role, "/rates", told(body_of(rates)))] if told(body_of(rates)) else []
            for path in ("/appeals", "/duties", "/public/cases"):
                text = body_of(program.get(path, limit=200))
                found += [(role, path, told(text))] if told(text) else []
            if everywhere:
                found += self.oracles(role, user, browser, program)
        return found

    def oracles(self, role, user, browser, program):
        """Return the searches for a name that find something: an answer by being there."""
        found = []
        for word in (SHORT, CODE, CONTACT, ACCOUNT, f"企业:{SHORT}", f"标题:{SHORT}"):
            page = browser.get("/appeals/", {"q": word, "view": "all"})
            rows = page.context["page"].rows if page.status_code == 200 and page.context else []
            items = program.get("/appeals", q=word).json().get("items", [])
            duties = browser.get("/duties/", {"q": word})
            lines = duties.context["page"].rows if duties.status_code == 200 else []
            if rows or items or lines:
                found.append(
                    (role, f"search {word}", [str(row) for row in (*rows, *items, *lines)])
                )
        by_firm = browser.get("/appeals/", {"firm": NAME, "view": "all"})
        if by_firm.status_code == 200 and by_firm.context and by_firm.context["page"].rows:
            found.append((role, "filter by firm", list(by_firm.context["page"].rows)))
        calling = browser.post("/appeals/intake/", {"caller": NAME, "find": "yes"})
        callers = calling.context["form"].found if calling.status_code == 200 else []
        found += [(role, "caller", one.appeals) for one in callers if one.appeals]
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
    beside = (Unsealing, Exclusion, Promise, PublicCase, FactsPack, ClosingSignal)
    rows += [(kind.__name__, row) for kind in beside for row in kind.objects.values()]
    clocks = (ClockPause, ClockExtension)
    rows += [(kind.__name__, row) for kind in clocks for row in kind._base_manager.values()]
    found_by = SearchEntry.objects.filter(subject_type=Appeal._meta.label_lower)
    rows += [
        ("SearchEntry", row) for row in found_by.values("title_text", "open_text", "internal_text")
    ]
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
