"""The check that every act outside a workflow begins with."""

from lianqi.kernel.access import Actor, may
from lianqi.kernel.errors import NotPermitted


def require(actor: Actor, permission: str, thing: object = None) -> None:
    """Refuse the act unless this person may do it.

    Raises:
        NotPermitted: the permission is not held.
    """
    if not may(actor, permission, thing):
        raise NotPermitted("您的岗位不能做这件事；需要时请联系安全管理员核对您的任职。")
