# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What an editor reads about a condition that is wrong, word for word; and how right ones are understood."""

from __future__ import annotations

import pytest

from dialogs.condition_syntax import MAX_DEPTH, MAX_LENGTH, ConditionError, read_condition
from dialogs.conditions import Among, And, Compare, Days, Literal, Missing, Name, Node, Not, Or

OPERAND = "a name, a number or a text in quotes belongs here"
LIST = "write the choices in parentheses: name in (1, 2, 3)"
MISSING = "write: name is missing, or: name is not missing; to compare, use ="
CHARACTERS = (
    "use names, numbers, times such as 9:30, texts in quotes, = != < <= > >=, and, or, not, in, "
    "is missing, days since, days until"
)
JOIN = "join conditions with 'and' or 'or'; put texts in quotes"
DEEP = "use at most 30 parentheses or 'not' inside one another"
DAYS = "write: days since name >= 14, or: days until name < 3"
EARLY = "the condition ends too early"


@pytest.mark.parametrize(
    ("source", "column", "what", "remedy"),
    [
        ("a <", 4, EARLY, OPERAND),
        ("a < and", 5, "'and' is not expected", OPERAND),
        ("a ~ 2", 3, "'~' does not belong in a condition", CHARACTERS),
        ("a   $", 5, "'$' does not belong in a condition", CHARACTERS),
        ("a 2", 3, "'2' is not expected", JOIN),
        ("a in 3", 6, "'3' is not expected", LIST),
        ("a in", 5, EARLY, LIST),
        ("a in (1", 8, EARLY, "close the list with ')'"),
        ("a not 3", 7, "'3' is not expected", "write: name not in (a, b)"),
        ("a is 3", 6, "'3' is not expected", MISSING),
        ("3 is missing", 6, "'missing' is not expected", MISSING),
        ("(a", 3, EARLY, "close the parenthesis with ')'"),
        ("days since 3", 12, "'3' is not expected", DAYS),
        ("b and days until", 17, EARLY, DAYS),
        ("a = 24:00", 5, "'24:00' is no time of day", "write for example 9:30"),
        ("a = 9:60", 5, "'9:60' is no time of day", "write for example 9:30"),
        ("a" * (MAX_LENGTH + 1), 1, "the condition is too long", "use at most 500 characters"),
        ("(" * (MAX_DEPTH + 1) + "a", MAX_DEPTH + 2, "'a' is not expected", DEEP),
        ("not " * (MAX_DEPTH + 1) + "a", 4 * (MAX_DEPTH + 1) + 1, "'a' is not expected", DEEP),
        ("1 = " + "(" * (MAX_DEPTH + 1) + "a", MAX_DEPTH + 6, "'a' is not expected", DEEP),
        ("1 in ((a), " + "(" * (MAX_DEPTH + 1) + "a", MAX_DEPTH + 13, "'a' is not expected", DEEP),
    ],
)
def test_a_fault_names_its_place_what_is_wrong_and_what_to_do(
    source: str, column: int, what: str, remedy: str
) -> None:
    with pytest.raises(ConditionError) as caught:
        read_condition(source)
    fault = caught.value
    assert (fault.column, fault.what, fault.remedy, str(fault)) == (column, what, remedy, what)


A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("a", A),
        ("(a)", A),
        ("a or b and c", Or((A, And((B, C))))),
        ("(a or b) and c", And((Or((A, B)), C))),
        ("not a and b", And((Not(A), B))),
        ("a = 1", Compare("=", A, Literal(1))),
        ("a == 1.5", Compare("=", A, Literal(1.5))),
        ("a >= -2", Compare(">=", A, Literal(-2))),
        ('a != "b"', Compare("!=", A, Literal("b"))),
        ("a not in ['b', c]", Not(Among(A, (Literal("b"), C)))),
        ("a in (1)", Among(A, (Literal(1),))),
        ("a.b is missing", Missing("a.b")),
        ("a is not missing", Not(Missing("a"))),
        ("days since a > 3", Compare(">", Days("a", False), Literal(3))),
        ("b or days until a.b < 3", Or((B, Compare("<", Days("a.b", True), Literal(3))))),
        ("days", Name("days")),
        ("days > 3", Compare(">", Name("days"), Literal(3))),
        ("a = days", Compare("=", A, Name("days"))),
        ("a < 9:05", Compare("<", A, Literal("09:05"))),
        ("a < 23:59 or a > 0:00", Or((Compare("<", A, Literal("23:59")), Compare(">", A, Literal("00:00"))))),
        ("a = yes or a = false", Or((Compare("=", A, Literal(True)), Compare("=", A, Literal(False))))),
    ],
)
def test_how_it_is_understood(source: str, tree: Node) -> None:
    condition = read_condition(source)
    assert condition.tree == tree
    assert condition.source == source


@pytest.mark.parametrize(("source", "kind"), [("2", int), ("2.0", float), ("yes", bool), ("'2'", str)])
def test_the_kind_of_a_value_is_kept(source: str, kind: type) -> None:
    tree = read_condition(source).tree
    assert isinstance(tree, Literal)
    assert type(tree.value) is kind


def test_the_limits_themselves_are_allowed() -> None:
    assert read_condition("a" * MAX_LENGTH).tree == Name("a" * MAX_LENGTH)
    assert read_condition("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH).tree == A
    assert read_condition("not " * MAX_DEPTH + "a").names() == {"a"}
    assert read_condition("a  ").tree == A
