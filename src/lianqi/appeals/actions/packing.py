"""事实材料: putting a case's facts together is an act, with its maker and its purpose."""

from django.db import transaction

from lianqi.appeals.models import Appeal, FactsPack
from lianqi.appeals.workflow.covering import covered
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import local, now
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.numbering import next_number
from lianqi.kernel.rate_limits import spend

SHORTEST_PURPOSE = 4


@transaction.atomic
def make_facts_pack(appeal: Appeal, *, actor: Actor, purpose: str) -> FactsPack:
    """Enter who puts the facts of a case together and what for (A3-5-4-3: facts, no verdict).

    The line stands with the pack, not with the case: the handling unit reads the case's lines.

    Raises:
        NotPermitted: the actor may not.
        RuleBroken: no purpose.
        TooManyRequests: the actor has made too many packs in this hour.
    """
    if not may(actor, "appeals.make_facts_pack", appeal):
        raise NotPermitted("事实材料由纪检监督员、专班办公室、专班组长生成。")
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise RuleBroken(f"请写明用途，至少{SHORTEST_PURPOSE}个字。", field="purpose")
    spend("export", f"facts:{actor.pk}")
    at = now()
    year = local(at).year
    pack = FactsPack.objects.create(
        number=f"CL{year}-{next_number('facts_pack', year):04d}",
        appeal=appeal,
        purpose=covered(appeal, purpose.strip()),
        made_by=actor,
        made_at=at,
    )
    write_line(
        pack,
        actor=actor,
        verb="facts_pack.make",
        label="生成事实材料",
        text=f"{appeal.number}：{pack.purpose}",
        data={"appeal": appeal.number},
        at=at,
    )
    return pack
