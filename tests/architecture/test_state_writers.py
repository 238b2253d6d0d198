"""Only the workflow engine moves a record from state to state.

A record belongs to a workflow if its ``state`` column has the same choices as the workflow has
states. Elsewhere a state may be written only as a member of the enum of a model without workflow
(a duty, a message, an import): by name, or through a name that is annotated with such an enum. A
variable, a plain string or a workflow's own enum is refused, whatever the record is called.
"""

import ast
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from lianqi.kernel.workflow import workflows

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianqi"
ENGINE = SOURCE / "kernel" / "workflow.py"
WRITING_CALLS = {"update", "create", "update_or_create", "get_or_create", "bulk_create"}
MODULES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if path != ENGINE and "migrations" not in path.parts and "engines" not in path.parts
]


@cache
def stateful_models():
    """Return (model names, enum class names) of workflow subjects, and enum names of the others."""
    bound, free = set(), set()
    tables = [set(workflow.states) for workflow in workflows().values()]
    for model in apps.get_models():
        try:
            field = model._meta.get_field("state")
        except FieldDoesNotExist:
            continue
        values = {value for value, _ in field.choices or ()}
        if values and values not in tables:
            free.add(frozenset(values))
        elif values:
            bound.add(model.__name__)
    return bound, free


@cache
def free_enums():
    """Return the names of the enums whose members are states of models without workflow."""
    _, free = stateful_models()
    names = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and enum_values(node) in free:
                names.add(node.name)
    return names


def enum_values(node):
    """Return the stored values of a TextChoices class."""
    found = set()
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple) and line.value.elts:
            first = line.value.elts[0]
            if isinstance(first, ast.Constant):
                found.add(first.value)
    return frozenset(found)


def writes(tree):
    """Yield (line, written value or None, annotations in sight) for every write of a ``state``."""
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            known = annotations(scope)
            for node in own_nodes(scope):
                for value in written(node):
                    yield node.lineno, value, known


def own_nodes(scope):
    """Walk a function or module without the functions inside it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def annotations(scope):
    """Return the annotated names of a function: its arguments."""
    if isinstance(scope, ast.Module):
        return {}
    every = [*scope.args.args, *scope.args.kwonlyargs]
    return {arg.arg: ast.unparse(arg.annotation) for arg in every if arg.annotation}


def written(node):
    """Yield what the node writes into a ``state``; None where that cannot be told."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from paired(target, node.value)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign) and is_state(node.target):
        # A bare annotation declares a field of a dataclass; it writes nothing.
        if node.value is not None:
            yield node.value
    elif isinstance(node, ast.Call):
        yield from called(node)


def paired(target, value):
    if isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [None] * len(target.elts)
        for one, part in zip(target.elts, parts, strict=False):
            yield from paired(one, part)
    elif is_state(target):
        yield value


def is_state(target):
    return isinstance(target, ast.Attribute) and target.attr == "state"


def called(node):
    """Yield states handed to setattr, to a writing queryset method or to a model's constructor."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    bound, _ = stateful_models()
    if name in ("setattr", "__setattr__") and any(
        isinstance(arg, ast.Constant) and arg.value == "state" for arg in node.args
    ):
        yield node.args[-1]
    if name in WRITING_CALLS or name in bound:
        yield from (value for keyword in node.keywords for value in handed(keyword))
    if name == "bulk_update" and any("'state'" in ast.unparse(arg) for arg in node.args):
        yield None


def handed(keyword):
    """Yield the states in one keyword: state=…, defaults={…} or **{…}."""
    if keyword.arg == "state":
        yield keyword.value
    elif keyword.arg in ("defaults", None) and isinstance(keyword.value, ast.Dict):
        yield from in_dict(keyword.value)


def in_dict(node):
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == "state":
            yield value


def is_free(value, known, enums):
    """Whether the value can only be a state of a model without workflow."""
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
        return value.value.id in enums
    return isinstance(value, ast.Name) and known.get(value.id) in enums


def assigned_from_free(tree, name, enums):
    """Whether every plain assignment to the name in the module is a member of a free enum."""
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    return bool(values) and all(is_free(value, {}, enums) for value in values)


def offences(source):
    tree, enums = ast.parse(source), free_enums()
    return [
        line
        for line, value, known in writes(tree)
        if not is_free(value, known, enums)
        and not (isinstance(value, ast.Name) and assigned_from_free(tree, value.id, enums))
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_but_the_engine_writes_the_state_of_a_workflow_record(path):
    source = path.read_text()

    assert (offences(source) if "state" in source else []) == []


def test_raw_sql_writes_no_state():
    # Raw SQL could pass every rule above; there is none that updates, but for the index of search,
    # whose tables hold texts and no state.
    found = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lstrip().upper().startswith(("UPDATE ", "INSERT "))
        and not node.value.startswith("INSERT INTO kernel_search")
    ]

    assert found == []


def test_every_workflow_has_its_model():
    bound, _ = stateful_models()

    assert len(bound) == len(workflows())


@pytest.mark.parametrize(
    "source",
    [
        "def f(appeal):\n    appeal.state = AppealState.CLOSED",
        "def f(appeal):\n    appeal.state = 'closed'",
        "def f(appeal, state):\n    appeal.state = state",
        "def f(a):\n    a.note, a.state = '', AppealState.CLOSED",
        "def f(a, pair):\n    a.note, a.state = pair",
        "def f(rows):\n    rows.update(state=AppealState.CLOSED)",
        "def f(rows, facts):\n    rows.update(**{'state': 'closed'})",
        "def f(rows):\n    rows.bulk_update(rows, ['state'])",
        "def f(appeal):\n    setattr(appeal, 'state', 'closed')",
        "def f():\n    Appeal(state='closed')",
        "def f():\n    Appeal.objects.update_or_create(pk=1, defaults={'state': 'closed'})",
    ],
)
def test_the_rule_finds(source):
    assert len(offences(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(duty):\n    duty.state = DutyState.DONE",
        "def f(duty, ended: DutyState):\n    duty.state, duty.x = ended, 1",
        "def f(rows):\n    rows.update(state=OutboxState.WAITING)",
        "def f(rows):\n    rows.filter(state=AppealState.CLOSED)",
        "class Line:\n    state: str",
    ],
)
def test_the_rule_lets_pass(source):
    assert offences(source) == []
