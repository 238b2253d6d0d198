"""Showing a full phone number to one person, once, for a purpose that stays in the journal."""

from django.db import models, transaction

from lianqi.kernel.access import Actor, may
from lianqi.kernel.crypto import CryptoError
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.phones import Phone, PhoneField

SHORTEST_PURPOSE = 4


@transaction.atomic
def reveal_phone(subject: models.Model, *, actor: Actor, field: str, purpose: str) -> str:
    """Return the full number and write down who saw it, when and what for.

    The number itself goes into no line, no log and no address (个人信息保护法 第6条 最小必要).

    Raises:
        NotPermitted: the actor may not see full numbers of this record.
        RuleBroken: the purpose is too short, there is no number, or it cannot be deciphered.
    """
    if not may(actor, f"{subject._meta.app_label}.reveal_phone", subject):
        raise NotPermitted("您的岗位不能查看这里的完整手机号。")
    column = subject._meta.get_field(field)
    if not isinstance(column, PhoneField):
        raise TypeError(f"{subject._meta.label_lower}.{field} is no phone field")
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise RuleBroken(f"请写明用途，至少{SHORTEST_PURPOSE}个字。", field="purpose")
    phone: Phone | None = getattr(subject, field)
    if phone is None:
        raise RuleBroken("这里没有登记电话号码。")
    try:
        number = phone.reveal_plain()
    except CryptoError as problem:
        raise RuleBroken("号码无法解密，请联系系统管理员检查密钥。") from problem
    write_line(
        subject,
        actor=actor,
        verb="phone.reveal",
        label="查看完整手机号",
        text=f"{column.verbose_name}：{purpose.strip()}",
        data={"field": field},
        audience=Audience.INTERNAL,
    )
    return number
