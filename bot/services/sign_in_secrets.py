# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff show when they sign in: a password, a code of their authenticator, or a recovery code.

Nothing here needs a database; a password takes tens of milliseconds, so it is looked at between two units of
work and never inside one.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.domain.sign_in import as_kept

#: Argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet; the algorithm is RFC 9106.
MEMORY_KIB = 19_456
PASSES = 2
LANES = 1
_SALT_BYTES = 16
_HASH_BYTES = 32
#: The hash of a random password that nobody knows: whoever has no login takes as long as whoever has one.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$ZYgqiGLvmjnWxilvyHYiog$7vjEpFL/INhl4RJuWdI5JVI78F1KCKn2/w0kT5Q0Y4w"
#: 160 bits, as RFC 4226 recommends.
_SECRET_BYTES = 20
_DIGITS = 6
STEP_S = 30
#: One step before and after, for clocks and for typing (RFC 6238, 5.2).
_STEPS = (0, -1, 1)
RECOVERY_CODES = 10
# Crockford's: without what looks alike.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUP = 5


def hash_password(password: str) -> str:
    """The Argon2id hash, with its parameters and a fresh salt."""
    salt = secrets.token_bytes(_SALT_BYTES)
    algorithm = Argon2id(
        salt=salt, length=_HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return algorithm.derive_phc_encoded(as_kept(password).encode())


def is_password(password: str, kept: str) -> bool:
    """Whether it is the password of this hash; an empty hash takes as long and fits nothing."""
    try:
        Argon2id.verify_phc_encoded(as_kept(password).encode("utf-8", "surrogatepass"), kept or NOBODYS)
    except InvalidKey:
        return False
    return bool(kept)


def new_secret() -> str:
    """The secret of a second factor, as people type it into an authenticator."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def step_of_code(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is (RFC 6238), None if it is none of now. Blanks do not matter."""
    typed = "".join(code.split()).encode("utf-8", "surrogatepass")
    totp, at = _totp(secret), int(now.timestamp()) // STEP_S
    fits = [at + by for by in _STEPS if hmac.compare_digest(totp.generate((at + by) * STEP_S), typed)]
    return fits[0] if fits else None


def authenticator_link(secret: str, name: str) -> str:
    """What an authenticator reads from the picture (otpauth://)."""
    return _totp(secret).get_provisioning_uri(name, "Lotse")


def new_recovery_codes() -> list[str]:
    """Codes of 50 bits, each in place of one code of the authenticator."""
    return [_group() + "-" + _group() for _ in range(RECOVERY_CODES)]


def recovery_code(typed: str) -> str:
    """A recovery code as it was made, whatever the case, the blanks and the hyphen; O is 0, I and L are 1."""
    bare = "".join(typed.upper().replace("-", "").split()).translate(str.maketrans("OIL", "011"))
    return f"{bare[:_GROUP]}-{bare[_GROUP:]}"


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP))


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), STEP_S)  # noqa: S303  (RFC 6238: HMAC-SHA1)
