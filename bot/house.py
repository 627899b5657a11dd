# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is built from the settings before anything runs: agencies, ladders, dialogs, keys, database."""

from __future__ import annotations

import secrets
from pathlib import Path

import dialogs
import locales
from bot.domain.agency import Agency
from bot.domain.messages import DataClass
from bot.errors import ConfigurationError
from bot.services.policies import STANDARD, read_policies
from bot.services.rulebook import Rulebook
from bot.settings import Settings
from bot.storage.schema import migrate, schema_state
from bot.storage.sealing import Keyring, create_key_file, load_keyring
from bot.texts import Texts
from dialogs.book import DialogBook
from dialogs.problems import DialogError
from scheduler.local_time import QuietHours, ReadingHours, zone
from scheduler.public_holidays import german_holidays

DEFAULT_AGENCY = 1
#: How the schema's fault begins where there is no schema yet.
EMPTY = "the database has no schema"
_SQLITE = "sqlite:///"
#: The public holidays that are known ahead: enough for every timer that can be set.
_HOLIDAY_YEARS = range(2024, 2046)


def dialog_sources() -> dict[str, str]:
    """The dialogs that ship, by file name."""
    folder = Path(dialogs.__file__).parent / "flows"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}


def build_rulebook(settings: Settings, book: DialogBook) -> Rulebook:
    """Everything that use cases look up. Raises `ConfigurationError` with all faults."""
    part = settings.agency
    classes = {
        "telegram": settings.telegram.data_class,
        "telegram_staff": settings.telegram_staff.data_class,
        "web_chat": DataClass.HEALTH,
        "console": DataClass.HEALTH,
        "terminal": DataClass.HEALTH,
        "terminal_staff": DataClass.HEALTH,
    }
    source = Path(dialogs.__file__).parent / STANDARD
    try:
        closed = german_holidays(part.holidays, _HOLIDAY_YEARS) | frozenset(part.closed)
        hours = ReadingHours(zone(part.zone), part.weekly, closed)
        policies = read_policies(source.read_text(encoding="utf-8"), source.name)
    except DialogError as error:
        raise ConfigurationError([str(problem) for problem in error.problems]) from None
    except ValueError as error:
        raise ConfigurationError([f"agency: {error}"]) from None
    return Rulebook(
        agencies={
            DEFAULT_AGENCY: Agency(DEFAULT_AGENCY, part.name, part.zone, classes, part.health_in_messenger)
        },
        hours={DEFAULT_AGENCY: hours},
        policies=policies,
        book=book,
        texts=Texts.load(Path(locales.__file__).parent),
        new_code=lambda: secrets.token_urlsafe(24),
        public_url=settings.address,
        quiet=QuietHours(*part.quiet_span),
    )


def prepare_database(settings: Settings) -> Keyring:
    """Give a new database its schema and its keys, and return the keys.

    A missing key file is made only while there is nothing that it should open. Raises `ConfigurationError`
    for a schema or keys that do not fit, `StoreUnavailable` if the database cannot be reached.
    """
    fault = database_fault(settings)
    is_new = fault.startswith(EMPTY)
    if fault and not is_new:
        raise ConfigurationError([fault])
    keyring = keyring_for(settings, database_is_new=is_new)
    if is_new:
        if settings.database.startswith(_SQLITE):
            _sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        migrate(settings.database, keyring)
    return keyring


def database_fault(settings: Settings) -> str:
    """What is wrong with the schema, in one line; empty if nothing is. Makes nothing, not even a file.

    Raises `StoreUnavailable` if the database cannot be reached.
    """
    if settings.database.startswith(_SQLITE) and not _sqlite_file(settings).exists():
        return f"{EMPTY} yet: it is made at the first start"
    return schema_state(settings.database)


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix(_SQLITE))


def keyring_for(settings: Settings, *, database_is_new: bool) -> Keyring:
    """The keys for sealed content. A missing file is made only while there is nothing that it should open.

    Raises `ConfigurationError` otherwise.
    """
    path = settings.keys
    if path.exists():
        return load_keyring(path)
    if not database_is_new:
        raise ConfigurationError([f"{path}: the key file is missing, and the database holds sealed content"])
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return create_key_file(path)
