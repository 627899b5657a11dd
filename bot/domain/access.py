# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who may do what with whom: one table of role and relation, and nothing else decides (design, section 3).

A deputy is no role: whoever stands in for somebody at this moment has that relation, and only as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Role


class Party(StrEnum):
    """Who acts: a participant, or one of the roles of `people.Role`, with the same words."""

    PARTICIPANT = "participant"
    COACH = Role.COACH.value
    LEAD = Role.LEAD.value
    ADMIN = Role.ADMIN.value
    EVALUATOR = Role.EVALUATOR.value
    PARTNER = Role.PARTNER.value
    EMPLOYER_CONTACT = Role.EMPLOYER_CONTACT.value


class Relation(StrEnum):
    """How somebody stands to a person or a concern. In this order a reason for a permission is named."""

    SELF = "self"  # the person is oneself
    OWNER = "owner"  # looks after the person, owns the concern or has it in hand
    DEPUTY = "deputy"  # stands in at this moment for an owner who is not there
    CALLED = "called"  # was called for the concern, as duty or by a later rung; until it is closed
    POOL = "pool"  # it is nobody's, so it is every coach's
    AGENCY = "agency"  # the same agency, and nothing more
    GLASS = "glass"  # broke the glass for this case, for an hour
    CONSENTED = "consented"  # the person agreed to share something with them, and it holds
    STRANGER = "stranger"  # another agency


class Action(StrEnum):
    """What can be done. The values stand in the audit log."""

    WORK = "work"  # the own desk: duty, absence, own queue
    SEE_QUEUE_ROW = "see_queue_row"  # case code, level, since when
    SEE_NAME = "see_name"
    SEE_CONTENT = "see_content"  # words, notes, next steps
    SEE_TIMELINE = "see_timeline"
    ACT_ON_CONCERN = "act_on_concern"  # take over, plan, rest, pass on, change its level, close, reopen
    REPLY = "reply"
    WRITE_NOTE = "write_note"
    SEE_PLAN = "see_plan"
    CHANGE_PLAN = "change_plan"
    SEE_APPOINTMENT = "see_appointment"
    CHANGE_APPOINTMENT = "change_appointment"
    MANAGE_ROTA = "manage_rota"  # the team and its shifts
    MANAGE_STAFF = "manage_staff"
    MANAGE_TEXTS = "manage_texts"
    EXPORT_PERSON = "export_person"
    ERASE_PERSON = "erase_person"
    ASK_SHARING = "ask_sharing"  # ask the person whether something may go to a partner, and hand it over
    LIFT_RESTRICTION = "lift_restriction"  # end that data is only kept, for a reason
    SEE_SHARED = "see_shared"  # what the person agreed to share with oneself, and no more
    SEE_PLACEMENT = "see_placement"  # days and hours of an internship at one's firm, and to enter hours
    SEE_STATISTICS = "see_statistics"
    BREAK_GLASS = "break_glass"


class Why(StrEnum):
    """Why something is not allowed, as a machine word."""

    LEFT = "left_the_team"
    OTHER_AGENCY = "other_agency"
    NOT_YOUR_CASE = "not_your_case"  # another colleague's, or a lead's, to do
    NOT_YOUR_ROLE = "not_your_role"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever wants to do something. `has_left`: is not in the team any more."""

    party: Party
    id: int
    agency_id: int
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What it is done with: an agency, or one person or concern of it. The sets hold ids of staff."""

    agency_id: int
    person_id: int = 0
    owners: frozenset[int] = frozenset()
    deputies: frozenset[int] = frozenset()
    called: frozenset[int] = frozenset()
    glasses: frozenset[int] = frozenset()
    consented: frozenset[int] = frozenset()
    is_pooled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`by` is the relation that allows it, `why` says why not: exactly one of them is set."""

    by: Relation | None = None
    why: Why | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether it may be done."""
        return self.by is not None


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """Somebody looks at a case that is not theirs, for a reason they typed, until just before `until`."""

    id: int
    agency_id: int
    staff_id: int
    participant_id: int
    reason: str
    since: datetime
    until: datetime


_A = Action
_READ = frozenset({_A.SEE_QUEUE_ROW, _A.SEE_NAME, _A.SEE_CONTENT, _A.SEE_TIMELINE})
#: With a concern: all that helps the person now.
_CONCERN = _READ | {_A.ACT_ON_CONCERN, _A.REPLY, _A.WRITE_NOTE, _A.SEE_PLAN, _A.SEE_APPOINTMENT}
_CASE = _CONCERN | {_A.CHANGE_PLAN, _A.CHANGE_APPOINTMENT, _A.ASK_SHARING, _A.LIFT_RESTRICTION}
_GLASS = _READ | {_A.REPLY, _A.WRITE_NOTE}
_LEADING = frozenset({_A.WORK, _A.MANAGE_ROTA, _A.MANAGE_STAFF, _A.MANAGE_TEXTS, _A.SEE_STATISTICS})

#: What is not in it is not allowed. An admin has no cases; only a ladder that reaches nobody else gives them
#: a concern, and then they can help. For evaluators there is no content in any case, for partners and
#: employers none but what the person agreed to share with them.
TABLE: Mapping[tuple[Party, Relation], frozenset[Action]] = {
    (Party.PARTICIPANT, Relation.SELF): _READ
    | {_A.SEE_PLAN, _A.SEE_APPOINTMENT, _A.EXPORT_PERSON, _A.ERASE_PERSON},
    (Party.COACH, Relation.OWNER): _CASE,
    (Party.COACH, Relation.DEPUTY): _CASE,
    (Party.COACH, Relation.CALLED): _CONCERN,
    (Party.COACH, Relation.POOL): _CASE,
    (Party.COACH, Relation.AGENCY): frozenset({_A.WORK, _A.BREAK_GLASS}),
    (Party.COACH, Relation.GLASS): _GLASS,
    (Party.LEAD, Relation.AGENCY): _CASE | _LEADING | {_A.EXPORT_PERSON, _A.ERASE_PERSON},
    (Party.ADMIN, Relation.OWNER): _CONCERN,
    (Party.ADMIN, Relation.DEPUTY): _CONCERN,
    (Party.ADMIN, Relation.CALLED): _CONCERN,
    (Party.ADMIN, Relation.AGENCY): _LEADING | {_A.ERASE_PERSON, _A.BREAK_GLASS},
    (Party.ADMIN, Relation.GLASS): _GLASS,
    (Party.EVALUATOR, Relation.AGENCY): frozenset({_A.SEE_STATISTICS}),
    (Party.PARTNER, Relation.CONSENTED): frozenset({_A.SEE_SHARED}),
    (Party.EMPLOYER_CONTACT, Relation.CONSENTED): frozenset({_A.SEE_PLACEMENT}),
}


def relations(actor: Actor, subject: Subject) -> list[Relation]:
    """How the actor stands to the subject, in the order of `Relation`; never empty."""
    if actor.agency_id != subject.agency_id:
        return [Relation.STRANGER]
    if actor.party is Party.PARTICIPANT:
        return [Relation.SELF] if actor.id == subject.person_id else [Relation.STRANGER]
    holds = {
        Relation.OWNER: actor.id in subject.owners,
        Relation.DEPUTY: actor.id in subject.deputies,
        Relation.CALLED: actor.id in subject.called,
        Relation.POOL: subject.is_pooled,
        Relation.AGENCY: True,
        Relation.GLASS: actor.id in subject.glasses,
        Relation.CONSENTED: actor.id in subject.consented,
    }
    return [relation for relation, is_so in holds.items() if is_so]


def may(actor: Actor, action: Action, subject: Subject) -> Decision:
    """Whether the actor may do this with the subject, and why not otherwise."""
    if actor.has_left:
        return Decision(why=Why.LEFT)
    found = relations(actor, subject)
    for relation in found:
        if action in TABLE.get((actor.party, relation), frozenset()):
            return Decision(by=relation)
    if found == [Relation.STRANGER]:
        return Decision(why=Why.OTHER_AGENCY)
    ever = any(action in TABLE.get((actor.party, relation), frozenset()) for relation in Relation)
    return Decision(why=Why.NOT_YOUR_CASE if ever else Why.NOT_YOUR_ROLE)
