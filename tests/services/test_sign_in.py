# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signing in: what opens, what does not, who waits, and that nobody can make anybody else wait."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot import house
from bot.domain.people import Staff
from bot.domain.sign_in import WITH_LINKS, WITH_PASSWORD, How
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import sign_in, staff_sessions
from bot.services.absences import leave_team
from bot.services.console import sign_in as open_link
from bot.services.invite import link_anew
from bot.services.sign_in import Arrival, Attempt, Begun
from bot.services.sign_in_secrets import hash_password, is_password, recovery_code, step_of_code
from tests.services.stage import Stage

AGENCY = house.DEFAULT_AGENCY
PASSWORD = "zwölf ganze Monate"
HOME, OFFICE = "192.0.2.7", "198.51.100.1"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
RIGHT = Begun(timedelta(), "", "")


@pytest.fixture(scope="module")
def kept() -> str:
    """One hash for all tests: each takes a tenth of a second."""
    return hash_password(PASSWORD)


def code_of(secret: str, stage: Stage) -> str:
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(stage.now.timestamp())).decode()


class Door:
    """Berta's way in. Passwords are compared by eye here: how it is done has a test of its own."""

    def __init__(self, stage: Stage, kept: str) -> None:
        self.stage, self.kept = stage, kept
        self.staff_id = stage.hire("Berta Beispiel").id
        self.recovery: tuple[str, ...] = ()
        self.secret = ""

    @property
    def staff(self) -> Staff:
        found = self.stage.run(lambda uow: uow.people.staff(self.staff_id))
        assert found is not None
        return found

    def settle(self, name: str = "berta") -> Door:
        """The link is made and used."""
        link = self.stage.run(
            lambda uow: sign_in.offer(uow, self.stage.rules, self.staff_id, name, self.stage.now)
        )
        found = self.stage.run(lambda uow: sign_in.behind(uow, link, self.stage.now))
        assert found is not None
        self.secret = found[0].next_secret
        typed = code_of(self.secret, self.stage)
        taken = self.stage.run(lambda uow: sign_in.accept(uow, link, self.kept, typed, self.stage.now))
        assert taken is not None
        self.recovery = taken.codes
        self.stage.now += MINUTE
        return self

    def tries(
        self, password: str = PASSWORD, host: str = HOME, name: str = "berta", **more: str
    ) -> str | timedelta:
        """The account of a browser that was let in, empty for one that was not, or how long to wait."""
        stage = self.stage
        code = more.get("code") or code_of(self.secret, stage)
        attempt = Attempt(name, password, code, host, more.get("device", ""))
        begun = stage.run(lambda uow: sign_in.begin(uow, stage.rules, AGENCY, attempt, stage.now))
        if begun.wait:
            return begun.wait
        if password != PASSWORD or not begun.kept:
            stage.run(lambda uow: sign_in.refused(uow, AGENCY, attempt, stage.now))
            return ""
        account = f"browser-{stage.now.timestamp()}"
        arrival = Arrival(account, attempt.device or f"device-{host}", "Firefox, Linux")
        let_in = stage.run(lambda uow: sign_in.finish(uow, stage.rules, attempt, begun, arrival, stage.now))
        return account if let_in else ""

    def is_in(self, account: str | timedelta) -> bool:
        assert isinstance(account, str)
        return self.stage.run(lambda uow: staff_sessions.whose(uow, account, self.stage.now)) is not None


@pytest.fixture
def door(stage: Stage, kept: str) -> Door:
    return Door(stage, kept).settle()


def notes(stage: Stage) -> list[tuple[str, str, str]]:
    def read(uow: UnitOfWork) -> list[tuple[str, str, str]]:
        uow.audit_chain.lock()
        return [(note.actor, note.action, note.subject) for note in uow.audit_chain.waiting(1000)]

    return stage.run(read)


# --- passwords and codes ---


def test_a_password_fits_its_own_hash_only(kept: str) -> None:
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_password(PASSWORD, kept)
    assert is_password("zwo\u0308lf ganze Monate", kept), "as another keyboard gives it"
    assert not is_password(PASSWORD + " ", kept)
    assert not is_password("", kept)
    assert not is_password("", ""), "nobody's fits nothing"
    assert not is_password("\ud800", kept)


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_rfc_6238(stage: Stage, second: int, code: str) -> None:
    """Its appendix B, the last six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    at = stage.now.fromtimestamp(second, stage.now.tzinfo)
    assert step_of_code(secret, code, at) == second // 30
    assert step_of_code(secret, f"{code[:3]} {code[3:]}", at + 30 * SECOND) == second // 30
    assert step_of_code(secret, code, at + 61 * SECOND) is None
    assert step_of_code(secret, "", at) is None
    assert step_of_code(secret, "\ud800", at) is None


def test_a_recovery_code_may_be_typed_carelessly() -> None:
    assert recovery_code(" abcio 0123l ") == recovery_code("ABC10-01231")


# --- the link ---


def test_a_link_opens_once_and_not_for_ever(stage: Stage, kept: str) -> None:
    door = Door(stage, kept)
    link = stage.run(lambda uow: sign_in.offer(uow, stage.rules, door.staff_id, " Berta ", stage.now))
    wrong = stage.run(lambda uow: sign_in.accept(uow, link, kept, "000000", stage.now))
    assert wrong is not None
    assert wrong.is_code_wrong
    late = stage.now + stage.rules.sign_in.link_lives
    assert stage.run(lambda uow: sign_in.behind(uow, link, late)) is None
    found = stage.run(lambda uow: sign_in.behind(uow, link, stage.now))
    assert found is not None
    assert found[0].name == "berta"
    typed = code_of(found[0].next_secret, stage)
    taken = stage.run(lambda uow: sign_in.accept(uow, link, kept, typed, stage.now))
    assert taken is not None
    assert len(set(taken.codes)) == 10
    assert stage.run(lambda uow: sign_in.accept(uow, link, kept, typed, stage.now)) is None
    assert stage.run(lambda uow: sign_in.behind(uow, link, stage.now)) is None


def test_a_link_needs_a_name_and_somebody_in_the_team(stage: Stage, kept: str) -> None:
    door = Door(stage, kept)
    with pytest.raises(NotFound):
        stage.run(lambda uow: sign_in.offer(uow, stage.rules, door.staff_id, " ", stage.now))
    with pytest.raises(NotFound):
        stage.run(lambda uow: sign_in.offer(uow, stage.rules, 999, "x", stage.now))
    stage.run(lambda uow: leave_team(uow, door.staff_id, stage.now))
    for order in (sign_in.offer, lambda uow, rules, who, _, now: link_anew(uow, rules, who, now)):
        with pytest.raises(NotFound):
            stage.run(lambda uow, order=order: order(uow, stage.rules, door.staff_id, "x", stage.now))


def test_a_new_password_ends_all_that_was(stage: Stage, door: Door) -> None:
    account, old_code = door.tries(), door.recovery[0]
    assert door.is_in(account)
    link = stage.run(lambda uow: sign_in.offer(uow, stage.rules, door.staff_id, "", stage.now))
    assert door.is_in(account), "an offer changes nothing yet"
    del link
    stage.now += MINUTE
    door.settle("")
    assert not door.is_in(account)
    assert door.tries(code=old_code) == ""
    assert door.is_in(door.tries())


# --- signing in ---


def test_all_three_must_fit(stage: Stage, door: Door) -> None:
    assert door.tries("zwölf ganze Monat") == ""
    assert door.tries(code="000000", host=OFFICE) == ""
    assert door.tries(name="berte") == ""
    account = door.tries(name=" BERTA ")
    assert door.is_in(account)
    [session] = stage.run(lambda uow: staff_sessions.sessions_of(uow, door.staff_id, stage.now))
    assert (session.how, session.device) == (How.PASSWORD, "Firefox, Linux")


def test_a_code_opens_once(stage: Stage, door: Door) -> None:
    code = code_of(door.secret, stage)
    assert door.is_in(door.tries(code=code))
    assert door.tries(code=code) == ""
    stage.now += 30 * SECOND
    assert door.tries(code=code) == "", "nor does it in the next half minute, when it would still be taken"
    assert door.is_in(door.tries())


def test_a_recovery_code_stands_in_for_the_telephone(stage: Stage, door: Door) -> None:
    assert door.is_in(door.tries(code=door.recovery[3].lower()))
    assert door.tries(code=door.recovery[3]) == ""
    assert door.is_in(door.tries(code=door.recovery[4]))


def test_who_has_left_is_not_let_in(stage: Stage, door: Door) -> None:
    account = door.tries()
    stage.run(lambda uow: leave_team(uow, door.staff_id, stage.now))
    assert not door.is_in(account)
    stage.now += MINUTE
    assert door.tries() == ""


def test_a_password_that_was_changed_meanwhile_opens_nothing(stage: Stage, door: Door) -> None:
    attempt = Attempt("berta", PASSWORD, code_of(door.secret, stage), HOME)
    begun = stage.run(lambda uow: sign_in.begin(uow, stage.rules, AGENCY, attempt, stage.now))
    arrival = Arrival("browser", "device", "")
    changed = replace(begun, kept=begun.kept + "x")
    assert (
        stage.run(lambda uow: sign_in.finish(uow, stage.rules, attempt, changed, arrival, stage.now)) is None
    )
    empty = replace(begun, kept="")
    assert stage.run(lambda uow: sign_in.finish(uow, stage.rules, attempt, empty, arrival, stage.now)) is None


def test_an_offered_link_lets_nobody_in_without_a_password(stage: Stage, kept: str) -> None:
    door = Door(stage, kept)
    stage.run(lambda uow: sign_in.offer(uow, stage.rules, door.staff_id, "berta", stage.now))
    attempt = Attempt("berta", "", "", HOME)
    begun = stage.run(lambda uow: sign_in.begin(uow, stage.rules, AGENCY, attempt, stage.now))
    assert not sign_in.compare(attempt, begun)
    arrival = Arrival("browser", "device", "")
    assert stage.run(lambda uow: sign_in.finish(uow, stage.rules, attempt, begun, arrival, stage.now)) is None


# --- waiting ---


def test_guessing_becomes_slow(stage: Stage, door: Door) -> None:
    assert [door.tries("geraten!") for _ in range(4)] == [""] * 4
    assert door.tries("geraten!") == 5 * SECOND
    assert door.tries() == 5 * SECOND, "the right one waits too: nobody learns anything"
    stage.now += 5 * SECOND
    assert door.tries("geraten!") == ""
    assert door.tries() == 10 * SECOND


def test_hammering_makes_nothing_worse(stage: Stage, door: Door) -> None:
    for _ in range(50):
        door.tries("geraten!")
    assert door.tries() == 5 * SECOND
    stage.now += 5 * SECOND
    assert door.is_in(door.tries())


def test_names_that_nobody_has_wait_just_the_same(stage: Stage, door: Door) -> None:
    seen = {name: [door.tries("geraten!", name=name) for _ in range(6)] for name in ("berta", "nobody")}
    assert seen["berta"] == seen["nobody"]


def test_strangers_elsewhere_lock_nobody_out(stage: Stage, door: Door) -> None:
    for number in range(50):
        door.tries("geraten!", host=f"203.0.113.{number % 5}")
    assert door.is_in(door.tries(host=HOME))


def test_a_known_device_is_not_hindered_by_its_neighbours(stage: Stage, door: Door) -> None:
    assert door.is_in(door.tries(host=OFFICE))
    known = f"device-{OFFICE}"
    stage.now += MINUTE
    for _ in range(30):
        door.tries("geraten!", host=OFFICE)
    assert isinstance(door.tries(host=OFFICE), timedelta), "a new browser in the same office waits"
    assert door.is_in(door.tries(host=OFFICE, device=known))
    assert isinstance(door.tries(host=OFFICE, device="invented"), timedelta)


def test_a_known_device_is_not_hindered_by_the_budget_of_all(stage: Stage, door: Door) -> None:
    assert door.is_in(door.tries(host=OFFICE))
    stage.now += MINUTE
    for number in range(100):
        door.tries("geraten!", host=f"203.0.113.{number}", name=f"name{number}")
    assert isinstance(door.tries(host="192.0.2.200"), timedelta)
    assert door.is_in(door.tries(host=HOME, device=f"device-{OFFICE}"))
    stage.now += MINUTE
    assert door.is_in(door.tries(host="192.0.2.200")), "a minute later there is room again"


def test_a_known_device_is_slowed_down_by_its_own_tries(stage: Stage, door: Door) -> None:
    assert door.is_in(door.tries())
    stage.now += MINUTE
    for _ in range(4):
        assert door.tries("geraten!", device=f"device-{HOME}") == ""
    assert door.tries(device=f"device-{HOME}") == 5 * SECOND


def test_one_network_does_not_use_up_the_budget_of_all(stage: Stage, door: Door) -> None:
    for number in range(100):
        door.tries("geraten!", host=OFFICE, name=f"name{number}")
    assert isinstance(door.tries(host=OFFICE), timedelta)
    assert door.is_in(door.tries(host=HOME))


# --- sessions ---


def test_limits_are_strict_only_for_who_can_come_back(stage: Stage, kept: str) -> None:
    door = Door(stage, kept)
    hired = stage.run(lambda uow: link_anew(uow, stage.rules, door.staff_id, stage.now))
    way_in = ("browser", "Firefox, Linux")
    assert (
        stage.run(lambda uow: open_link(uow, stage.rules, hired.console_code, way_in, stage.now)) is not None
    )
    stage.now += WITH_LINKS.idle - SECOND
    assert door.is_in("browser")
    door.settle()
    assert not door.is_in("browser")
    account = door.tries()
    stage.now += WITH_PASSWORD.idle - SECOND
    assert door.is_in(account)
    stage.now += SECOND
    assert not door.is_in(account)


def test_use_keeps_a_session_open_but_not_for_ever(stage: Stage, door: Door) -> None:
    account = door.tries()
    begun = stage.now
    while stage.now < begun + WITH_PASSWORD.whole - 20 * MINUTE:
        stage.now += 20 * MINUTE
        found = stage.run(lambda uow: staff_sessions.whose(uow, str(account), stage.now))
        assert found is not None
        session = found[1]
        stage.run(lambda uow, one=session: staff_sessions.use(uow, one, stage.now))
    stage.now = begun + WITH_PASSWORD.whole
    assert not door.is_in(account)


def test_sessions_are_ended_one_by_one_or_all(stage: Stage, door: Door) -> None:
    accounts = []
    for _ in range(3):
        accounts.append(door.tries())
        stage.now += MINUTE
    found = stage.run(lambda uow: staff_sessions.sessions_of(uow, door.staff_id, stage.now))
    assert len(found) == 3
    assert [door.is_in(account) for account in accounts] == [True] * 3
    last = found[0]
    other = stage.hire("Karl Kollege").id
    by = "staff:1"
    assert not stage.run(lambda uow: staff_sessions.end_session(uow, other, last.id, by, stage.now))
    assert stage.run(lambda uow: staff_sessions.end_session(uow, door.staff_id, last.id, by, stage.now))
    assert [door.is_in(account) for account in accounts] == [True, True, False]
    first = found[2].id
    staff = door.staff
    assert stage.run(lambda uow: staff_sessions.end_sessions(uow, staff, by, stage.now, first)) == 1
    assert [door.is_in(account) for account in accounts] == [True, False, False]


def test_the_audit_log_tells_it_by_numbers(stage: Stage, door: Door) -> None:
    door.tries("geraten!")
    door.tries(name="niemand")
    door.tries()
    me = f"staff:{door.staff_id}"
    found = notes(stage)
    for note in (
        ("command", "password_offered", me),
        (me, "password_set", me),
        (me, "sign_in_refused", "password"),
        ("nobody", "sign_in_refused", "password"),
        (me, "console_opened", "password"),
    ):
        assert note in found
    assert "niemand" not in str(found)
    assert "berta" not in str(found)
