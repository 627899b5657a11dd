# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How staff sign in: passwords that are taken, sessions that end, and how long strangers wait."""

from __future__ import annotations

import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: NIST SP 800-63B-4, 3.1.1.2, asks for 15 characters, 8 beside a second factor. No rules of composition.
SHORTEST = 12
LONGEST = 256
#: What people take who were told to take twelve characters; looked for without case, blanks and hyphens.
_COMMON = """
111222333444 123123123123 123456789012 1234567890123 12345678901234 123456789123 1q2w3e4r5t6y
1q2w3e4r5t6z 1qaz2wsx3edc abc123abc123 abcd1234abcd abcdefgh1234 abcdefghijkl administrator
administrator1 arbeitsagentur asdfghjklöä# beratungsstelle bitteaendern bittendern123 brandenburg1
changemeplease deutschland1 fussball1234 geheim123456 geheimgeheim geheimnis123 hallo1234567
hallohallo12 hallohallohallo ichliebedich ichliebedich1 iloveyou1234 iloveyouiloveyou jobcenter123
jobcenter1234 krankenhaus1 letmein12345 lotse1234567 lotselotselotse lotsen123456 meinpasswort
mypassword123 password1234 password12345 password2025 password2026 passwordpassword passwort1234
passwort12345 passwort2025 passwort2026 passwortpasswort q1w2e3r4t5y6 q1w2e3r4t5z6 qwertyuiop123
qwertyuiopasdf qwertzuiop123 qwertzuiopasdf qwertzuiopü+ schmetterling sommer202520 sonnenschein
sonnenschein1 sozialarbeit sozialarbeit1 welcome12345 willkommen12 willkommen123 willkommen1234
winter202526 zaq12wsxcde3
"""
COMMON = frozenset(_COMMON.split())


class How(StrEnum):
    """What somebody signed in with."""

    LINK = "link"  # a one-time link that the administration made
    MAIL = "mail"  # a one-time link in a mail
    PASSWORD = "password"  # a password and a second factor
    HOUSE = "house"  # their employer's own sign-in, which vouches for them


class PasswordFault(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"


@dataclass(frozen=True, slots=True)
class Limits:
    """A session ends `idle` after the last thing that somebody did in it, and `whole` after its beginning."""

    idle: timedelta
    whole: timedelta


#: For whoever can come back by themselves (OWASP ASVS 4.0, 3.3.2: half an hour, half a day).
WITH_PASSWORD = Limits(timedelta(minutes=30), timedelta(hours=12))
#: For whoever would have to ask for a new link each time: a case that nobody can open is the greater harm.
WITH_LINKS = Limits(timedelta(days=30), timedelta(days=30))
#: Tries by browsers that are not known, in one minute: from one network, and from all of them.
NETWORK_BUDGET = 20
WHOLE_BUDGET = 60


@dataclass(frozen=True, slots=True)
class SignInRules:
    """What an agency asks of those who sign in; the settings begin with LOTSE_SIGN_IN__.

    `free_tries` wrong ones cost nothing, then each wait is twice the one before, `longest_wait` at most.
    `network_tries` and `all_tries` are budgets for one minute. `shortest_password` counts characters.
    """

    free_tries: int = 4
    longest_wait: timedelta = timedelta(minutes=15)
    network_tries: int = NETWORK_BUDGET
    all_tries: int = WHOLE_BUDGET
    shortest_password: int = SHORTEST
    link_lives: timedelta = timedelta(days=3)
    comes_back: Limits = WITH_PASSWORD
    needs_links: Limits = WITH_LINKS


#: A session's last use is written down at most this often.
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. `device` names browser and system, like "Firefox, Windows"."""

    id: int
    agency_id: int
    staff_id: int
    address_id: int
    how: How
    device: str
    since: datetime
    seen_at: datetime
    idle: timedelta
    ends_at: datetime
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """True while it can be used."""
        return self.ended_at is None and now < self.ends_at and now < self.seen_at + self.idle


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody signs in with a password. `password` is an Argon2id hash, empty before the first.

    `secret` is that of the second factor, `step` the last time step at which it was used. `next_secret` is
    offered by the link that is open until `link_until`, or None.
    """

    id: int
    agency_id: int
    staff_id: int
    name: str
    password: str
    secret: str
    step: int
    next_secret: str
    link_until: datetime | None

    def offers(self, now: datetime) -> bool:
        """True while its link can be used."""
        return self.link_until is not None and now < self.link_until


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something was tried: since when, and when last."""

    count: int
    since: datetime
    at: datetime


_FIRST_WAIT = timedelta(seconds=5)
_FORGIVEN_AFTER = timedelta(hours=24)
_WINDOW = timedelta(minutes=1)


def wait_of_pair(tries: Tries | None, rules: SignInRules, now: datetime) -> timedelta:
    """How long one account and one network (or known device) must wait: none at first, then ever longer."""
    if tries is None or tries.count < rules.free_tries or now - tries.at >= _FORGIVEN_AFTER:
        return timedelta()
    # The exponent is bounded before the power is taken: a count grows for as long as somebody tries.
    wait = min(_FIRST_WAIT * (1 << min(tries.count - rules.free_tries, 20)), rules.longest_wait)
    return max(tries.at + wait - now, timedelta())


def wait_of_budget(tries: Tries | None, budget: int, now: datetime) -> timedelta:
    """How long until there is room in a budget for one minute."""
    if tries is None or tries.count < budget or now - tries.since >= _WINDOW:
        return timedelta()
    return tries.since + _WINDOW - now


def counted_for_pair(tries: Tries | None, now: datetime) -> Tries:
    """One more try, forgetting those of yesterday."""
    if tries is None or now - tries.at >= _FORGIVEN_AFTER:
        return Tries(1, now, now)
    return Tries(tries.count + 1, tries.since, now)


def counted_in_budget(tries: Tries | None, now: datetime) -> Tries:
    """One more try in this minute."""
    if tries is None or now - tries.since >= _WINDOW:
        return Tries(1, now, now)
    return Tries(tries.count + 1, tries.since, now)


def as_kept(password: str) -> str:
    """The password in the one form in which every keyboard gives it (RFC 8265, 4.2: normal form C)."""
    return unicodedata.normalize("NFC", password)


def password_fault(
    password: str, own_words: tuple[str, ...], shortest: int = SHORTEST
) -> PasswordFault | None:
    """Why it is not taken, None if it is. `own_words` are those that say who signs in, like their name."""
    text = as_kept(password)
    if len(text) < shortest:
        return PasswordFault.SHORT
    if len(text) > LONGEST:
        return PasswordFault.LONG
    bare = text.casefold().replace(" ", "").replace("-", "")
    own = [word for word in own_words if len(word) > 3]
    for word in own:
        bare = bare.replace(word.casefold(), "")
    if text.casefold() in COMMON or bare in COMMON or len(set(bare)) < 5:
        return PasswordFault.COMMON
    return None


def login_name(typed: str) -> str:
    """A login name as it is looked up: without case and outer blanks."""
    return unicodedata.normalize("NFC", typed).strip().casefold()


def network_of(host: str) -> str:
    """The network that an address is counted with: IPv4 alone, IPv6 by /64, as one household has it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


# The order matters: browsers also name those that they are like.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Browser and system in two words, empty if neither is known. Never what the browser said itself."""
    found = [
        next((name for mark, name in table if mark in user_agent), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)
