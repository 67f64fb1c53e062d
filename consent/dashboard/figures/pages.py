"""/staff/figures: the counts that statutes ask for, by type and year, as a page and as CSV."""

from typing import Any

from flask import Blueprint, Response, request

from consent.dashboard.figures import requests
from consent.dashboard.requests.naming import type_name
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.deadlines import zones
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web import csv_files
from consent.web.messages import N_

LIST = "/staff/figures"
YEARS = 5  # offered on the page; any other stands in the address
NO_YEAR = N_("Give a year of four digits.")
COLUMNS = (
    "year", "type", "received", "complied_in_whole_or_part", "of_these_in_part", "denied", "taken_back_or_expired",
    "open", "median_days", "mean_days",
)  # fmt: skip


def blueprint(db: Database, _keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/figures."""
    pages = Blueprint("staff_figures", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.FIGURES_SEE)
    def show() -> str:
        here = seat(governing)
        year = _year(here)
        last = here.today.year
        return doors.render(
            "dashboard/figures.html", here=here, year=year, years=range(last, last - YEARS, -1),
            counted=read(here, year), title=type_name,
        )  # fmt: skip

    @pages.get(f"{LIST}.csv")
    @require(Act.FIGURES_SEE)
    def file() -> Response:
        here = seat(governing)
        year = _year(here)
        answer = Response(csv_files.lines(_rows(year, read(here, year))), content_type="text/csv; charset=utf-8")
        name = f"privacy-requests-{here.pack.slug}-{year}.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def read(here: Seat, year: int) -> list[requests.Counted]:
        with db.read(here.organization_id) as tx:
            return requests.counted(tx, here.organization_id, year, zones.zone(here.pack.zone))

    return pages


def _year(here: Seat) -> int:
    asked = request.args.get("year", "") or str(here.today.year)
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and 1971 <= int(asked) <= 9000):
        raise BadInput(NO_YEAR, field="year")
    return int(asked)


def _rows(year: int, counted: list[requests.Counted]) -> list[list[Any]]:
    return [
        list(COLUMNS),
        *(
            [
                year, one.request_type, one.received, one.complied, one.partly, one.denied, one.taken_back, one.open,
                one.median_days, one.mean_days,
            ]
            for one in counted
        ),
    ]  # fmt: skip
