# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is built from the settings before anything runs: agencies, ladders, dialogs, keys, database."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

import dialogs
import locales
from bot.agencies import with_agencies
from bot.domain import agency
from bot.domain.channels import DEFAULT_KEY
from bot.domain.retention import Periods
from bot.errors import ConfigurationError
from bot.identity_ports import HOUSE_BACK, IdentityProvider
from bot.services.policies import STANDARD, read_folder, texts_of
from bot.services.rulebook import Rulebook
from bot.settings import Settings
from bot.storage.key_files import ask_for_keyring, create_key_file, load_keyring
from bot.storage.pictures import PictureFolders
from bot.storage.schema import migrate, schema_state
from bot.storage.sealing import Keyring
from bot.texts import Texts
from dialogs.book import DialogBook
from dialogs.concerns.rule_files import RulebookError
from dialogs.concerns.rulebook import rulebook as concern_rules
from dialogs.instruments import Pack, load_packs, shipped_packs
from dialogs.problems import DialogError, did_you_mean
from dialogs.score_packs import ScorePack, load_score_packs
from dialogs.shipped import shipped_plans
from scheduler.clock import Clock
from scheduler.local_time import QuietHours

DEFAULT_AGENCY = agency.DEFAULT_AGENCY
#: Where the questionnaires that ship lie.
SHELF = Path(dialogs.__file__).parent / "instruments"
_ON = "LOTSE_INSTRUMENTS__ON"
_CONCERN_RULES = "LOTSE_CONCERNS__RULES"
_OIDC = "LOTSE_OIDC__ISSUER"
_OIDC_CA = "LOTSE_OIDC__CA_FILE"
_LICENSED = "LOTSE_INSTRUMENTS__LICENSED_DIR"
_SCORES = "LOTSE_INSTRUMENTS__SCORES_DIR"
#: How the schema's fault begins where there is no schema yet.
EMPTY = "the database has no schema"
_SQLITE = "sqlite:///"


def dialog_sources() -> dict[str, str]:
    """The dialogs that ship, by file name."""
    folder = Path(dialogs.__file__).parent / "flows"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}


def plans_source() -> str:
    """The plans that ship."""
    return shipped_plans()


def open_pictures(settings: Settings) -> PictureFolders:
    """The pictures of dialogs: those that ship, and the operator's own in the data folder, which win.

    Raises `ConfigurationError` with one line for each that cannot be shown.
    """
    return PictureFolders([Path(dialogs.__file__).parent / "pictures", settings.data_dir / "pictures"])


def load_instruments(settings: Settings) -> Mapping[str, Pack]:
    """Every questionnaire, with the wording that the site holds a licence for.

    Raises `ConfigurationError` with all faults of packs and of the settings that name them.
    """
    folder = settings.instruments.licensed_dir
    if folder is not None and not folder.is_dir():
        raise ConfigurationError([f"{_LICENSED}: there is no folder {folder}"])
    try:
        packs = shipped_packs() if folder is None else load_packs(SHELF, folder)
    except DialogError as error:
        raise ConfigurationError([str(problem) for problem in error.problems]) from None
    faults = [_cannot_be_on(name, packs) for name in settings.instruments.on]
    if folder is not None:
        strange = sorted({one.name for one in folder.iterdir() if one.is_dir()} - packs.keys())
        faults += [f"{_LICENSED}: {name}: {_no_such(name, packs)}" for name in strange if name[0] != "."]
    if any(faults):
        raise ConfigurationError([fault for fault in faults if fault])
    return packs


def load_scores(settings: Settings) -> Mapping[str, ScorePack]:
    """The scores that the site holds a licence for; none unless it names a folder.

    Raises `ConfigurationError` with all faults of the packs.
    """
    folder = settings.instruments.scores_dir
    if folder is None:
        return {}
    if not folder.is_dir():
        raise ConfigurationError([f"{_SCORES}: there is no folder {folder}"])
    try:
        return load_score_packs(folder)
    except DialogError as error:
        raise ConfigurationError([str(problem) for problem in error.problems]) from None


def _cannot_be_on(name: str, packs: Mapping[str, Pack]) -> str:
    """Why a questionnaire cannot be switched on, in one line; empty if it can."""
    pack = packs.get(name)
    if pack is None:
        return f"{_ON}: {_no_such(name, packs)}"
    if not pack.can_be_asked:
        return f"{_ON}: {name} has no wording that may ship: put yours below {_LICENSED}"
    if not pack.is_clinical:
        return f"{_ON}: {name} is not clinical: it is on without being named, leave it out"
    return ""


def deputy_fault(missing: list[str]) -> str:
    """What is wrong with asking these questionnaires without a deputy on call; empty if there are none."""
    if not missing:
        return ""
    remedy = "name one with: lotse staff add --deputy-of ID"
    return f"{_ON}: {', '.join(missing)} needs a deputy on call, and no coach has one; {remedy}"


def _no_such(name: str, packs: Mapping[str, Pack]) -> str:
    return f"there is no questionnaire '{name}'. {did_you_mean(name, packs)}"


def load_concern_rules(settings: Settings) -> int:
    """Read the rules that recognise concerns, now and not while the first person waits for an answer.

    Returns how many there are. Raises `ConfigurationError` for a site's file that cannot be used.
    """
    try:
        return len(concern_rules(settings.concerns.rules).rules)
    except RulebookError as error:
        raise ConfigurationError([f"{_CONCERN_RULES}: {error}"]) from None


def build_rulebook(
    settings: Settings, book: DialogBook, numbers: Mapping[str, int] | None = None
) -> Rulebook:
    """Everything that use cases look up. Raises `ConfigurationError` with all faults.

    `numbers` are the agencies' by key word, where the database was asked for them; without, only the default
    agency is in it, but the configuration of all is looked at.
    """
    try:
        policies = read_folder(Path(dialogs.__file__).parent / "programmes")
    except DialogError as error:
        raise ConfigurationError([str(problem) for problem in error.problems]) from None
    part = settings.agency
    rules = Rulebook(
        agencies={},
        hours={},
        policies=policies[STANDARD],
        own_policies=policies,
        ladder_texts=texts_of(Path(dialogs.__file__).parent / "programmes"),
        book=book,
        texts=Texts.load(Path(locales.__file__).parent),
        new_code=lambda: secrets.token_urlsafe(24),
        public_url=settings.address,
        quiet=QuietHours(*part.quiet_span),
        periods=Periods(**settings.retention.model_dump()),
        packs_on=frozenset(settings.instruments.on),
        crisis_texts=part.crisis_text,
        concern_rules_file=settings.concerns.rules,
        page=settings.page.rules,
        sign_in=settings.sign_in.rules,
        score_packs=load_scores(settings),
    )
    return with_agencies(rules, settings, numbers or {DEFAULT_KEY: DEFAULT_AGENCY})


def open_identity_provider(settings: Settings, clock: Clock) -> IdentityProvider | None:
    """The house behind whose sign-in staff come in; None if there is none. Asks nothing of it yet.

    Raises `ConfigurationError`.
    """
    part = settings.oidc
    if not part.issuer:
        return None
    try:
        from bot.identity_provider import OidcProvider, Registration
    except ModuleNotFoundError as missing:
        raise ConfigurationError([f"{_OIDC}: needs {missing.name}: pip install 'lotse[oidc]'"]) from None
    back = f"{settings.address}{HOUSE_BACK}"
    known_as = Registration(
        part.issuer, part.client_id, part.secret, part.label, back, part.acr, part.amr, part.ca_file
    )
    try:
        return OidcProvider(known_as, clock.now)
    except OSError as error:
        raise ConfigurationError([f"{_OIDC_CA}: cannot be used ({type(error).__name__})"]) from None


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


def has_keys(settings: Settings) -> bool:
    """Whether there are keys, usable or not."""
    return bool(settings.keys_command) or settings.keys.exists()


def load_keys(settings: Settings) -> Keyring:
    """The keys that are there, from the file or from the command. Raises `ConfigurationError`."""
    if settings.keys_command:
        return ask_for_keyring(settings.keys_command)
    return load_keyring(settings.keys)


def keyring_for(settings: Settings, *, database_is_new: bool) -> Keyring:
    """The keys for sealed content. A missing file is made only while there is nothing that it should open.

    Raises `ConfigurationError` otherwise.
    """
    path = settings.keys
    if has_keys(settings):
        return load_keys(settings)
    if not database_is_new:
        raise ConfigurationError([f"{path}: the key file is missing, and the database holds sealed content"])
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return create_key_file(path)
