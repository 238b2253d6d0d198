"""The smallest valid objects."""

from datetime import date

import factory

from lianqi.appeals.actions import submit_appeal
from lianqi.enterprises.enums import EnterpriseKind, EnterpriseState, Origin
from lianqi.enterprises.models import Enterprise, Membership
from lianqi.kernel.clock import now
from lianqi.kernel.search import index_subject
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Appointment, Body, Region, Unit, User

LONG_AGO = date(2020, 8, 21)


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "410771"
    name = "新乡高新区"
    short_name = "高新区"


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"unit{n}")
    name = factory.Sequence(lambda n: f"第{n}局")
    region = factory.SubFactory(RegionFactory)


class BodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Body
        django_get_or_create = ("code",)

    code = BodyCode.TF3
    name = factory.LazyAttribute(lambda body: BodyCode(body.code).label)
    approval_ref = "管委会办公室2020年8月21日印发"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"甲{n}")
    password = factory.django.Password("Lianqi-2026")


def person(post: str, *, unit: Unit | None = None, body: str | None = None, **fields) -> User:
    """Return a user who holds the post since long ago."""
    user = UserFactory(**fields)
    Appointment.objects.create(
        user=user,
        post=post,
        unit=unit,
        body=BodyFactory(code=body) if body else None,
        valid_from=LONG_AGO,
    )
    return user


def office_clerk(**fields) -> User:
    """Return a member of the appeal task force's office."""
    return person(Post.OFFICE_STAFF, body=BodyCode.TF3, **fields)


class EnterpriseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enterprise
        skip_postgeneration_save = True

    state = EnterpriseState.VERIFIED
    kind = EnterpriseKind.COMPANY
    # Codes of test firms need only be different from each other.
    uscc = factory.Sequence(lambda n: f"9141070{n:011d}")
    name = factory.Sequence(lambda n: f"新乡第{n}机械有限公司")
    origin = Origin.REGISTERED
    registered_at = factory.LazyFunction(now)

    @factory.post_generation
    def indexed(self, create, extracted, **kwargs):
        if create:
            index_subject(self)


def entrepreneur(enterprise: Enterprise | None = None, **fields) -> User:
    """Return an account that acts for a firm."""
    user = UserFactory(**fields)
    Membership.objects.create(
        user=user, enterprise=enterprise or EnterpriseFactory(), since=LONG_AGO
    )
    return user


def file_appeal(firm: User | None = None, **facts):
    """Return an appeal as its firm has just filed it."""
    firm = firm or entrepreneur()
    facts = {
        "kind": "help",
        "title": "厂区夜间停电影响生产",
        "content": "最近两周夜间停电三次，生产线停工，请协调供电保障。",
        "contact_name": "王某",
        "contact_phone": "13800138000",
        **facts,
    }
    return submit_appeal(firm.memberships.get().enterprise, actor=firm, **facts)
