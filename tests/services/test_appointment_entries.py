# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type: what is understood, and what is refused with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.appointments import AppointmentKind, Details, ReminderRule
from bot.services.appointment_dates import EntryFault, read_moment
from bot.services.appointment_entries import (
    KINDS,
    CancelEntry,
    MoveEntry,
    NewEntry,
    SeriesEntry,
    read_entry,
    read_new,
    write_entry,
)

BERLIN = ZoneInfo("Europe/Berlin")
#: A Monday, 10:00 on the wall.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def read(typed: str, now: datetime = NOW) -> NewEntry:
    return read_new(typed, now, "Europe/Berlin")


def tried(typed: str) -> NewEntry | EntryFault:
    try:
        return read(typed)
    except EntryFault as refused:
        return refused


def fault(typed: str) -> str:
    with pytest.raises(EntryFault) as found:
        read(typed)
    return found.value.text.format(**found.value.fields)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("24.11.2026 10:30", "24.11.2026 10:30"),
        ("24.11.26 10:30", "24.11.2026 10:30"),
        ("24.11. 10:30 Uhr", "24.11.2026 10:30"),
        ("24.11 9 Uhr", "24.11.2026 09:00"),
        ("24.11., 10.30", "24.11.2026 10:30"),
        ("22.11. 10:30", "22.11.2027 10:30"),
        ("23.11. 10:01", "23.11.2026 10:01"),
        ("Mo 10:30", "23.11.2026 10:30"),
        ("Mo 9:00", "30.11.2026 09:00"),
        ("montag, 9:00", "30.11.2026 09:00"),
        ("Di. 9:00", "24.11.2026 09:00"),
        ("Sonnabend 9:00", "28.11.2026 09:00"),
        ("Di 24.11. 9:00", "24.11.2026 09:00"),
        ("Mo 10.30", "23.11.2026 10:30"),
        ("heute 11:00", "23.11.2026 11:00"),
        ("morgen 9:00", "24.11.2026 09:00"),
        ("übermorgen 9:00", "25.11.2026 09:00"),
        ("29.2. 9:00", "29.02.2028 09:00"),
        ("28.3.2027 3:30", "28.03.2027 03:30"),
        ("31.10.2027 3:00", "31.10.2027 03:00"),
        ("1.6.2027 10:00", "01.06.2027 10:00"),
    ],
)
def test_days_and_times(typed: str, expected: str) -> None:
    words = typed.split()
    at = read_moment(words, NOW, "Europe/Berlin")
    assert f"{at.astimezone(BERLIN):%d.%m.%Y %H:%M}" == expected
    assert words == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Fallcode"),
        ("ABCDE", "keinen Tag"),
        ("ABCDE irgendwann 10:00 coach", "keinen Tag"),
        ("ABCDE 24.11.", "keine Uhrzeit"),
        ("ABCDE 24.11. coach", "keine Uhrzeit"),
        ("ABCDE 24.11. 25:00 coach", "25:00 Uhr gibt es nicht"),
        ("ABCDE 24.11. 10:60 coach", "10:60 Uhr gibt es nicht"),
        ("ABCDE 24.11. 10:30", "Welche Art"),
        ("ABCDE 24.11. 10:30 zahnarzt", "Welche Art"),
        ("ABCDE 24.11. 10:30 coach dazu", "„dazu“"),
        ("ABCDE 30.2.2027 10:30 coach", "Den Tag 30.2.2027 gibt es nicht"),
        ("ABCDE 29.2.2027 10:30 coach", "Den Tag 29.2.2027 gibt es nicht"),
        ("ABCDE 31.11. 10:30 coach", "gibt es nicht"),
        ("ABCDE Mi 24.11.2026 10:30 coach", "kein Mittwoch"),
        ("ABCDE 22.11.2026 10:30 coach", "schon vorbei"),
        ("ABCDE 23.11.2026 10:00 coach", "schon vorbei"),
        ("ABCDE heute 9:00 coach", "schon vorbei"),
        ("ABCDE 24.11.2036 10:30 coach", "mehr als zwei Jahre"),
        ("ABCDE 28.3.2027 2:30 coach", "wird die Uhr vorgestellt"),
        ("ABCDE 31.10.2027 2:30 coach", "kommt 02:30 Uhr zweimal vor"),
        ("ABCDE 24.11. 10:30 coach Karte: http://karte.example", "https://"),
        ("ABCDE 24.11. 10:30 coach Karte: https://karte.example nach rechts", "https://"),
        ("ABCDE 24.11. 10:30 coach Ort: A Ort: B", "zweimal"),
        ("ABCDE 24.11. 10:30 coach Ort: " + "x" * 201, "zu lang"),
        ("ABCDE 24.11. 10:30 coach Dauer: lang", "Die Dauer"),
        ("ABCDE 24.11. 10:30 coach Dauer: 2", "Die Dauer"),
        ("ABCDE 24.11. 10:30 coach Erinnerung: oft", "Erinnerungen schreiben"),
        ("ABCDE 24.11. 10:30 coach Erinnerung: 0", "Erinnerungen schreiben"),
        ("ABCDE 24.11. 10:30 coach jede Woche", "Wann endet die Reihe"),
        ("ABCDE 24.11. 10:30 coach Ort: Haus 1 monatlich", "Wann endet die Reihe"),
        ("ABCDE 24.11. 10:30 coach jede Woche 500 mal", "2 bis 104"),
        ("ABCDE 24.11. 10:30 coach jede Woche 1 mal", "2 bis 104"),
        ("ABCDE 24.11. 10:30 coach alle 0 Wochen 3 mal", "1 bis 52"),
        ("ABCDE 24.11. 10:30 coach jede Woche bis 24.11.2026", "bevor sie sich"),
        ("ABCDE 24.11. 10:30 coach jede Woche bis 1.1.2050", "höchstens zwei Jahre"),
        ("ABCDE 31.12. 10:30 coach jeden Monat 3 mal", "nicht in jedem Monat"),
        ("ABCDE 24.11. 10:30 amt vorschlag", "allein die Behörde"),
        ("ABCDE 24.11. 10:30 hausbesuch Ort: Musterweg 3", "wird kein Ort aufgeschrieben"),
        ("ABCDE 24.11. 10:30 hausbesuch jede Woche 3 mal", "kein Vorschlag"),
        ("ABCDE 24.11. 10:30 coach vorschlag jede Woche 3 mal", "kein Vorschlag"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(typed: str, said: str) -> None:
    assert said in fault(typed)


def test_everything_at_once() -> None:
    entry = read(
        "abcde Di 24.11.2026 10:30 Uhr partner Ort: Haus 1, Raum 3 Mit: Frau Beispiel "
        "Begleitung: Herr Muster Karte: https://karte.example/x Dauer: 45 Erinnerung: 7, 1, morgens "
        "alle 2 Wochen bis zum 31.1.2027"
    )
    assert entry == NewEntry(
        case_code="ABCDE",
        kind=AppointmentKind.PARTNER,
        starts_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        minutes=45,
        details=Details("Haus 1, Raum 3", "https://karte.example/x", "Frau Beispiel", "Herr Muster"),
        reminders=ReminderRule((7, 1), morning=True),
        series=SeriesEntry("FREQ=WEEKLY;INTERVAL=2", date(2027, 1, 31)),
    )


def test_a_note_may_say_every_week() -> None:
    entry = read("ABCDE 24.11. 10:30 gruppe Notiz: er kommt jede Woche")
    assert entry.series is None
    assert entry.details.note == "er kommt jede Woche"


def test_months_keep_their_day() -> None:
    assert read("ABCDE 24.11. 10:30 gruppe jeden Monat, 6 mal").series == SeriesEntry(
        "FREQ=MONTHLY;BYMONTHDAY=24", None, 6
    )


_LABELLED = {"place": "Ort", "with_whom": "Mit", "accompanied_by": "Begleitung", "note": "Notiz"}
# No colon: a label inside a text is a label.
_WORDS = st.text("abcdefghij ÄÖÜß0123456789,.-/()", max_size=60).map(lambda words: " ".join(words.split()))


@given(
    # A visit at home has neither a place nor a series; see above.
    kind=st.sampled_from(sorted(set(KINDS) - {"hausbesuch"})),
    days=st.integers(1, 700),
    minute=st.integers(0, 24 * 60 - 1),
    texts=st.fixed_dictionaries(dict.fromkeys(_LABELLED, _WORDS)),
    length=st.integers(5, 1440),
    reminders=st.none() | st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=3),
    count=st.none() | st.integers(2, 104),
)
def test_what_is_written_is_read_again(
    kind: str,
    days: int,
    minute: int,
    texts: dict[str, str],
    length: int,
    reminders: list[int] | None,
    count: int | None,
) -> None:
    day = (NOW + timedelta(days=days)).date()
    parts = [f"ABCDE {day:%d.%m.%Y} {minute // 60}:{minute % 60:02} {kind}"]
    parts += [f"{_LABELLED[name]}: {text}" for name, text in texts.items() if text]
    parts += [f"Dauer: {length}"]
    parts += [f"Erinnerung: {', '.join(map(str, reminders))}"] if reminders else []
    parts += [f"jede Woche {count} mal"] if count else []
    entry = tried(" ".join(parts))
    if isinstance(entry, EntryFault):
        assert "Uhr" in entry.text, "only a night on which the clock changes is in the way"
        return
    assert entry.details == Details(**texts)
    assert (entry.kind, entry.minutes) == (KINDS[kind], length)
    shown = entry.starts_at.astimezone(BERLIN)
    assert (shown.date(), shown.hour * 60 + shown.minute) == (day, minute)
    assert (entry.reminders.days if entry.reminders else ()) == tuple(sorted(reminders or (), reverse=True))
    assert (entry.series.count if entry.series else None) == count
    assert read_entry(write_entry(entry)) == entry


@given(st.text(max_size=300))
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    for text in (typed, f"ABCDE {typed}", f"ABCDE 24.11. 10:30 coach {typed}"):
        entry = tried(text)
        if isinstance(entry, EntryFault):
            assert entry.text.format(**entry.fields)
        else:
            assert msgspec.json.decode(write_entry(entry))


def test_other_entries_come_back() -> None:
    for entry in (MoveEntry(3, NOW, is_settled=True), CancelEntry(4, whole_series=True)):
        assert read_entry(write_entry(entry)) == entry
