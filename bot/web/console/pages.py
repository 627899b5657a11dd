# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every page of the console."""

from __future__ import annotations

from bot.web.console import (
    admin_dialogs,
    admin_house,
    admin_log,
    admin_person,
    admin_plans,
    admin_programmes,
    admin_staff,
    calendar,
    calendar_feed,
    duty,
    duty_person,
    duty_rota,
    duty_team,
    handing_over,
    invitations,
    people,
    person,
    person_plans,
    person_rights,
    queue,
    team,
)
from bot.web.console.seat import Download, Page

ALL: tuple[Page | Download, ...] = (
    *queue.PAGES,
    *people.PAGES,
    *handing_over.PAGES,
    *calendar.PAGES,
    *calendar_feed.PAGES,
    *duty.PAGES,
    *duty_rota.PAGES,
    *duty_person.PAGES,
    *duty_team.PAGES,
    *invitations.PAGES,
    *person.PAGES,
    *person_plans.PAGES,
    *person_rights.PAGES,
    *team.PAGES,
    *admin_staff.PAGES,
    *admin_person.PAGES,
    *admin_house.PAGES,
    *admin_programmes.PAGES,
    *admin_plans.PAGES,
    *admin_dialogs.PAGES,
    *admin_log.PAGES,
)
