"""What may happen: small named rules, each with a sentence for the person who keeps the ledger.

A rule looks at an event and the state before it, and returns a `Refusal` or None.  `CHECKS` holds, for each kind of
event, all that must hold; the first rule that refuses decides.  Rules change nothing, and know nothing of files.
"""

from orgsim.events import (
    AbolishPost,
    Appoint,
    ChangeEmployment,
    ChangePerson,
    ChangePost,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    Depart,
    EndLeave,
    Event,
    Hire,
    OpenUnit,
    Report,
    StartLeave,
    Vacate,
)
from orgsim.rules.lines import check_report, ends, reporting_cycle
from orgsim.rules.people import (
    check_appoint,
    check_change_person,
    check_employed,
    check_hire,
    check_leave,
    check_vacate,
)
from orgsim.rules.posts import check_abolish_post, check_change_post, check_create_post
from orgsim.rules.refusal import Refusal, Rule
from orgsim.rules.units import check_change_unit, check_close_unit, check_open_unit

CHECKS: dict[type[Event], Rule] = {
    OpenUnit: check_open_unit,
    ChangeUnit: check_change_unit,
    CloseUnit: check_close_unit,
    CreatePost: check_create_post,
    ChangePost: check_change_post,
    AbolishPost: check_abolish_post,
    Hire: check_hire,
    Depart: check_employed,
    ChangeEmployment: check_employed,
    ChangePerson: check_change_person,
    Appoint: check_appoint,
    Vacate: check_vacate,
    Report: check_report,
    StartLeave: check_leave,
    EndLeave: check_leave,
}

__all__ = ["CHECKS", "Refusal", "Rule", "ends", "reporting_cycle"]
