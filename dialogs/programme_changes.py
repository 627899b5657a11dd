# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What another version of a programme changes, as far as anybody in it could notice."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dialogs.programme_model import Length, Phase, Programme


class Changed(msgspec.Struct, frozen=True):
    """One difference. `phase`: whom it concerns, the people in that phase; "" for everybody.

    `what` is the place in the file, `before` and `after` its values in plain words, "-" where there is none.
    """

    phase: str
    what: str
    before: str
    after: str


def changes(old: Programme, new: Programme) -> list[Changed]:
    """Every difference, the programme's own first, then phase by phase in the new order."""
    return [*_own(old, new), *_phases(old, new)]


def vanished(old: Programme, new: Programme) -> dict[str, str]:
    """The phases that are gone, and where their people go on; "" where the file does not say."""
    gone = [name for name in old.phases if name not in new.phases]
    return {name: new.moved.get(name, "") for name in gone}


def _own(old: Programme, new: Programme) -> Iterator[Changed]:
    pairs = {
        "title": (_texts(old.title), _texts(new.title)),
        "register": (old.register.value, new.register.value),
        "roles": (_roles(old), _roles(new)),
        "your_coach": (_texts(old.your_coach), _texts(new.your_coach)),
        "languages": (_words(old.languages), _words(new.languages)),
        "limit": (_limit(old), _limit(new)),
        "caseload": (_number(old.caseload), _number(new.caseload)),
        "contact": (_days(old.contact), _days(new.contact)),
        "consents": (_words(old.consents), _words(new.consents)),
        "policies": (old.policies, new.policies),
        "plans": (_words(old.plans), _words(new.plans)),
        "dialogs": (_words(old.dialogs), _words(new.dialogs)),
        "score_pack": (old.score_pack or "-", new.score_pack or "-"),
        "holidays": (old.holidays or "-", new.holidays or "-"),
        "help_plans": (_words(tuple(old.help_plans)), _words(tuple(new.help_plans))),
        "evaluation": (_points(old), _points(new)),
    }
    yield from (Changed("", what, *pair) for what, pair in pairs.items() if pair[0] != pair[1])


def _phases(old: Programme, new: Programme) -> Iterator[Changed]:
    for name, target in vanished(old, new).items():
        yield Changed(
            name, f"phases.{name}", "there", f"gone, people go on in {target}" if target else "gone"
        )
    for name, phase in new.phases.items():
        before = old.phases.get(name)
        if before is None:
            yield Changed(name, f"phases.{name}", "-", "new")
        elif before != phase:
            pairs = zip(_said(before).items(), _said(phase).values(), strict=True)
            yield from (
                Changed(name, f"phases.{name}.{what}", one, other)
                for (what, one), other in pairs
                if one != other
            )


def _said(phase: Phase) -> dict[str, str]:
    return {
        "title": _texts(phase.title),
        "entry": phase.entry.value,
        "after": _words(phase.after),
        "overlaps": "yes" if phase.overlaps else "no",
        "usual": _length(phase.usual),
        "proposed_at": _number(phase.proposed_at),
        "leaving": phase.leaving or "-",
        "dialogs": _words(phase.dialogs),
        "plans": _words(phase.plans),
        "contact": _days(phase.contact),
        "entry_date": phase.entry_date or "-",
        "exit_date": phase.exit_date or "-",
    }


def _texts(texts: dict[str, str]) -> str:
    return texts.get("de") or next(iter(texts.values()), "-")


def _roles(programme: Programme) -> str:
    return _words(tuple(f"{role}: {_texts(texts)}" for role, texts in programme.roles.items()))


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(words) or "-"


def _number(number: int) -> str:
    return str(number) if number else "-"


def _days(days: int) -> str:
    return f"{days} days" if days else "-"


def _length(length: Length) -> str:
    if not length:
        return "-"
    return f"{length.months} months" if length.months else f"{length.days} days"


def _limit(programme: Programme) -> str:
    limit = programme.limit
    if limit is None:
        return "-"
    return f"{limit.months} months, warnings {', '.join(map(str, limit.warnings)) or '-'}"


def _points(programme: Programme) -> str:
    points = programme.evaluation.points if programme.evaluation else ()
    return ", ".join(point.id for point in points) or "-"
