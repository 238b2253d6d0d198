"""Keys that make a repeated call return the first call's result."""

from django.conf import settings
from django.db import models

from lianqi.kernel.models.about import AboutSubject


class IdempotencyKey(AboutSubject):
    """One key of one person, what was asked with it, and which record came of it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="使用人"
    )
    key = models.CharField("键", max_length=120)
    fingerprint = models.CharField("内容指纹", max_length=64)
    created_at = models.DateTimeField("首次使用")

    class Meta:
        verbose_name = "防重键"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="key_once")]

    def __str__(self) -> str:
        """Show the key."""
        return self.key
