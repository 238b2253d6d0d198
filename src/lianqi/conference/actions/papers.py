"""审议材料: adding them, confirming to keep them, handing them out with a line for each."""

from collections.abc import Sequence

from django.db import transaction

from lianqi.conference.access import has_read_terms
from lianqi.conference.enums import AccessLevel
from lianqi.conference.models import Acknowledgement, PaperReading, Topic, TopicPaper
from lianqi.conference.workflow import TOPIC
from lianqi.engines.officialdoc import watermark
from lianqi.engines.worktime.explanation import moment_text
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import local, now
from lianqi.kernel.documents import DocumentCopy
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.files import attach, stored_at
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import Attachment
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.uploads import CleanFile
from lianqi.kernel.uploads.rules import CONTENT_TYPES

DOCX = CONTENT_TYPES["docx"]


@transaction.atomic
def add_paper(topic: Topic, *, actor: Actor, access: str, files: Sequence[CleanFile]) -> Topic:
    """Add files to a topic, each with who may read it.

    Raises:
        RuleBroken: a restricted paper is no .docx, so that it could not be marked with its reader.
    """
    if access == AccessLevel.RESTRICTED:
        unmarkable = [file.name for file in files if file.content_type != DOCX]
        if unmarkable:
            raise RuleBroken(
                f"限阅材料下载时要加阅读人水印，请转成 Word（docx）再上传：{'、'.join(unmarkable)}。",
                field="files",
            )
    with TOPIC.taking("add_paper", topic, actor=actor) as step:
        for file in files:
            paper = TopicPaper.objects.create(
                topic=topic, title=file.name, access=access, added_by=actor, added_at=step.at
            )
            # Hung on the paper, and sealed: only this room hands it out, with its line.
            attach(paper, [file], actor=actor, audience=Audience.INTERNAL, sealed=True)
        step.says("上传" + "、".join(f"《{file.name}》" for file in files))
    return topic


def acknowledge_topic(topic: Topic, *, actor: Actor) -> Topic:
    """Confirm that what one reads of the topic goes no further (附件1 四（三）)."""
    with TOPIC.taking("acknowledge", topic, actor=actor) as step:
        Acknowledgement.objects.get_or_create(topic=topic, user=actor, defaults={"at": step.at})
        step.says("已知悉：联席会议成员以及列席会议人员应当遵守相关保密规定。")
    return topic


@transaction.atomic
def read_paper(paper: TopicPaper, *, actor: Actor) -> DocumentCopy:
    """Hand a paper out and write down to whom; a restricted one bears the reader's name.

    Raises:
        NotPermitted: the reader does not see the topic, or has not confirmed to keep it.
        StepUnfit: the kept file is gone from the store.
    """
    if not may(actor, "conference.view_topic", paper.topic):
        raise NotPermitted("您看不到这份材料。")
    if paper.is_restricted and not has_read_terms(actor, paper.topic):
        raise NotPermitted("这是限阅材料，请先在议题页面“确认保密要求”。")
    file, at = Attachment.objects.about(paper).get(), now()
    try:
        content = stored_at(file).read_bytes()
    except FileNotFoundError as missing:
        raise StepUnfit("这份材料的文件找不到了，请联系系统管理员从备份恢复。") from missing
    marked = paper.is_restricted and file.content_type == DOCX
    if marked:
        content = watermark(content, f"{actor} {moment_text(local(at))}")
    PaperReading.objects.create(
        paper=paper, user=actor, signature=actor.signature(), marked=marked, at=at
    )
    write_line(
        paper.topic,
        actor=actor,
        verb="topic.read_paper",
        label="下载材料",
        text=f"《{paper.title}》{'（加水印）' if marked else ''}",
    )
    return DocumentCopy(file.name, file.content_type, content)
