"""Bearer tokens of the API; only their digest is kept."""

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A key with which a program acts as one user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens", verbose_name="用户"
    )
    label = models.CharField("用途", max_length=80)
    digest = models.CharField("指纹", max_length=64, unique=True)
    created_at = models.DateTimeField("创建时间")
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = "接口令牌"

    def __str__(self) -> str:
        """Show what it is for."""
        return self.label
