"""Search: whatever is written is found by any part of it, and by nothing a reader may not see."""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lianqi.engines.textmining import searchable
from lianqi.kernel.models import NumberSeries, SearchEntry
from lianqi.kernel.search import (
    Scope,
    Term,
    Text,
    find,
    finding,
    first_hit,
    index,
    index_subject,
    marked,
    read_query,
    searched_through,
)

ABOUT = "kernel.numberseries"
EVERY = frozenset(Scope)
# Few characters, so that texts share grams; all the marks that mean something to a database.
CHARACTERS = st.one_of(
    st.sampled_from("停电影响企业PVC管材5Ｇ５ab%_\\'\"*-—，。 \n\u3000()（）:"), st.characters()
)
TEXTS = st.lists(st.text(CHARACTERS, max_size=30), min_size=1, max_size=6)
thorough = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def shelf(db, monkeypatch):
    """Index invented records: each a dict of scope and text, found by its place from 1."""
    kept = {}
    # Registered for this test alone.
    monkeypatch.setattr(index, "_composers", dict(index._composers))
    searched_through(ABOUT, lambda subjects: {one.pk: kept[one.pk] for one in subjects})

    def put(*records):
        for number, record in enumerate(records, 1):
            kept[number] = {scope: [Text("内容", text)] for scope, text in record.items()}
            index_subject(NumberSeries(pk=number))

    return put


@contextmanager
def undone():
    """Take back what is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found(text, scopes=EVERY, fields=None):
    query = read_query(text, fields or {})
    condition = find(query, about=ABOUT, scopes=scopes, fields=fields).condition
    # The entries stand in for the records: their own key is what a record's key would be.
    kept = SearchEntry.objects.filter(subject_type=ABOUT).values_list("subject_id", flat=True)
    existing = NumberSeries.objects.filter(condition).values_list("pk", flat=True)
    assert set(existing) <= set(kept)
    return sorted(existing)


@pytest.fixture
def records(shelf):
    """Put records that exist, for a condition to be asked of."""

    def put(*texts):
        NumberSeries.objects.bulk_create(
            NumberSeries(pk=number, key=f"k{number}", year=number)
            for number in range(1, len(texts) + 1)
        )
        shelf(*[text if isinstance(text, dict) else {Scope.OPEN: text} for text in texts])

    return put


# --- recall


@thorough
@given(texts=TEXTS, data=st.data())
def test_any_part_of_any_text_is_found_and_the_result_is_that_of_a_plain_scan(records, texts, data):
    text = data.draw(st.sampled_from(texts))
    begin = data.draw(st.integers(0, len(text)))
    part = searchable(text[begin : data.draw(st.integers(begin, len(text)))])
    if not part or any(mark in part for mark in '"“”„«»「」『』'):
        part = "停电"

    with undone():
        records(*texts)
        answer = found(f'"{part}"')

    scan = [number for number, one in enumerate(texts, 1) if part in searchable(one)]
    assert answer == scan


@thorough
@given(texts=TEXTS, query=st.text(CHARACTERS, max_size=40))
@example(texts=["停电"], query='"' * 50)
@example(texts=["停电"], query="\x00")
@example(texts=["停电"], query="停电 AND NOT NEAR(影响) OR *")
@example(texts=["停电"], query="' OR 1=1 --")
@example(texts=["停电"], query='- -停电 -"" 或 或 OR 标题: 标题:停')
def test_whatever_is_typed_equals_a_plain_reading_of_it(records, texts, query):
    read = read_query(query)

    with undone():
        records(*texts)
        answer = found(query)

    assert answer == [number for number, one in enumerate(texts, 1) if scanned(one, read)]


def scanned(text, query):
    plain = searchable(text)
    wanted = all(any(term.text in plain for term in clause) for clause in query.clauses)
    return wanted and not any(term.text in plain for term in query.excluded)


@thorough
@given(first=st.text(), second=st.text())
def test_the_searched_form_of_a_text_is_that_of_its_parts(first, second):
    assert searchable(first + second) == searchable(first) + searchable(second)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("编号SQ2026-00012", "sq2026-00012"),
        ("编号SQ2026-00012", "00012"),
        ("需要 PVC 管材", "PVC管材"),
        ("需要ＰＶＣ管材", "pvc"),
        ("５Ｇ基站", "5G"),
        ("停\n电", "停电"),
        ("Café 开业", "cafe"),
        ("停电", "停"),
        ("停电", "电"),
        ("𠮷野家", "𠮷"),
        ("面积100㎡", "m2"),
        ("100%_\\'", "%_\\'"),
    ],
)
def test_mixed_writing_is_found(records, text, asked):
    records("别的内容", text)

    assert found(f'"{asked}"') == [2]


def test_a_word_is_not_found_across_two_texts(records, shelf):
    records("占位")
    SearchEntry.objects.all().delete()
    kept = {1: {Scope.OPEN: [Text("内容", "甲停"), Text("答复", "电乙")]}}
    searched_through(ABOUT, lambda subjects: kept)
    index_subject(NumberSeries(pk=1))

    assert (found("停电"), found("停 电")) == ([], [1])


def test_what_was_changed_is_no_longer_found_by_its_old_text(records, shelf):
    records("停电三次", "停电")
    shelf({Scope.OPEN: "停水三次"})

    assert (found("停电"), found("停水"), found("三次")) == ([2], [1], [1])


# --- scopes


def test_each_word_must_be_found_in_a_scope_the_reader_may_see(records):
    records(
        {Scope.OPEN: "停电", Scope.INTERNAL: "拟拒绝", Scope.NAME: "甲公司", Scope.SEALED: "密封者"}
    )
    firm = {Scope.OPEN, Scope.NAME}

    assert [found(text, firm) for text in ("停电 甲公司", "停电 拒绝", "密封者", "-拒绝 停电")] == [
        [1],
        [],
        [],
        [1],
    ]
    assert found("停电 拒绝 密封") == [1]


def test_a_reader_of_nothing_finds_nothing(records):
    records("停电")

    assert (found("停电", set()), found("-停水", set())) == ([], [1])


def test_a_field_narrows_where_a_word_is_looked_for(records):
    records({Scope.TITLE: "停电", Scope.OPEN: "停水"}, {Scope.TITLE: "停水", Scope.OPEN: "停电"})
    fields = {"标题": (Scope.TITLE,)}

    assert [
        found(text, fields=fields) for text in ("标题:停电", "标题：停水 停电", "-标题:停电")
    ] == [
        [1],
        [2],
        [2],
    ]


# --- the grammar


@pytest.mark.parametrize(
    ("said", "clauses", "excluded"),
    [
        ("停电 影响", [["停电"], ["影响"]], []),
        ("停电　影响", [["停电"], ["影响"]], []),
        ("“停电 影响”", [["停电影响"]], []),
        ('"停电 影响', [["停电影响"]], []),
        ("停电 -夜间", [["停电"]], ["夜间"]),
        ("停电 －夜间", [["停电"]], ["夜间"]),
        ("停电 或 停水 影响", [["停电", "停水"], ["影响"]], []),
        ("停电 OR 停水 | 断气", [["停电", "停水", "断气"]], []),
        ("或 停电 或", [["停电"]], []),
        ("时间:八点", [["时间:八点"]], []),
        ("8:30", [["8:30"]], []),
        ("- -", [["-"], ["-"]], []),
        ("", [], []),
    ],
)
def test_the_grammar_reads_what_people_type(said, clauses, excluded):
    query = read_query(said)

    assert [[term.text for term in clause] for clause in query.clauses] == clauses
    assert [term.text for term in query.excluded] == excluded


def test_a_field_is_known_by_its_name_and_either_colon():
    query = read_query("标题：停电 企业:甲", {"标题"})

    assert query.clauses == ((Term("停电", "标题"),), (Term("企业:甲"),))


def test_too_much_is_cut_and_said():
    long, many = read_query("电" * 10_000), read_query(" ".join("电水气路网" * 4))

    assert [len(term.text) for term in long.wanted] == [200]
    assert len(many.clauses) == 16
    assert [len(query.notes) for query in (long, many)] == [1, 1]


def test_nothing_to_search_is_said():
    query = read_query("\x00 \u200b")

    assert (bool(query), len(query.notes)) == (False, 1)


# --- the three plans


@pytest.mark.parametrize(
    ("rare", "often", "listed"), [(1, 1, None), (1, 99, {1, 2, 3}), (9, 1, {1, 2, 3})]
)
def test_every_plan_finds_the_same(records, monkeypatch, rare, often, listed):
    monkeypatch.setattr(finding, "RARE", rare)
    monkeypatch.setattr(finding, "OFTEN", often)
    records("停电一", "停电二", "停电三", "停水")

    plan = find(read_query("停电"), about=ABOUT, scopes=EVERY)

    assert plan.ids == (None if listed is None else frozenset(listed))
    assert found("停电") == [1, 2, 3]


def test_too_many_to_be_listed_are_walked(records, monkeypatch):
    monkeypatch.setattr(finding, "RARE", 1)
    monkeypatch.setattr(finding, "MOST_LISTED", 2)
    records("停电一", "停电二", "停电三", "停水")

    plan = find(read_query("停电"), about=ABOUT, scopes=EVERY)

    assert (plan.ids, plan.is_frequent) == (None, True)
    assert found("停电") == [1, 2, 3]


def test_a_common_single_character_is_walked_without_asking_the_index(records, monkeypatch):
    monkeypatch.setattr(finding, "OFTEN", 2)
    records("停电一", "停电二", "停水")

    plan = find(read_query("电"), about=ABOUT, scopes=EVERY)

    assert (plan.ids, found("电")) == (None, [1, 2])


def test_the_index_is_asked_and_not_the_table(records):
    records("停电", "停水")
    asked = find(read_query("停电"), about=ABOUT, scopes=EVERY)

    assert asked.ids == {1}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT rowid FROM kernel_searchgrams WHERE kernel_searchgrams MATCH '\"停电\"'"
            )
        else:
            cursor.execute("SELECT id FROM kernel_searchentry WHERE array_length(grams, 1) > 0")
        assert cursor.fetchall()


# --- marks


def test_hits_are_marked_as_they_were_written_and_markup_is_escaped():
    query = read_query("pvc管材 停电")

    assert marked("<b>ＰＶＣ 管材</b>停电停电", query) == (
        "&lt;b&gt;<mark>ＰＶＣ 管材</mark>&lt;/b&gt;<mark>停电停电</mark>"
    )


def test_a_piece_is_cut_around_the_first_word_and_names_its_text():
    texts = [Text("内容", "没有"), Text("答复", "前" * 40 + "已恢复供电" + "后" * 90)]

    hit = first_hit(texts, read_query("供电"))

    assert (hit.label, hit.piece) == (
        "答复",
        "…" + "前" * 15 + "已恢复<mark>供电</mark>" + "后" * 58 + "…",
    )


def test_nothing_is_marked_where_nothing_is_found():
    query = read_query("-停电 停水")

    assert (marked("停电", query), first_hit([Text("内容", "停电")], query)) == ("停电", None)
