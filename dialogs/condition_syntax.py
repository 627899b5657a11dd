# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reading a condition: from the line an editor wrote to the tree that `dialogs.conditions` evaluates."""

from __future__ import annotations

import re

import msgspec

from dialogs.conditions import Among, And, Compare, Condition, Days, Literal, Missing, Name, Node, Not, Or

MAX_LENGTH = 500
MAX_DEPTH = 30


class ConditionError(ValueError):
    """The text is not a condition. `column` counts from 1; `remedy` says what to write instead."""

    def __init__(self, column: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.column, self.what, self.remedy = column, what, remedy


def read_condition(source: str) -> Condition:
    """Understand `source`. Raises `ConditionError`."""
    if len(source) > MAX_LENGTH:
        raise ConditionError(1, "the condition is too long", f"use at most {MAX_LENGTH} characters")
    parser = _Parser(source)
    tree = parser.alternatives(0)
    parser.expect_end()
    return Condition(source, tree)


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    column: int


_TOKEN = re.compile(
    r"""\s*(?:(?P<time>\d{1,2}:\d\d)(?![\w:.])|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<string>"[^"]*"|'[^']*')"""
    r"""|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<op><=|>=|!=|==|=|<|>)|(?P<mark>[(),\[\]]))""",
    re.ASCII,
)
_WORDS = frozenset({"and", "or", "not", "in", "is", "missing"})
_LITERALS = {"yes": True, "true": True, "no": False, "false": False}


def _tokens(source: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            column = at + len(source[at:]) - len(source[at:].lstrip()) + 1
            raise ConditionError(
                column,
                f"'{source[column - 1]}' does not belong in a condition",
                "use names, numbers, times such as 9:30, texts in quotes, = != < <= > >=, and, or, not, in, "
                "is missing, days since, days until",
            )
        text = match.group(match.lastgroup)
        kind = "word" if match.lastgroup == "name" and text in _WORDS else match.lastgroup
        found.append(_Token(kind, text, match.start(match.lastgroup) + 1))
        at = match.end()
    found.append(_Token("end", "the end", len(source) + 1))
    return found


class _Parser:
    """Recursive descent: or < and < not < comparison < operand."""

    def __init__(self, source: str) -> None:
        self._all = _tokens(source)
        self._at = 0

    @property
    def _now(self) -> _Token:
        return self._all[self._at]

    def _take(self, *texts: str) -> bool:
        if self._now.kind in ("word", "op", "mark") and self._now.text in texts:
            self._at += 1
            return True
        return False

    def _fail(self, remedy: str) -> ConditionError:
        token = self._now
        what = "the condition ends too early" if token.kind == "end" else f"'{token.text}' is not expected"
        return ConditionError(token.column, what, remedy)

    def expect_end(self) -> None:
        if self._now.kind != "end":
            raise self._fail("join conditions with 'and' or 'or'; put texts in quotes")

    def alternatives(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._fail(f"use at most {MAX_DEPTH} parentheses or 'not' inside one another")
        parts = [self._together(depth)]
        while self._take("or"):
            parts.append(self._together(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _together(self, depth: int) -> Node:
        parts = [self._negation(depth)]
        while self._take("and"):
            parts.append(self._negation(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _negation(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._fail(f"use at most {MAX_DEPTH} parentheses or 'not' inside one another")
        if self._take("not"):
            return Not(self._negation(depth + 1))
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        left = self._operand(depth)
        op = self._now.text
        if self._take("=", "==", "!=", "<", "<=", ">", ">="):
            return Compare("=" if op == "==" else op, left, self._operand(depth))
        if self._take("in"):
            return Among(left, self._options(depth))
        if self._take("not"):
            if not self._take("in"):
                raise self._fail("write: name not in (a, b)")
            return Not(Among(left, self._options(depth)))
        if self._take("is"):
            return self._is_missing(left)
        return left

    def _is_missing(self, left: Node) -> Node:
        negated = self._take("not")
        if not isinstance(left, Name) or not self._take("missing"):
            raise self._fail("write: name is missing, or: name is not missing; to compare, use =")
        return Not(Missing(left.name)) if negated else Missing(left.name)

    def _options(self, depth: int) -> tuple[Node, ...]:
        if not self._take("(", "["):
            raise self._fail("write the choices in parentheses: name in (1, 2, 3)")
        options = [self._operand(depth)]
        while self._take(","):
            options.append(self._operand(depth))
        if not self._take(")", "]"):
            raise self._fail("close the list with ')'")
        return tuple(options)

    def _operand(self, depth: int) -> Node:
        token = self._now
        if self._take("("):
            inner = self.alternatives(depth + 1)
            if not self._take(")"):
                raise self._fail("close the parenthesis with ')'")
            return inner
        if token.text == "days" and self._all[self._at + 1].text in ("since", "until"):
            return self._days()
        if token.kind not in ("number", "time", "string", "name"):
            raise self._fail("a name, a number or a text in quotes belongs here")
        self._at += 1
        if token.kind == "number":
            return Literal(float(token.text) if "." in token.text else int(token.text))
        if token.kind == "time":
            return Literal(_time(token))
        if token.kind == "string":
            return Literal(token.text[1:-1])
        if token.text in _LITERALS:
            return Literal(_LITERALS[token.text])
        return Name(token.text)

    def _days(self) -> Days:
        ahead = self._all[self._at + 1].text == "until"
        self._at += 2
        token = self._now
        if token.kind != "name":
            raise self._fail("write: days since name >= 14, or: days until name < 3")
        self._at += 1
        return Days(token.text, ahead)


def _time(token: _Token) -> str:
    """9:30 as 09:30, so that times compare as texts."""
    hour, _, minute = token.text.partition(":")
    if int(hour) > 23 or int(minute) > 59:
        raise ConditionError(token.column, f"'{token.text}' is no time of day", "write for example 9:30")
    return f"{int(hour):02}:{minute}"
