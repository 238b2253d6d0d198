import pytest

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import SYSTEM, LinkHolder
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry, OutboxMessage
from lianqi.kernel.workflow import State, Step, Workflow, workflows
from lianqi.organisation.enums import Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person
from tests.kernel.threads import together


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_step_at_once_one_wins_and_one_line_is_written():
    clerks = [office_clerk(), office_clerk()]
    pk = file_appeal().pk

    def accept(clerk):
        return actions.accept_appeal(Appeal.objects.get(pk=pk), actor=clerk).state

    results = together(*(lambda clerk=clerk: accept(clerk) for clerk in clerks))

    # The second is told that its copy is stale or, if it read later, that the step does not fit.
    lost = [result for result in results if isinstance(result, StepUnfit)]
    assert (len(lost), [r for r in results if r not in lost]) == (1, [AppealState.ACCEPTED])
    assert JournalEntry.objects.filter(verb="appeal.accept").count() == 1
    assert Duty.objects.filter(key="accept", state="done").count() == 1
    assert verify_journal().broken == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_different_steps_at_once_one_wins():
    firm, clerk = entrepreneur(), office_clerk()
    pk = file_appeal(firm).pk
    copies = [Appeal.objects.get(pk=pk), Appeal.objects.get(pk=pk)]

    results = together(
        lambda: actions.accept_appeal(copies[0], actor=clerk).state,
        lambda: actions.withdraw_appeal(copies[1], actor=firm, reason="不用了").state,
    )

    # The copies were read before either step: a stale copy must never overwrite the other's work.
    state = Appeal.objects.get(pk=pk).state
    won = [result for result in results if isinstance(result, str)]
    assert (len(won), state) == (1, won[0])
    assert JournalEntry.objects.filter(subject_id=pk).count() == 2


@pytest.mark.django_db
def test_a_stale_copy_is_refused():
    appeal, office = file_appeal(), office_clerk()
    old = Appeal.objects.get(pk=appeal.pk)
    actions.accept_appeal(appeal, actor=office)

    with pytest.raises(StaleState):
        actions.accept_appeal(old, actor=office)


@pytest.mark.django_db
def test_a_step_that_does_not_fit_says_what_the_matter_is_now():
    appeal, office = file_appeal(), office_clerk()
    actions.accept_appeal(appeal, actor=office)

    with pytest.raises(StepUnfit) as refused:
        actions.accept_appeal(appeal, actor=office)

    assert refused.value.message == (
        "这件诉求现在是“待派单”，不能“受理”：您已于2026年11月23日（周一）09:30“受理”。请刷新页面。"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["liaison", "firm", "system", "stranger's link"])
def test_the_wrong_person_takes_no_step_and_leaves_no_trace(who):
    appeal = file_appeal()
    actor = {
        "liaison": lambda: person(Post.LIAISON, unit=UnitFactory()),
        "firm": entrepreneur,
        "system": lambda: SYSTEM,
        "stranger's link": lambda: LinkHolder("appeals.rate", appeal.pk, "某某"),
    }[who]()
    lines = JournalEntry.objects.count()

    with pytest.raises(NotPermitted):
        actions.accept_appeal(appeal, actor=actor)

    appeal.refresh_from_db()
    assert (appeal.state, JournalEntry.objects.count()) == ("submitted", lines)


@pytest.mark.django_db
def test_a_failing_listener_rolls_the_whole_step_back(monkeypatch):
    appeal, office = file_appeal(), office_clerk()
    messages = OutboxMessage.objects.count()

    def refuse(subject, taking):
        raise RuleBroken("上级流程不允许")

    monkeypatch.setitem(APPEAL._after, "accept", [refuse])
    with pytest.raises(RuleBroken):
        actions.accept_appeal(appeal, actor=office)

    appeal.refresh_from_db()
    assert appeal.state == "submitted"
    assert list(Duty.objects.filter(state="open").values_list("key", flat=True)) == ["accept"]
    assert (JournalEntry.objects.count(), OutboxMessage.objects.count()) == (1, messages)


@pytest.mark.django_db
def test_the_buttons_are_exactly_the_steps_that_may_be_taken():
    appeal, office = file_appeal(), office_clerk()

    keys = {step.key for step in APPEAL.open_steps(appeal, office)}

    for key in APPEAL.steps:
        try:
            APPEAL.check_open(key, appeal, office)
            takes = True
        except (NotPermitted, StepUnfit):
            takes = False
        assert (key, key in keys) == (key, takes)


def test_a_table_that_names_unknown_states_is_refused():
    with pytest.raises(ValueError, match=r"t\.go names unknown states"):
        Workflow("t", "测试", [State("a", "甲")], [Step("go", "走", ["b"], "a", may="t.go")])

    assert "t" not in workflows()


def test_a_listener_for_a_step_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no step"):
        APPEAL.after("no_such_step")
