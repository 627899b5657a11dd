# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's copy as one page to read and to print: no script, nothing from elsewhere, in their language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from typing import Any

from bot.services.export_meanings import REASONS, ROLES, WORDS
from bot.services.export_person import PersonCopy
from bot.services.export_words import SAID, SECTIONS, Section
from bot.texts import Voice
from dialogs.book import DialogBook
from dialogs.model import Question

_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:50rem;margin:0 auto;padding:1rem;color:#222;background:#fff}"
    "h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem;border-bottom:2px solid #555}"
    "dl{border:1px solid #767676;border-radius:.3rem;padding:.5rem .8rem;margin:.6rem 0;"
    "break-inside:avoid}dt{font-weight:bold}dd{margin:0 0 .4rem;overflow-wrap:anywhere;white-space:pre-wrap}"
    ".said{margin:.6rem 0;break-inside:avoid}.said p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".when{color:#444;font-size:.9rem}@media print{body{max-width:none;padding:0}}"
)
_ROLE_COLUMNS = frozenset({"coach", "owner", "taken_by", "staff", "set_by", "actor"})


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Writes one page. `zone` is the person's; `book` has the words of the questions."""

    voice: Voice
    zone: tzinfo
    book: DialogBook

    def page(self, copy: PersonCopy) -> str:
        """The whole page as HTML."""
        say = self.voice.say
        title = say("Ihre Daten bei Lotse")
        body = [
            f"<h1>{escape(title)}</h1>",
            _p(say("Fallcode {case}. Stand: {when}.", case=copy.case_code, when=self._moment(copy.made_at))),
            _p(
                say(
                    "Hier steht alles, was über Sie gespeichert ist. Was nicht darin steht, und warum, lesen "
                    "Sie am Ende. Bitte bewahren Sie diese Seite so auf, dass nur Sie sie lesen können."
                )
            ),
            *self._section(SECTIONS[0], copy),
            *self._talk(copy),
            *(part for section in SECTIONS[1:] for part in self._section(section, copy)),
            *self._rest(copy),
            *self._looks(copy),
            *self._left_out(copy),
        ]
        return (
            f'<!doctype html>\n<html lang="{escape(self.voice.language)}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta name="robots" content="noindex">\n<title>{escape(title)}</title>\n'
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
            + "\n".join(body)
            + "\n</main>\n</body>\n</html>\n"
        )

    def _section(self, section: Section, copy: PersonCopy) -> Iterator[str]:
        yield self._heading(self.voice.say(section.title))
        yield _p(self.voice.say(section.about))
        shown = 0
        for table, columns in section.columns.items():
            for row in copy.rows(table):
                shown += 1
                yield self._record(
                    table, row, {name: self.voice.say(title) for name, title in columns.items()}
                )
        if not shown:
            yield _p(self.voice.say("Dazu ist nichts gespeichert."))

    def _talk(self, copy: PersonCopy) -> Iterator[str]:
        """Every message in both directions, in the order of their moments."""
        say = self.voice.say
        yield self._heading(say("Nachrichten"))
        # A pressed button is shown by its label, as the person saw it.
        labels = {
            key["token"]: key["label"]
            for row in copy.rows("outgoing")
            for keys in row["body"].get("keys", ())
            for key in keys
        }
        lines = [
            (
                row["at"],
                0,
                say("Sie"),
                (row["text"], labels.get(row["press"], row["press"]), row["attachment"]),
            )
            for row in copy.rows("incoming")
        ]
        for row in copy.rows("outgoing"):
            who, body = say("Mensch im Team") if row["staff"] else say("Lotse"), row["body"]
            lines.append((row["posted_at"], 1, who, (body.get("text"), body.get("alt"), body.get("link"))))
        if not lines:
            yield _p(say("Dazu ist nichts gespeichert."))
        for at, _, who, words in sorted(lines, key=lambda line: line[:2]):
            head = escape(f"{who}, {self._moment(at)}")
            text = escape("\n".join(filter(None, words)))
            yield f'<div class="said"><p class="when">{head}</p><p>{text}</p></div>'

    def _rest(self, copy: PersonCopy) -> Iterator[str]:
        """Tables that no section knows, column by column: a new table is never missing."""
        known = {table for section in SECTIONS for table in section.columns} | set(SAID)
        rest = {name: rows for name, rows in copy.tables.items() if name not in known}
        if not rest:
            return
        yield self._heading(self.voice.say("Weitere Angaben"))
        for table, rows in rest.items():
            for row in rows:
                yield self._record(table, row, {name: name for name in row if name != "id"})

    def _looks(self, copy: PersonCopy) -> Iterator[str]:
        say = self.voice.say
        yield self._heading(say("Wer nachgesehen oder etwas geändert hat"))
        yield _p(say("Das Protokoll nennt die Rolle, nicht den Namen."))
        names = {"at": say("Wann"), "role": say("Von wem"), "action": say("Was")}
        for look in copy.looks:
            yield self._record("", {"at": look.at, "role": look.role, "action": look.action}, names)

    def _left_out(self, copy: PersonCopy) -> Iterator[str]:
        say = self.voice.say
        yield self._heading(say("Was nicht darin steht, und warum"))
        reasons = list(dict.fromkeys(copy.left_out.values()))
        yield "<ul>" + "".join(f"<li>{escape(say(REASONS[reason]))}</li>" for reason in reasons) + "</ul>"
        yield _p(
            say("Rein technische Angaben wie laufende Nummern stehen nur in der Datei für Programme (JSON).")
        )
        yield _p(
            say(
                "Sie können verlangen, dass etwas berichtigt oder gelöscht wird. "
                "Beschweren können Sie sich bei der Aufsicht für den Datenschutz in Ihrem Land."
            )
        )

    @staticmethod
    def _heading(title: str) -> str:
        return f"<h2>{escape(title)}</h2>"

    def _record(self, table: str, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
        said = ((title, self._words(table, row, name)) for name, title in names.items())
        parts = "".join(f"<dt>{escape(title)}</dt><dd>{escape(words)}</dd>" for title, words in said if words)
        return f"<dl>{parts}</dl>"

    def _words(self, table: str, row: Mapping[str, Any], name: str) -> str:
        value = row.get(name)
        if table == "answer" and name in ("dialog", "step"):
            return self._asked(row, name)
        if isinstance(value, str):
            known = ROLES if name in _ROLE_COLUMNS | {"role"} else WORDS.get(name, {})
            return self.voice.say(known[value]) if value in known else value
        return self._value(value)

    def _asked(self, row: Mapping[str, Any], name: str) -> str:
        """The title of the dialog or the words of the question, where they are still known."""
        dialog = self.book.latest(str(row["dialog"]))
        step = dialog.steps.get(str(row["step"])) if dialog else None
        texts = (
            dialog.title if dialog and name == "dialog" else step.text if isinstance(step, Question) else {}
        )
        language = self.voice.language
        return texts.get(language) or texts.get("de") or str(row[name])

    def _value(self, value: Any) -> str:
        match value:
            case None | "":
                return ""
            case bool():
                return self.voice.say("Ja") if value else self.voice.say("Nein")
            case datetime():
                return self._moment(value)
            case Mapping():
                return _joined(self._words("", value, name) for name in value)
            case list() | tuple():
                return _joined(self._value(one) for one in value)
            case _:
                return str(value)

    def _moment(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime(self.voice.say("%d.%m.%Y, %H:%M Uhr"))


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(filter(None, parts))


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"
