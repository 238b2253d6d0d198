"""Whom to call at a firm, and who signs in for it."""

from django.conf import settings
from django.db import models

from lianqi.enterprises.models.enterprise import Enterprise
from lianqi.kernel.phones import PhoneField, PhoneIndexField


class Contact(models.Model):
    """A person at the firm with an encrypted phone."""

    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="contacts", verbose_name="企业"
    )
    name = models.CharField("姓名", max_length=40)
    title = models.CharField("职务", max_length=40, blank=True)
    phone = PhoneField("手机")
    phone_index = PhoneIndexField("phone")
    main = models.BooleanField("主要联系人", default=False)

    class Meta:
        verbose_name = "联系人"
        ordering = ["-main", "pk"]

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of the firm."""
        return self.enterprise.get_absolute_url()


class Membership(models.Model):
    """An account that acts for a firm."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="用户"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="memberships", verbose_name="企业"
    )
    since = models.DateField("起")
    until = models.DateField("止", null=True)

    class Meta:
        verbose_name = "企业账号"
        constraints = [
            models.UniqueConstraint(fields=["user", "enterprise"], name="membership_once")
        ]

    def __str__(self) -> str:
        """Say who acts for whom."""
        return f"{self.user}（{self.enterprise}）"
