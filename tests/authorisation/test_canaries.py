"""Nobody reads what is not theirs: words planted in every record, looked for on every page."""

import re

import pytest
from django.apps import apps
from django.core import serializers

from tests.authorisation.asking import keep
from tests.authorisation.crawling import pages
from tests.authorisation.world import PHONE, ROLES, own_view

pytestmark = pytest.mark.django_db

STEERING = {"clerk", "director", "head", "deputy", "convener", "conference_clerk"}
OVERSEE = STEERING | {"conference_director", "discipline"}
LEAD = {"liaison_lead", "leader_lead", "principal_lead"}
CO = {"liaison_co", "leader_co"}
INSIDE_A = OVERSEE | LEAD | CO
INSIDE_B = OVERSEE | {"liaison_other"}
SERVE = INSIDE_A | INSIDE_B | {"helper"}
MAKE_PACKS = {"clerk", "director", "head", "deputy", "discipline"}
CONFER = {"convener", "conference_clerk", "conference_director", "discipline"}
PAPERS = {"conference_clerk", "conference_director", "convener", "discipline"}
OFFICES = {"clerk", "director", "conference_clerk", "conference_director"}

# Who may read each word, anywhere.
READERS = {
    # the firm's own words
    "标题金丝雀甲": INSIDE_A | {"firm_a"},
    "正文金丝雀甲": INSIDE_A | {"firm_a"},
    "诉求联系人甲": INSIDE_A | {"firm_a"},
    "证据金丝雀甲": INSIDE_A | {"firm_a"},
    "附件内容证据金丝雀甲": INSIDE_A | {"firm_a"},
    "阶段答复金丝雀甲": INSIDE_A | {"firm_a"},
    # the firm is told what was agreed on the phone
    "通话记录金丝雀甲": INSIDE_A | {"firm_a"},
    "通话记录金丝雀乙": INSIDE_B | {"firm_b"},
    "标题金丝雀乙": INSIDE_B | {"firm_b"},
    "正文金丝雀乙": INSIDE_B | {"firm_b"},
    "诉求联系人乙": INSIDE_B | {"firm_b"},
    "证据金丝雀乙": INSIDE_B | {"firm_b"},
    "附件内容证据金丝雀乙": INSIDE_B | {"firm_b"},
    "阶段答复金丝雀乙": INSIDE_B | {"firm_b"},
    "新诉求内容金丝雀甲": OVERSEE | {"firm_a"},
    "走访内容金丝雀甲": OVERSEE | {"firm_a", "helper"},
    "答复全文金丝雀甲": OVERSEE | {"firm_a"},
    # internal work, which no firm may read
    "交办意见金丝雀甲": INSIDE_A,
    "协办意见金丝雀甲": INSIDE_A,
    "协办金丝雀甲": INSIDE_A,
    "附件内容协办金丝雀甲": INSIDE_A,
    "答复草稿金丝雀甲": INSIDE_A,
    "交办意见金丝雀乙": INSIDE_B,
    # firms and the offices' papers
    "联系人甲金丝雀": SERVE | {"firm_a"},
    "联系人乙金丝雀": SERVE | {"firm_b"},
    "地址金丝雀甲一号": SERVE | {"firm_a"},
    "地址金丝雀乙二号": SERVE | {"firm_b"},
    "导入金丝雀企业": OFFICES,
    "错行金丝雀": OFFICES,
    "调整原因金丝雀lead": LEAD | {"discipline"} | {"conference_clerk", "conference_director"},
    "通知金丝雀主办": {"liaison_lead"},
    # promises, rulings, rates
    "承诺金丝雀甲": INSIDE_A | {"firm_a"},
    "承诺金丝雀乙": INSIDE_B | {"firm_b"},
    "退单依据金丝雀": INSIDE_B,
    "裁定理由金丝雀": INSIDE_B,
    "剔除说明金丝雀甲": OVERSEE | LEAD,
    "剔除佐证金丝雀甲": OVERSEE | LEAD,
    "附件内容剔除佐证金丝雀甲": OVERSEE | LEAD,
    "剔除说明金丝雀乙": INSIDE_B,
    "固化说明金丝雀未公开": INSIDE_A | INSIDE_B,
    "核查用途金丝雀": MAKE_PACKS,
    # a firm that keeps its name
    "保密标题金丝雀": INSIDE_A | {"firm_b"},
    "保密人金丝雀": {"firm_b", "clerk", "director"},
    "附件内容保密金丝雀": {"firm_b", "clerk", "director"},
    "开启理由金丝雀lead": LEAD | {"clerk", "director", "discipline"},
    "开启理由金丝雀co": CO | {"clerk", "director", "discipline"},
    # public cases
    "草稿案例金丝雀": OVERSEE | LEAD,
    "征询案例金丝雀": OVERSEE | {"firm_a"},
    "待发案例金丝雀": OVERSEE | {"firm_a"},
    "公开案例金丝雀": set(ROLES),
    # the conference: who proposed, is asked, steers; what is restricted before anybody confirmed
    "主办议题正文金丝雀": CONFER | LEAD | CO,
    "材料金丝雀": set(),
    "修改意见金丝雀co": CONFER | LEAD | CO,
    "无关议题正文金丝雀": CONFER | {"liaison_other"},
    "限阅正文金丝雀": {"conference_clerk", "conference_director"},
    # titles stand in the list of all duties, which the task force's office and heads read too
    "筹备会议金丝雀": CONFER | STEERING,
    "调研方案金丝雀甲": CONFER | LEAD,
    "调研方案金丝雀乙": CONFER,
    "成员依据金丝雀": CONFER | LEAD | CO | {"liaison_other", "sysadmin"} | STEERING,
    # papers: inside the office until they are issued, then whom they are addressed to as well
    # (the list of all duties names the matter that waits)
    "公文金丝雀待签": PAPERS | STEERING | {"director"},
    "正文金丝雀待签": PAPERS,
    "正文金丝雀待印": PAPERS,
    "公文金丝雀已印": PAPERS | LEAD,
    "正文金丝雀已印": PAPERS | LEAD,
    "公文金丝雀限定": {"conference_clerk"},
    "正文金丝雀限定": {"conference_clerk"},
    # one's own
    "视图金丝雀甲": {"clerk"},
    **{own_view(role): {role} & SERVE for role in ROLES},
    "代理原因金丝雀lead": LEAD | {"conference_clerk", "conference_director", "discipline"},
    # on the desk that is lent, and in the list of what lies there
    "草稿件金丝雀甲": INSIDE_A | {"firm_a"},
    "代理原因金丝雀co": CO | {"conference_clerk", "conference_director", "discipline", "helper"},
}

# Whoever holds a signed link has what it opens; what that is, is a test of its own.
BY_LINK = ("/portal/r/", "/portal/f/", "/portal/c/")
# The empty import table shows how a number is written.
EXAMPLE_OF_A_NUMBER = "/enterprises/imports/template.xlsx"


@pytest.fixture(scope="module")
def read(world):
    """Everything each role gets to see, as text by path."""
    before = rows_of_everything()
    texts = {
        role: {
            path: keep(world, role, path, response).text for path, response in pages(world, role)
        }
        for role in ROLES
    }
    assert rows_of_everything() == before, "a GET has written"
    return texts


def rows_of_everything():
    """Every row of every table as text, save bookkeeping of visits and the mark "read"."""
    left_out = {"sessions.session", "usersessions.usersession", "kernel.ratecount"}
    left_out.add("kernel.documentreading")  # who was handed a document is written down
    return {
        model._meta.label_lower: [
            {**row["fields"], "pk": row["pk"], "read_at": None}
            for row in serializers.serialize("python", model._default_manager.order_by("pk"))
        ]
        for model in apps.get_models()
        if model._meta.label_lower not in left_out
    }


@pytest.mark.parametrize("word", READERS)
def test_exactly_those_read_a_word_who_may(read, word):
    readers = {
        role
        for role, texts in read.items()
        if any(word in text for path, text in texts.items() if not path.startswith(BY_LINK))
    }

    assert readers == READERS[word]


def test_a_signed_link_shows_title_and_answer_or_the_case_asked_about_and_nothing_else(read):
    shown = {
        word
        for path, text in read["visitor"].items()
        if path.startswith(BY_LINK)
        for word in READERS
        if word in text
    }

    assert shown == {"标题金丝雀甲", "答复全文金丝雀甲", "征询案例金丝雀"}


def test_what_lies_on_a_lent_desk_is_printed_for_those_it_concerns_alone(world, read):
    page = f"/organisation/handovers/{world.handover_full.pk}/"
    told = {role for role in ROLES if "草稿件金丝雀甲" in read[role][page]}

    assert told == {"leader_lead", "principal_lead", "conference_clerk", "conference_director"}


def test_a_full_phone_number_is_on_no_page(read):
    shown = [
        (role, path)
        for role, texts in read.items()
        for path, text in texts.items()
        if path != EXAMPLE_OF_A_NUMBER and PHONE in re.sub(r"[\s-]", "", text)
    ]

    assert shown == []


def test_no_token_and_no_session_key_is_on_any_page(world, read):
    secrets = {
        secret
        for role in ROLES
        for secret in (world.tokens[role], *world.cookies[role].values())
        if secret
    }

    shown = [
        (role, path)
        for role, texts in read.items()
        for path, text in texts.items()
        if any(secret in text for secret in secrets)
    ]

    assert shown == []


def test_the_crawl_went_far_enough_to_prove_something(read):
    assert {role: len(texts) >= 100 for role, texts in read.items()} == dict.fromkeys(ROLES, True)
