# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A case with content everywhere, and people whom it does not concern."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select

from bot.domain.messages import DataClass
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services.case_notes import note
from bot.storage.tables import metadata
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.services.at_desk import at_desk
from tests.services.stage import Actor, Stage

ELSEWHERE = 2
WORDS = "Ich will nicht mehr leben, sagt der Kanarienvogel"
NOTE = "Notiz mit Kanarienvogel"
NAME = "Mia Muster"
PLACE = "Kanariengasse 7"
#: What nobody may see whom the case does not concern.
CONTENT = ("Kanarienvogel", "Kanariengasse", NAME)
#: Tables that outsiders fill by what they type and press for themselves, or that hold what was said to them.
_THEIRS = frozenset(
    {
        "incoming",
        "outgoing",
        "audit",
        "staff",
        "absence",
        "address",
        "appointment_entry",
        "reach_test",
        "duty_told",
    }
)


class Outsider(StrEnum):
    """People with an account in the staff's messenger whom the case does not concern."""

    COLLEAGUE = "colleague"
    ADMIN = "admin"
    EVALUATOR = "evaluator"
    PARTNER = "partner"
    EMPLOYER = "employer"
    STRANGER = "stranger"


@dataclass
class Case:
    """Mia's open concern with Berta, and somebody beside it."""

    stage: Stage
    berta: Actor
    mia: Actor
    concern_id: int
    code: str
    appointment: int

    def state(self) -> dict[str, list[str]]:
        """Everything that is kept, but for what outsiders do with themselves."""

        def read(uow: UnitOfWork) -> dict[str, list[str]]:
            assert isinstance(uow, SqlUnitOfWork)
            found = {}
            for name, table in metadata.tables.items():
                if name not in _THEIRS:
                    rows = [str(tuple(row)) for row in uow.connection.execute(select(table))]
                    found[name] = sorted(row for row in rows if "digest" not in row)
            return found

        return self.stage.run(read)

    def outsider(self, who: Outsider) -> Actor:
        """Somebody whom the case does not concern."""
        roles = {
            Outsider.COLLEAGUE: Role.COACH,
            Outsider.ADMIN: Role.ADMIN,
            Outsider.EVALUATOR: Role.EVALUATOR,
            Outsider.PARTNER: Role.PARTNER,
            Outsider.EMPLOYER: Role.EMPLOYER_CONTACT,
        }
        if who in roles:
            return self.stage.staff("Karl Kollege", roles[who])
        stranger = self.stage.run(
            lambda uow: uow.people.add_staff(ELSEWHERE, "Fritz Fremd", Role.LEAD, "", "de")
        )
        self.stage.run(
            lambda uow: uow.people.add_address(ELSEWHERE, "telegram_staff", "fritz", staff_id=stranger)
        )
        return Actor(self.stage, "telegram_staff", "fritz", stranger)


def open_case(stage: Stage, berta: Actor, mia: Actor) -> Case:
    """A concern in Berta's hand with words, a note, an appointment; the messenger may carry all of it."""
    here = stage.rules.agencies[1]
    here = replace(here, channel_classes={**here.channel_classes, "telegram_staff": DataClass.HEALTH})
    stage.rules = replace(
        stage.rules,
        agencies={1: here, ELSEWHERE: replace(here, id=ELSEWHERE)},
        hours={**stage.rules.hours, ELSEWHERE: stage.rules.hours[1]},
    )
    stage.run(lambda uow: uow.ledger.ensure_agency(ELSEWHERE, "Anderswo", stage.now))
    mia.writes(WORDS)
    concern = stage.concerns()[0]
    stage.run(lambda uow: uow.people.change_participant(concern.participant_id, name=NAME))
    berta.presses("Übernehmen")
    at_desk(stage, berta, concern.id, lambda desk, found: note(desk, found, NOTE))
    berta.writes(f"/termin {concern.case_code} 24.11.2026 10:30 coach Ort: {PLACE}")
    berta.presses("Stimmt so")
    [person] = stage.run(lambda uow: uow.people.participants(1))
    numbers = stage.run(lambda uow: [one.id for one in uow.appointments.of_participant(person.id, stage.now)])
    for actor in (berta, mia):
        actor.forgets()
    return Case(stage, berta, mia, concern.id, concern.case_code, numbers[0])
