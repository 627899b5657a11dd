# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Small invented dialogs that want the floor, and what a test asks the store about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.ports import UnitOfWork
from bot.services import floor
from bot.services.receive import open_visit
from bot.storage.tables import audit, conversation, timer
from bot.storage.unit_of_work import SqlUnitOfWork
from dialogs.parse import parse
from tests.services.stage import Actor, Stage

DAY = timedelta(days=1)

_HEAD = """format: 1
dialog: {name}
version: 1
title: {{de: {name}, en: {name}}}
{header}steps:
"""
_QUESTION = """  ask:
    yes_no: {{de: "{de}", en: "{en}"}}
    timeout: {{after: 1 day}}
  thanks:
    say: {{de: "{name} ist fertig.", en: "{name} is done."}}
  done:
    end: completed
"""


def _question(name: str, de: str, en: str, header: str = "") -> str:
    return _HEAD.format(name=name, header=header) + _QUESTION.format(name=name, de=de, en=en)


SOURCES = {
    "appointment": _question("appointment", "Passt der Termin?", "Does it suit you?", "priority: high\n"),
    "thing": _question(
        "thing", "Ist {thing} da, {coach}?", "Is {thing} there?", "facts: {coach: , thing: }\n"
    ),
    "letter": _question("letter", "Ist der Brief da?", "Is the letter there?"),
    "parcel": _question("parcel", "Ist das Paket da?", "Is the parcel there?"),
    "idea": _question("idea", "Haben Sie eine Idee?", "Any idea?", "priority: low\n"),
    "greeting": _HEAD.format(name="greeting", header="")
    + """  hello:
    say: {de: Einen schönen Tag!, en: Have a nice day!}
  done:
    end: completed
""",
    "language": _HEAD.format(name="language", header="")
    + """  which:
    choose: {de: Welche Sprache möchten Sie?, en: Which language would you like?}
    options:
      de: {de: Deutsch, en: German}
      en: {de: Englisch, en: English}
    remember: language
    timeout: {after: 1 hour}
  done:
    end: completed
""",
    "my_data": _HEAD.format(name="my_data", header="")
    + """  what:
    say: {de: Das ist über Sie gespeichert., en: This is kept about you.}
  done:
    end: completed
""",
    "worries": _HEAD.format(name="worries", header="")
    + """  first:
    text: {de: Was beschäftigt Sie?, en: What is on your mind?}
    raise: {level: R1, reason: first_worry}
    timeout: {after: 1 day}
  second:
    text: {de: Was noch?, en: What else?}
    raise: {level: R1, reason: second_worry}
    timeout: {after: 1 day}
  done:
    end: completed
""",
    "visits": _HEAD.format(name="visits", header="")
    + """  first:
    yes_no: {de: Waren Sie schon da?, en: Have you been there?}
    timeout: {after: 1 day}
  quiet:
    wait: 2 days
  second:
    yes_no: {de: Und wie ist es jetzt?, en: And how is it now?}
    timeout: {after: 1 day}
  done:
    end: completed
""",
}


def add_dialogs(stage: Stage) -> None:
    """Put the invented dialogs into the stage's book; again after each restart."""
    book = stage.rules.book
    for name, source in SOURCES.items():
        book = book.with_dialog(parse(source, f"{name}.yaml", {}))
    stage.rules = replace(stage.rules, book=book)


def want(
    stage: Stage,
    dialog: str,
    kind: Kind = Kind.REMINDER,
    keep_for: timedelta = DAY,
    subject: str = "",
) -> bool:
    """We would like to begin a dialog with the first participant. False if it is under way already."""

    def use_case(uow: UnitOfWork) -> bool:
        visit = open_visit(uow, stage.rules, 1, stage.now)
        assert visit is not None
        is_new = floor.want(visit, dialog, kind, keep_for, subject)
        visit.finish()
        return is_new

    is_new = stage.run(use_case)
    stage.deliver()
    return is_new


def under_way(stage: Stage) -> list[Underway]:
    """What has not ended."""
    return stage.run(lambda uow: uow.talks.under_way(1))


def states(stage: Stage) -> dict[str, ConversationState]:
    """Where each dialog that has not ended stands."""
    return {row.dialog: row.state for row in under_way(stage)}


def ended(stage: Stage) -> list[tuple[str, str, bool]]:
    """The last conversations that ended: dialog, outcome, and whether they are only a part."""

    def read(uow: UnitOfWork) -> list[tuple[str, str, bool]]:
        assert isinstance(uow, SqlUnitOfWork)
        columns = (conversation.c.dialog, conversation.c.outcome, conversation.c.partial)
        query = select(*columns).where(conversation.c.state == "ended", conversation.c.dialog != "welcome")
        return [(row[0], row[1], row[2]) for row in uow.connection.execute(query.order_by(conversation.c.id))]

    return stage.run(read)


def dropped(stage: Stage) -> list[str]:
    """The dialogs of which the audit log says that they could not begin."""

    def read(uow: UnitOfWork) -> list[str]:
        assert isinstance(uow, SqlUnitOfWork)
        query = select(audit.c.subject).where(audit.c.action == "dialog_not_begun").order_by(audit.c.id)
        return [row[0].partition(" ")[2] for row in uow.connection.execute(query)]

    return stage.run(read)


def timer_keys(stage: Stage) -> set[str]:
    """The timers that wait."""

    def read(uow: UnitOfWork) -> set[str]:
        assert isinstance(uow, SqlUnitOfWork)
        return {row[0] for row in uow.connection.execute(select(timer.c.dedup))}

    return stage.run(read)


def moods(stage: Stage) -> list[str]:
    """The values of the first participant's answers about their mood."""
    return [a.value or "" for a in stage.run(lambda uow: uow.talks.answers(1)) if a.key == "mood"]


def begins_checkin(mia: Actor) -> None:
    """The person asks for the check-in and sees its first question."""
    mia.writes("checkin")
    mia.hears("Wie geht es Ihnen heute?")
