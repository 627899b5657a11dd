# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who may do what: every role in every relation with every action, and what must never be in the table."""

from __future__ import annotations

import itertools

import pytest

from bot.domain.access import TABLE, Action, Actor, Party, Relation, Subject, Why, may, relations
from bot.domain.people import Role

ME, SOMEBODY, HERE, THERE = 7, 8, 1, 2
CONTENT = {Action.SEE_NAME, Action.SEE_CONTENT, Action.SEE_TIMELINE, Action.EXPORT_PERSON}
CHANGES = {Action.ACT_ON_CONCERN, Action.CHANGE_PLAN, Action.CHANGE_APPOINTMENT, Action.ERASE_PERSON}
ME_ONLY = frozenset({ME})
SUBJECTS = {
    Relation.SELF: Subject(HERE, person_id=ME),
    Relation.OWNER: Subject(HERE, SOMEBODY, owners=ME_ONLY),
    Relation.DEPUTY: Subject(HERE, SOMEBODY, deputies=ME_ONLY),
    Relation.CALLED: Subject(HERE, SOMEBODY, called=ME_ONLY),
    Relation.POOL: Subject(HERE, SOMEBODY, is_pooled=True),
    Relation.AGENCY: Subject(HERE, SOMEBODY),
    Relation.GLASS: Subject(HERE, SOMEBODY, glasses=ME_ONLY),
    Relation.CONSENTED: Subject(HERE, SOMEBODY, consented=ME_ONLY),
    Relation.STRANGER: Subject(THERE, ME, ME_ONLY, ME_ONLY, ME_ONLY, ME_ONLY, ME_ONLY, is_pooled=True),
}


@pytest.mark.parametrize(("party", "relation"), list(itertools.product(Party, Relation)))
def test_what_is_not_in_the_table_is_not_allowed(party: Party, relation: Relation) -> None:
    actor, subject = Actor(party, ME, HERE), SUBJECTS[relation]
    held = relations(actor, subject)
    for action in Action:
        expected = any(action in TABLE.get((party, one), frozenset()) for one in held)
        decision = may(actor, action, subject)
        assert decision.is_allowed is expected
        assert (decision.by is None) is (decision.why is not None)
        assert may(Actor(party, ME, HERE, has_left=True), action, subject).why is Why.LEFT


def allowed(party: Party, relation: Relation) -> set[Action]:
    return {one for one in Action if may(Actor(party, ME, HERE), one, SUBJECTS[relation]).is_allowed}


def test_every_role_is_a_party() -> None:
    assert {party.value for party in Party} == {role.value for role in Role} | {"participant"}


@pytest.mark.parametrize("party", Party)
def test_another_agency_has_nothing(party: Party) -> None:
    assert allowed(party, Relation.STRANGER) == set()


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("party", [Party.EVALUATOR, Party.PARTNER, Party.EMPLOYER_CONTACT])
def test_whoever_counts_or_works_elsewhere_never_gets_content(party: Party, relation: Relation) -> None:
    agreed = {Party.PARTNER: {Action.SEE_SHARED}, Party.EMPLOYER_CONTACT: {Action.SEE_PLACEMENT}}
    shared = agreed.get(party, set()) if relation is Relation.CONSENTED else set()
    assert allowed(party, relation) <= {Action.SEE_STATISTICS} | shared


def test_a_colleague_without_a_relation_has_a_desk_and_the_emergency() -> None:
    assert allowed(Party.COACH, Relation.AGENCY) == {Action.WORK, Action.BREAK_GLASS}


def test_content_is_for_owner_deputy_called_pool_lead_and_the_glass_alone() -> None:
    seers = {
        (party, relation)
        for party in Party
        for relation in Relation
        if allowed(party, relation) & CONTENT and party is not Party.LEAD
    }
    coach, admin = Party.COACH, Party.ADMIN
    assert seers == {
        (Party.PARTICIPANT, Relation.SELF),
        *((coach, one) for one in ("owner", "deputy", "called", "pool", "glass")),
        *((admin, one) for one in ("owner", "deputy", "called", "glass")),
    }
    in_agency = set(Relation) - {Relation.STRANGER}
    assert {one for one in Relation if allowed(Party.LEAD, one) & CONTENT} == in_agency


@pytest.mark.parametrize("party", [Party.COACH, Party.ADMIN])
def test_a_broken_glass_changes_nothing_about_the_case(party: Party) -> None:
    # Of what is allowed with the glass alone, what the agency allows anyway is left out.
    assert not (allowed(party, Relation.GLASS) - allowed(party, Relation.AGENCY)) & CHANGES


def test_a_participant_is_no_participant_of_anothers_data() -> None:
    other = Subject(HERE, SOMEBODY)
    assert not any(may(Actor(Party.PARTICIPANT, ME, HERE), one, other).is_allowed for one in Action)


def test_a_number_of_staff_is_not_that_of_a_participant() -> None:
    # Ids of staff and participants come from two tables and may be the same.
    assert relations(Actor(Party.COACH, ME, HERE), Subject(HERE, person_id=ME)) == [Relation.AGENCY]
    assert relations(Actor(Party.PARTICIPANT, ME, HERE), Subject(HERE, SOMEBODY, owners=ME_ONLY)) == [
        Relation.STRANGER
    ]


def test_why_not() -> None:
    coach, evaluator = Actor(Party.COACH, ME, HERE), Actor(Party.EVALUATOR, ME, HERE)
    assert may(coach, Action.SEE_CONTENT, SUBJECTS[Relation.STRANGER]).why is Why.OTHER_AGENCY
    assert may(coach, Action.SEE_CONTENT, SUBJECTS[Relation.AGENCY]).why is Why.NOT_YOUR_CASE
    assert may(coach, Action.MANAGE_STAFF, Subject(HERE)).why is Why.NOT_YOUR_ROLE
    assert may(evaluator, Action.SEE_CONTENT, SUBJECTS[Relation.OWNER]).why is Why.NOT_YOUR_ROLE
    both = Subject(HERE, SOMEBODY, owners=ME_ONLY, glasses=ME_ONLY)
    assert may(coach, Action.SEE_CONTENT, both).by is Relation.OWNER
