# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The directory of partners as a file: read whole, or not at all with faults by line; and who fits."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.partners import PartnerKind, Wanted, matching
from bot.domain.people import Role
from bot.errors import ConfigurationError
from bot.services.partner_files import Imported, import_partners, read_partners
from bot.services.sharing_talks import contact_of
from tests.services.stage import Stage

TODAY = date(2026, 11, 23)
FILE = """\ufeffArt;Name;Bezirk;Sprachen;Wartezeit;Stand;Kontakt;Angebot
Klinik;Klinik Musterstadt;Nord;de, uk;12;1.11.2026;0123 456;Tagesklinik
Beratung;Beratungsstelle Musterstadt;Nord;de/ar;2;2026-11-02;;
selbsthilfe;Gruppe Beispiel;Süd;;;;;Dienstags um 18 Uhr

Sport;Sportverein Beispiel;Nord und Ost;de;0;;;Probetraining
"""


def read(file: str) -> list[str]:
    """The faults of a file, or the names in it."""
    try:
        return [one.name for one in read_partners(file, 1, TODAY)]
    except ConfigurationError as error:
        return list(error.problems)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Zoo;Tierpark;Nord;de;1;;;", "line 2: 'Zoo' is no kind"),
        ("Klinik;;Nord;de;1;;;", "line 2: the name is missing"),
        ("Klinik;K;Nord;de;bald;;;", "line 2: the waiting time is a whole number of weeks from 0 to 260"),
        ("Klinik;K;Nord;de;261;;;", "line 2: the waiting time"),
        ("Klinik;K;Nord;de;1;gestern vielleicht;;", "line 2: 'gestern vielleicht' is no day"),
        ("Klinik;K;Nord;de;1;2027-01-01;;", "line 2: '2027-01-01' is no day that has been"),
        ("Klinik;K;Nord;d3!;1;;;", "line 2: languages are tags"),
        (f"Klinik;{'K' * 301};Nord;de;1;;;", "line 2: name is longer than 300 characters"),
        ("Klinik;K;Nord;;;;;\nKurs; k ;NORD;;;;;", "line 3: this place stands in the file twice"),
        ('Klinik;"K\nL";Nord;;;;;\nZoo;K;;;;;;', "line 4: 'Zoo' is no kind"),
    ],
)
def test_a_fault_names_its_line(line: str, fault: str) -> None:
    header = FILE.partition("\n")[0]
    assert [found for found in read(f"{header}\n{line}\n") if found.startswith(fault)] != []


def test_without_the_needed_columns_nothing_is_read() -> None:
    assert read("Name;Bezirk\nK;Nord\n") == ["line 1: there is no column for kind"]
    assert read("") == ["line 1: there is no column for kind, name"]
    assert read("kind,name\nclinic,K\n") == ["K"]


def test_who_fits_and_the_shortest_wait_first() -> None:
    found = read_partners(FILE, 1, TODAY)
    assert found[0].waiting_as_of == date(2026, 11, 1)

    def names(wanted: Wanted) -> list[str]:
        return [one.name.split()[0] for one in matching(found, wanted)]

    assert names(Wanted()) == ["Sportverein", "Beratungsstelle", "Klinik", "Gruppe"]
    assert names(Wanted(PartnerKind.CLINIC)) == ["Klinik"]
    assert names(Wanted(district="nord")) == ["Sportverein", "Beratungsstelle", "Klinik"]
    assert names(Wanted(district="Nord", language="AR")) == ["Beratungsstelle"]


def test_an_import_adds_changes_and_connects_and_a_fault_keeps_nothing(stage: Stage) -> None:
    paula = stage.staff("Beratungsstelle Musterstadt", Role.PARTNER)

    def take(file: str) -> Imported:
        return stage.run(lambda uow: import_partners(uow, 1, file, "command", stage.now))

    assert take(FILE) == Imported(4, 0, 0)
    changed = FILE.replace(";2;2026-11-02", ";5;2026-11-20")
    with pytest.raises(ConfigurationError):
        take(changed + "Zoo;Tierpark;;;;;;\n")
    assert take(FILE) == Imported(0, 0, 4)
    assert take(changed) == Imported(0, 1, 3)
    kept = stage.run(lambda uow: uow.casework.partners.of_agency(1))
    found = stage.run(lambda uow: [contact_of(uow, 1, one.name) for one in kept])
    assert found == [None, paula.id, None, None]
    assert kept[1].waiting_weeks == 5
