# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The configuration, read once: environment variables, then `lotse.toml`, then these defaults.

Every variable begins with LOTSE_, parts are joined by two underscores, and a secret may be given as a file
by adding _FILE to its name. All faults are reported together.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.agency_parts import TELEGRAM, AgencyPart, DefaultAgency, FurtherAgency, TelegramBot
from bot.errors import ConfigurationError
from bot.setting_parts import (
    ConcernsPart,
    InstrumentsPart,
    MailPart,
    PagePart,
    Part,
    RetentionPart,
    is_http_url,
)
from bot.sign_in_parts import OidcPart, SignInPart

__all__ = [
    "TELEGRAM",
    "AgencyPart",
    "ConcernsPart",
    "DefaultAgency",
    "FurtherAgency",
    "Http",
    "InstrumentsPart",
    "MailPart",
    "PagePart",
    "RetentionPart",
    "Settings",
    "TelegramBot",
    "load",
    "without_environment",
]

#: Names that end in _FILE by themselves and are no secrets in files.
_PLAIN_FILES = frozenset({"LOTSE_KEYS_FILE", "LOTSE_MAIL__CA_FILE", "LOTSE_OIDC__CA_FILE"})


class Http(Part):
    """Where the web side listens. Behind a reverse proxy this stays on the loopback address."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="LOTSE_", env_nested_delimiter="__", extra="forbid")

    data_dir: Path = Path("lotse-data")
    database_url: SecretStr | None = None
    keys_file: Path | None = None
    # Not secrets, but people put one into them.
    keys_command: str = Field(default="", repr=False)
    public_url: str = ""
    heartbeat_url: str = Field(default="", repr=False)
    time_factor: float = Field(default=1.0, ge=1.0, le=100_000.0)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    http: Http = Http()
    telegram: TelegramBot = TelegramBot()
    telegram_staff: TelegramBot = TelegramBot()
    mail: MailPart = MailPart()
    concerns: ConcernsPart = ConcernsPart()
    agency: DefaultAgency = DefaultAgency()
    instruments: InstrumentsPart = InstrumentsPart()
    page: PagePart = PagePart()
    retention: RetentionPart = RetentionPart()
    sign_in: SignInPart = SignInPart()
    oidc: OidcPart = OidcPart()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path("lotse.toml"))

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        faults = [line for name, bot in self.bots.items() for line in bot.faults(name, self.public_url)]
        faults += self.mail.faults(self.public_url)
        faults += self.sign_in.faults() + self.oidc.faults(self.public_url)
        faults += _same_tokens(self.bots)
        if self.public_url and not self.public_url.startswith(("http://", "https://")):
            faults.append("public_url must begin with https:// (or http:// for a trial)")
        if self.keys_file and self.keys_command:
            faults.append("keys_file and keys_command are both set: keep one of them")
        if self.heartbeat_url and not is_http_url(self.heartbeat_url):
            faults.append("heartbeat_url must be https:// (or http://) with a host, in plain ASCII")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def bots(self) -> dict[str, TelegramBot]:
        """All bots, those that are off too, by what the configuration calls them."""
        found = {"telegram": self.telegram, "telegram_staff": self.telegram_staff}
        for key, one in self.agency.further.items():
            found |= {f"[agency.{key}.telegram]": one.telegram}
            found |= {f"[agency.{key}.telegram_staff]": one.telegram_staff}
        return found

    @property
    def database(self) -> str:
        """The database URL, with the password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'lotse.db'}"

    @property
    def address(self) -> str:
        """Where people reach the web side, without a slash at the end."""
        anywhere = self.http.host in ("0.0.0.0", "::")  # noqa: S104  (compared, not bound)
        here = "127.0.0.1" if anywhere else self.http.host
        return (self.public_url or f"http://{here}:{self.http.port}").rstrip("/")

    @property
    def keys(self) -> Path:
        """Where the keys for sealed content lie."""
        return self.keys_file or self.data_dir / "keys.json"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration. Raises `ConfigurationError` with one line for each fault."""
    problems = _read_secret_files(os.environ if environment is None else environment)
    unknown = [name for name in os.environ if name.startswith("LOTSE_") and not _is_known(name)]
    problems += [
        f"{name} is not a setting: see docs/operations.md for all of them" for name in sorted(unknown)
    ]
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigurationError([*problems, *_lines(error)]) from None
    except ValueError as error:
        raise ConfigurationError([*problems, f"lotse.toml cannot be read: {type(error).__name__}"]) from None
    if problems:
        raise ConfigurationError(problems)
    return settings


def without_environment(**values: Any) -> Settings:
    """Settings from these values and the defaults alone, for the demonstration and for tests."""
    return _Alone(**values)


class _Alone(Settings):
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _read_secret_files(environment: Mapping[str, str]) -> list[str]:
    problems = []
    for name, path in list(environment.items()):
        target = name.removesuffix("_FILE")
        if not name.startswith("LOTSE_") or target == name or name in _PLAIN_FILES:
            continue
        if target in environment:
            problems.append(f"{target} and {name} are both set: keep one of them")
            continue
        try:
            os.environ[target] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name}: the file cannot be read ({type(error).__name__})")
        else:
            del os.environ[name]
    return problems


def _is_known(name: str) -> bool:
    if name.startswith("LOTSE_TEST_") or name.endswith("_FILE"):
        return True
    parts = name.removeprefix("LOTSE_").lower().split("__")
    model: Any = Settings
    for number, part in enumerate(parts, start=1):
        field = model.model_fields.get(part) if hasattr(model, "model_fields") else None
        if field is not None:
            model = field.annotation
        elif model is DefaultAgency and number < len(parts):
            model = FurtherAgency
        else:
            return getattr(model, "__name__", "") == "" or model is dict
    return True


def _same_tokens(bots: Mapping[str, TelegramBot]) -> list[str]:
    """One line for each token that two bots have: a messenger gives what comes in to one of them alone."""
    by_token: dict[str, list[str]] = {}
    for name, bot in bots.items():
        if bot.token is not None and bot.is_on:
            by_token.setdefault(bot.token.get_secret_value(), []).append(name)
    doubled = [names for names in by_token.values() if len(names) > 1]
    return [
        f"{' and '.join(names)} have the same token: they must be two bots"
        if len(names) == 2
        else f"{', '.join(names)} have the same token: they must be {len(names)} bots"
        for names in doubled
    ]


def _name_of(loc: tuple[int | str, ...]) -> str:
    """What an operator calls the place of a fault: the variable, or a table of a further agency's."""
    if len(loc) > 2 and loc[0] == "agency" and loc[1] not in DefaultAgency.model_fields:
        return f"[{'.'.join(map(str, loc[:-1]))}] {loc[-1]}"
    return "LOTSE_" + "__".join(str(part) for part in loc).upper() if loc else ""


def _lines(error: ValidationError) -> list[str]:
    lines = []
    for fault in error.errors(include_input=False, include_url=False, include_context=False):
        name = _name_of(fault["loc"])
        texts = str(fault["msg"]).removeprefix("Value error, ").splitlines()
        lines += [f"{name}: {text}" if name else text for text in texts]
    return lines
