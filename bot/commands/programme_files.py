# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Files that `lotse programme` reads: by path, or by the name of a programme that ships."""

from __future__ import annotations

from pathlib import Path

import msgspec

import dialogs
from bot.commands.refusals import fail
from bot.domain.consent import Purpose
from bot.services.person_dates import SAID
from bot.services.policies import read_folder
from bot.services.read_plans import read_plans
from dialogs.check_programme import Known
from dialogs.instruments import shipped_packs
from dialogs.problems import DialogError
from dialogs.programme_model import Programme
from dialogs.shipped import shipped_files, shipped_programmes
from dialogs.yaml_source import read_yaml

FOLDER = Path(dialogs.__file__).parent / "programmes"


class Source(msgspec.Struct, frozen=True):
    """What stands in a file; `name` is how problems name it."""

    text: str
    name: str

    @property
    def is_programme(self) -> bool:
        """Whether it wants to be a programme, not a file of ladders."""
        try:
            root, _ = read_yaml(self.text, self.name)
        except DialogError:
            return False
        return "programme" in root.entries


def read_source(file: str) -> Source:
    """A file, or what ships under this name if there is no such file. Ends with exit code 2 and one line."""
    shipped = shipped_programmes()
    if file in shipped and not Path(file).is_file():
        return Source(shipped[file], f"{file}/programme.yaml")
    return Source(read_text(Path(file)), file)


def read_text(file: Path) -> str:
    """The text of a file. Ends with exit code 2 and one line if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        fail(f"{file}: is not written in UTF-8")


def known_here(programme: Programme) -> Known:
    """The same with the questionnaires and scores of this installation, if the programme names any.

    Ends with exit code 2 if the settings that name them cannot be used.
    """
    shipped, evaluation = known_shipped(), programme.evaluation
    if not (programme.score_pack or (evaluation and evaluation.instruments)):
        return shipped
    from bot import house
    from bot.commands.console_io import kind_failures, read_settings

    config = read_settings()
    with kind_failures():
        packs, scores = house.load_instruments(config), house.load_scores(config)
    return msgspec.structs.replace(shipped, instruments=frozenset(packs), score_packs=frozenset(scores))


def known_shipped() -> Known:
    """What a programme may name in an agency that has nothing but what ships."""
    path = FOLDER / "standard_plans.yaml"
    names = frozenset(path.stem for path in shipped_files())
    plans = read_plans(path.read_text(encoding="utf-8"), path.name, names).plans
    return Known(
        dialogs=names,
        plans=frozenset(plans.check_ins),
        policies=frozenset(read_folder(FOLDER)),
        consents=frozenset(purpose.value for purpose in Purpose),
        dates=frozenset(SAID),
        instruments=frozenset(shipped_packs()),
    )
