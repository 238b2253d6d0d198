"""Keeping from the handling units whose appeal it is: sealing, covering, releasing files (ADR 16)."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q

from lianqi.appeals.enums import SEALED_FIRM
from lianqi.appeals.models import Appeal, SealedFile, SealedText
from lianqi.appeals.workflow import APPEAL
from lianqi.appeals.workflow.covering import covered, finds_in, identity_words
from lianqi.engines.deidentify import cover
from lianqi.enterprises.access import enterprise_desk, enterprise_ids
from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import attach, stored_at
from lianqi.kernel.models import Attachment, Duty, JournalEntry, Notice, OutboxMessage
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.uploads import CleanFile, UploadRefused, read_texts, without_makers
from lianqi.organisation.access import office_desk
from lianqi.organisation.enums import BodyCode

# What an action is given in words, and what each is called where its original is kept.
TEXTS = {
    "note": "说明",
    "content": "补充材料",
    "reason": "理由",
    "basis": "退单依据",
    "reply": "答复",
    "comment": "评价时的话",
    "route": "建议途径",
}
# Sentences of an answer that are entered as promises: a text each, beside its day.
PROMISES = "promises"
COLUMNS = {"title": "标题", "content": "内容"}
# A cover is longer than a short name: a title full of names is cut.
LONGEST = {"title": Appeal._meta.get_field("title").max_length, "content": None}
UNREADABLE = "里面的字无法自动检查，请人工看过再放行"

Act = TypeVar("Act", bound=Callable[..., Any])


def without_identity(act: Act) -> Act:
    """Let an action on a sealed appeal write nothing that tells whose it is.

    Every text it is given is covered first; what the firm itself wrote is kept beside, for those
    who may know it.
    """

    @wraps(act)
    def covering(appeal: Appeal, *, actor: Actor, **given: Any) -> Any:
        if not appeal.sealed:
            return act(appeal, actor=actor, **given)
        told = {name: _told(appeal, name, value) for name, value in given.items()}
        with transaction.atomic():
            result = act(appeal, actor=actor, **told)
            if _speaks_for_firm(appeal, actor):
                written = [name for name in TEXTS if told.get(name) != given.get(name)]
                keep_originals(appeal, {TEXTS[name]: given[name] for name in written})
        return result

    return covering  # type: ignore[return-value]


def _told(appeal: Appeal, name: str, value: Any) -> Any:
    """Return what an action is given, without what tells whose the appeal is."""
    if name == PROMISES:
        return [{**promise, "text": covered(appeal, promise["text"])} for promise in value]
    return covered(appeal, value) if name in TEXTS and isinstance(value, str) else value


def _speaks_for_firm(appeal: Appeal, actor: Actor) -> bool:
    return actor.pk is None or appeal.enterprise_id in enterprise_ids(actor)


def keep_originals(appeal: Appeal, texts: dict[str, str]) -> None:
    """Keep texts as the firm wrote them, by what they are called."""
    moment = now()
    SealedText.objects.bulk_create(
        SealedText(appeal=appeal, label=label, text=text, at=moment)
        for label, text in texts.items()
    )


def cover_title_and_content(appeal: Appeal) -> dict[str, str]:
    """Cover what the appeal says; return what was changed, by name, for ``keep_originals``."""
    words = identity_words(appeal)
    changed = {}
    for column, label in COLUMNS.items():
        written = getattr(appeal, column)
        told = cover(written, names=words)
        if told != written:
            setattr(appeal, column, told[: LONGEST[column]])
            changed[label] = written
    return changed


def seal_appeal(appeal: Appeal, *, actor: Actor) -> Appeal:
    """Keep the firm's name from the units from now on; possible until the appeal is dispatched.

    Duties, messages and texts that exist already are told anew without the name; journal lines
    stay as they were written and are covered for whoever may not know it.
    """
    with APPEAL.taking("seal", appeal, actor=actor) as step:
        appeal.sealed_at = step.at
        words = identity_words(appeal)
        changed = cover_title_and_content(appeal)
        for said in appeal.communications.all():  # type: ignore[attr-defined]
            if (told := cover(said.content, names=words)) != said.content:
                changed[f"{said.get_kind_display()} {said.pk}"] = said.content
                said.content = told
                said.save(update_fields=["content"])
        keep_originals(appeal, changed)
        _tell_duties_anew(appeal)
        _tell_messages_anew(appeal, words)
        files = Attachment.objects.about(appeal).filter(audience=Audience.ENTERPRISE)
        for file in files:
            _withhold(appeal, file)
        files.update(sealed=True)
        step.says("企业要求对承办单位保密：单位看不到企业名称、信用代码、联系人和提交人。")
    return appeal


def _tell_duties_anew(appeal: Appeal) -> None:
    duties = Duty.objects.about(appeal)
    duties.update(matter=str(appeal)[:200])
    duties.filter(waiting=appeal.enterprise.name).update(waiting=SEALED_FIRM)
    desk = enterprise_desk(appeal.enterprise)
    duties.filter(holder=desk.key).update(holder_label=SEALED_FIRM)


def _tell_messages_anew(appeal: Appeal, words: Iterable[str]) -> None:
    """Cover what has been told about the appeal; a mail that has left cannot be called back."""
    for model in (Notice, OutboxMessage):
        about = Q(url__contains=appeal.number) | Q(title__contains=appeal.number)
        rows: Iterable[Any] = model._base_manager.filter(about)
        for row in rows:
            row.title, row.text = cover(row.title, names=words)[:200], cover(row.text, names=words)
            row.save(update_fields=["title", "text"])


def lift_seal(appeal: Appeal, *, actor: Actor) -> Appeal:
    """Let the firm itself give up the seal: title and content are again as it wrote them.

    Journal lines and what was said since stay as they were told.
    """
    with APPEAL.taking("lift_seal", appeal, actor=actor) as step:
        appeal.sealed_at = None
        for column, label in COLUMNS.items():
            kept = appeal.sealed_texts.filter(label=label).last()  # type: ignore[attr-defined]
            setattr(appeal, column, kept.text if kept else getattr(appeal, column))
        Duty.objects.about(appeal).update(matter=str(appeal)[:200])
        Attachment.objects.about(appeal).update(sealed=False)
        step.says("企业取消保密。")
    return appeal


# --- files


@transaction.atomic
def attach_from_firm(
    appeal: Appeal, files: Sequence[CleanFile], *, actor: Actor, line: JournalEntry | None
) -> None:
    """Keep the firm's files; those of a sealed appeal are withheld until the office has looked at them."""
    if not files:
        return
    kept = attach(
        appeal, files, actor=actor, audience=Audience.ENTERPRISE, line=line, sealed=appeal.sealed
    )
    if not (appeal.sealed and kept):
        return
    for file in kept:
        _withhold(appeal, file)
    # They came after the step's own duties were opened.
    APPEAL.settle(appeal, actor=SYSTEM, at=now())
    enqueue(
        Channel.DESK,
        office_desk(BodyCode.TF3).key,
        title=f"保密诉求的附件待放行：{appeal}",
        text="承办单位在放行前看不到附件。请检查有没有企业名称、印章、姓名、电话，再放行。",
        url=f"{appeal.get_absolute_url()}?step=release_file",
    )


def _withhold(appeal: Appeal, file: Attachment) -> SealedFile:
    content = stored_at(file).read_bytes()
    return SealedFile.objects.create(
        appeal=appeal, original=file, findings=_findings(appeal, file.name, content)
    )


def _findings(appeal: Appeal, name: str, content: bytes) -> list[str]:
    """Say what a check finds in a file's name and text; nothing found is no proof."""
    texts, readable = read_texts(name, content)
    found = [f"文件名中有{hit.label}" for hit in finds_in(appeal, name)]
    found += [f"正文中有{hit.label}" for hit in finds_in(appeal, *texts)]
    return [*dict.fromkeys(found), *([] if readable else [UNREADABLE])]


def release_file(
    appeal: Appeal, *, actor: Actor, which: str, files: Sequence[CleanFile] = ()
) -> Appeal:
    """Give the units a firm's file, or a copy of it that the office has covered, without its makers.

    Raises:
        RuleBroken: the file still tells whose appeal it is, was released before, or is unknown.
    """
    with APPEAL.taking("release_file", appeal, actor=actor) as step:
        withheld = appeal.sealed_files.select_related("original")  # type: ignore[attr-defined]
        sealed = withheld.filter(pk=which if which.isdecimal() else 0, released=None).first()
        if sealed is None:
            raise RuleBroken("没有这个待放行的附件，请刷新页面重新选择。", field="which")
        copy = _clean_copy(appeal, sealed, files[0] if files else None)
        [released] = attach(appeal, [copy], actor=actor, audience=Audience.INTERNAL)
        sealed.released, sealed.released_by, sealed.released_at = released, actor, step.at
        sealed.save(update_fields=["released", "released_by", "released_at"])
        how = "（经遮盖的副本）" if files else ""
        step.says(f"放行附件：{released.name}{how}", file=released.pk)
    return appeal


def _clean_copy(appeal: Appeal, sealed: SealedFile, instead: CleanFile | None) -> CleanFile:
    original = sealed.original
    name = instead.name if instead else original.name
    content = instead.content if instead else stored_at(original).read_bytes()
    try:
        content = without_makers(name, content)
    except UploadRefused as refused:
        raise RuleBroken(refused.message, field="files") from refused
    texts, _readable = read_texts(name, content)
    hits = finds_in(appeal, *texts)
    if hits:
        kinds = "、".join(dict.fromkeys(hit.label for hit in hits))
        raise RuleBroken(
            f"文件里还有{kinds}，放行后单位就知道是谁；请遮盖后另存，在“换成遮盖过的文件”里上传。",
            field="files",
        )
    place = list(appeal.sealed_files.values_list("pk", flat=True)).index(sealed.pk) + 1  # type: ignore[attr-defined]
    suffix = name.rpartition(".")[2].lower()
    kind = instead.content_type if instead else original.content_type
    return CleanFile(f"附件{place}.{suffix}", content, kind, len(content), sm3(content))
