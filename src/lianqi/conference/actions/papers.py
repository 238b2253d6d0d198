"""审议材料: adding them, confirming to keep them, handing them out with a line for each."""

from collections.abc import Sequence

from django.db import transaction

from lianqi.conference.access import has_read_terms
from lianqi.conference.models import Acknowledgement, PaperReading, Topic, TopicPaper
from lianqi.conference.workflow import TOPIC
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.files import attach
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import Attachment
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.uploads import CleanFile


@transaction.atomic
def add_paper(topic: Topic, *, actor: Actor, access: str, files: Sequence[CleanFile]) -> Topic:
    """Add files to a topic, each with who may read it."""
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
def read_paper(paper: TopicPaper, *, actor: Actor) -> Attachment:
    """Hand a paper out and write down to whom.

    Raises:
        NotPermitted: the reader does not see the topic, or has not confirmed to keep it.
    """
    if not may(actor, "conference.view_topic", paper.topic):
        raise NotPermitted("您看不到这份材料。")
    if paper.is_restricted and not has_read_terms(actor, paper.topic):
        raise NotPermitted("这是限阅材料，请先在议题页面“确认保密要求”。")
    PaperReading.objects.create(paper=paper, user=actor, signature=actor.signature(), at=now())
    write_line(
        paper.topic,
        actor=actor,
        verb="topic.read_paper",
        label="下载材料",
        text=f"《{paper.title}》",
    )
    return Attachment.objects.about(paper).get()
