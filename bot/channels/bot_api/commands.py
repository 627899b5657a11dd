# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The commands that Telegram offers in a bot's menu. Typed or chosen, they arrive as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`name` without the slash (a-z 0-9 _, at most 32), and what it does in at most 256 characters."""

    name: str
    meaning: str


#: By the person's app language; "" is for all others.
Commands = Mapping[str, tuple[Command, ...]]

PARTICIPANT_COMMANDS: Commands = {
    "": (
        Command("hilfe", "Hilfe und Notrufnummern"),
        Command("pause", "Eine Weile keine Nachrichten"),
        Command("sprache", "Sprache ändern"),
        Command("hilfeplan", "Mein Hilfeplan"),
        Command("profil", "Mein eigenes Profil"),
        Command("meinedaten", "Was über mich gespeichert ist"),
        Command("einwilligungen", "Wozu ich Ja gesagt habe"),
        Command("stimmtnicht", "Sagen, dass etwas nicht stimmt"),
        Command("einschraenken", "Meine Daten nur aufbewahren"),
        Command("loeschen", "Alles über mich löschen lassen"),
        Command("stopp", "Keine Nachrichten mehr"),
        Command("start", "Wieder anfangen"),
    ),
    "en": (
        Command("help", "Help and emergency numbers"),
        Command("pause", "No messages for a while"),
        Command("language", "Change the language"),
        Command("helpplan", "My help plan"),
        Command("profile", "My own profile"),
        Command("mydata", "What is kept about me"),
        Command("consents", "What I agreed to"),
        Command("notright", "Say that something is not right"),
        Command("restrict", "Only keep my data"),
        Command("delete", "Have everything about me deleted"),
        Command("stop", "No more messages"),
        Command("start", "Begin again"),
    ),
}

#: Only what the staff side reads as a command: any other word of a coach may go to a participant.
STAFF_COMMANDS: Commands = {
    "": (
        Command("meldungen", "Was für Sie offen ist"),
        Command("fall", "Einen Fall zeigen"),
        Command("ende", "Ein Gespräch über Lotse beenden"),
        Command("notfall", "Einen fremden Fall im Notfall öffnen"),
        Command("vorlagen", "Fertige Texte für Ihre Antwort"),
        Command("vorlage", "Einen fertigen Text senden"),
        Command("weitergabe", "Fragen, was an eine andere Stelle gehen darf"),
        Command("uebergeben", "Mit Einwilligung etwas weitergeben"),
        Command("aufheben", "Eine Einschränkung mit Grund aufheben"),
        Command("dienst", "Wer da ist und wer Dienst hat"),
        Command("abwesend", "Sie sind nicht da"),
        Command("da", "Sie sind wieder da"),
        Command("vertretung", "Wer Sie vertritt"),
        Command("tausch", "Einen Dienst tauschen"),
        Command("uebernahme", "Den Dienst jetzt übernehmen"),
        Command("probe", "Prüfen, ob Meldungen Sie erreichen"),
        Command("termine", "Die nächsten Termine"),
        Command("termin", "Einen Termin eintragen"),
        Command("verschieben", "Einen Termin verschieben"),
        Command("absagen", "Einen Termin absagen"),
        Command("begleitung", "Wer zu einem Termin mitkommt"),
        Command("hilfeplan", "Den Hilfeplan zeigen oder vorschlagen"),
        Command("vermittlung", "Wohin jemand vermittelt wird"),
        Command("antraege", "Anträge Ihrer Leute, was zuerst ansteht"),
        Command("angebot", "Ein Angebot vorschlagen"),
        Command("erwartungen", "Wer was erwartet"),
        Command("gruppen", "Ihre Gruppen heute, und wer da war"),
        Command("konferenz", "Fachkonferenzen und Ihre Aufgaben daraus"),
        Command("ausgang", "Eintragen, wie es ausgegangen ist"),
        Command("plan", "Was Lotse als Nächstes fragt"),
        Command("fenster", "Wann Lotse schreiben darf"),
        Command("entlassung", "Tag der Entlassung"),
        Command("praktikum", "Beginn und Ende eines Praktikums"),
        Command("tagesblick", "Der Überblick am Morgen: an oder aus"),
        Command("schicht", "Leitung: Dienste einteilen"),
        Command("team", "Leitung: wer da ist"),
        Command("hilfe", "Alle Befehle mit Beispielen"),
        Command("start", "Anmelden"),
    ),
    "en": (
        Command("meldungen", "What is open for you"),
        Command("fall", "Show a case"),
        Command("ende", "End a conversation through Lotse"),
        Command("notfall", "Open another's case in an emergency"),
        Command("vorlagen", "Texts kept ready for your answer"),
        Command("vorlage", "Send a text that is kept ready"),
        Command("weitergabe", "Ask what may go to another place"),
        Command("uebergeben", "Pass something on with consent"),
        Command("aufheben", "End a restriction for a reason"),
        Command("dienst", "Who is there and who has duty"),
        Command("abwesend", "You are away"),
        Command("da", "You are back"),
        Command("vertretung", "Who stands in for you"),
        Command("tausch", "Swap a shift"),
        Command("uebernahme", "Take over the duty now"),
        Command("probe", "Check whether alerts reach you"),
        Command("termine", "The next appointments"),
        Command("termin", "Enter an appointment"),
        Command("verschieben", "Move an appointment"),
        Command("absagen", "Cancel an appointment"),
        Command("begleitung", "Who comes along to an appointment"),
        Command("hilfeplan", "Show or propose the help plan"),
        Command("vermittlung", "Where somebody is referred to"),
        Command("antraege", "Applications of your people, what is due first"),
        Command("angebot", "Suggest an offer"),
        Command("erwartungen", "Who expects what"),
        Command("gruppen", "Your groups today, and who was there"),
        Command("konferenz", "Case conferences and your tasks"),
        Command("ausgang", "Enter how it turned out"),
        Command("plan", "What Lotse asks next"),
        Command("fenster", "When Lotse may write"),
        Command("entlassung", "Day of discharge"),
        Command("praktikum", "Beginning and end of an internship"),
        Command("tagesblick", "The morning's overview: on or off"),
        Command("schicht", "Leads: arrange shifts"),
        Command("team", "Leads: who is there"),
        Command("hilfe", "All commands with examples"),
        Command("start", "Sign in"),
    ),
}
