"""People who sign in; what they may do follows from their posts, never from flags here."""

from copy import copy
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lianqi.kernel.phones import PhoneField, PhoneIndexField


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password the account waits for a first one to be set."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account of one natural person."""

    username = models.CharField("用户名", max_length=60, unique=True)
    full_name = models.CharField("姓名", max_length=40)
    email = models.EmailField("电子邮箱", blank=True)
    phone = PhoneField("手机", null=True, blank=True)
    phone_index = PhoneIndexField("phone")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_set_at = models.DateTimeField("密码设置时间", null=True)
    joined_at = models.DateTimeField("开户时间", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "用户"

    def __str__(self) -> str:
        """Show the person's name."""
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the person's name."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the person's name."""
        return self.full_name

    @property
    def posts_now(self) -> "list[Any]":
        """Return the appointments in force today, loaded once for this user object."""
        known = getattr(self, "_posts_now", None)
        if known is None:
            known = list(
                self.appointments.in_force().select_related(  # type: ignore[attr-defined]
                    "unit", "body", "acting_for__user"
                )
            )
            self._posts_now = known
        return known

    @property
    def own_posts_now(self) -> "list[Any]":
        """Return today's posts held in one's own right, not as a stand-in."""
        return [post for post in self.posts_now if post.acting_for_id is None]

    def in_own_right(self) -> "User":
        """Return this person as if they stood in for nobody, to ask what they may do themselves."""
        if len(self.own_posts_now) == len(self.posts_now):
            return self
        alone = copy(self)
        alone.__dict__.pop("_desks", None)
        alone._posts_now = self.own_posts_now  # type: ignore[attr-defined]
        return alone

    @property
    def unit_ids(self) -> set[int]:
        """Return the units in which this person holds a post now."""
        return {post.unit_id for post in self.posts_now if post.unit_id}

    def signature(self) -> str:
        """Return name and post as they stand under a journal line."""
        post = next(iter([*self.own_posts_now, *self.posts_now]), None)
        if post is not None and post.acting_for_id is not None:
            return self.acting_signature()
        return f"{self.full_name}（{post.describe()}）" if post else self.full_name

    def acting_signature(self) -> str:
        """Return name, post and whom one stands in for: 张某（经济发展局联络员，代李某）."""
        acting = [post for post in self.posts_now if post.acting_for_id is not None]
        told = "；".join(f"{post.desk_words}，代{post.acting_for.user}" for post in acting)
        return f"{self.full_name}（{told}）"
