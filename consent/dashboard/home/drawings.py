"""The charts of the home page, from figures that are at hand."""

from collections.abc import Mapping, Sequence
from datetime import date

from consent.dashboard.figures.requests import AGES, Month, Opened
from consent.dashboard.requests.naming import type_name
from consent.web.charts import Chart, Row
from consent.web.i18n import ENGLISH, gettext, in_digits, page_language
from consent.web.messages import N_

WORDINGS = {
    "stop-keyword": N_("Stop, by a word"),
    "stop-sentence": N_("Stop, in a sentence"),
    "stop-gateway": N_("Stop, as the gateway says"),
    "start": N_("Start"),
    "help": N_("Help"),
    "ambiguous": N_("Unclear: somebody reads it"),
    "other": N_("Anything else"),
}
BLOCKS = {
    "1s": N_("Within a second"),
    "10s": N_("Within ten seconds"),
    "1m": N_("Within a minute"),
    "5m": N_("Within five minutes"),
    "later": N_("Later"),
}
MOST_REASONS = 12


def open_requests(opened: Sequence[Opened]) -> Chart:
    """Open requests by type; the parts of a bar are their ages."""
    edges = [0, *AGES]
    ages = [
        gettext("%(first)s to %(last)s days") % {"first": in_digits(first), "last": in_digits(last)}
        for first, last in zip([0, *(one + 1 for one in AGES)], AGES, strict=False)
    ]
    series = (*ages, gettext("More than %(days)s days") % {"days": in_digits(edges[-1])}, gettext("Overdue"))
    rows = [
        Row(type_name(one.request_type), tuple(map(float, one.by_age)), f"/staff/requests?type={one.request_type}")
        for one in opened
    ]
    about = gettext("How many requests of each type are open, by days since they came")
    return Chart("open", gettext("Open requests"), about, gettext("Type"), series, tuple(rows))


def days_to_close(months: Sequence[Month]) -> Chart:
    """The median of the days from receipt to answer, month by month."""
    about = gettext("The middle of the days from receipt to answer, by the month of the answer")
    rows = tuple(Row(_month(one.first), (one.median_days,)) for one in months)
    series = (gettext("Days"),)
    return Chart("days", gettext("Days to answer"), about, gettext("Month"), series, rows, "line")


def on_time(months: Sequence[Month]) -> Chart:
    """The share of answers that came by their date, month by month."""
    about = gettext("Of a hundred answers with a date, how many came by it")
    rows = tuple(Row(_month(one.first), (one.on_time,), "/staff/figures") for one in months)
    title, series = gettext("Answered on time"), (gettext("On time"),)
    return Chart("on-time", title, about, gettext("Month"), series, rows, "line", " %", 100.0)


def stop_to_block(parts: Mapping[str, int]) -> Chart:
    """How long after a STOP nothing more could go."""
    about = gettext("Stops by the time from the text to the block")
    return _counted(
        "block", gettext("From a stop to its block"), about, BLOCKS, parts, "/staff/audit?type=consent.withdrawn"
    )


def wordings(parts: Mapping[str, int]) -> Chart:
    """How the texts that came were read."""
    about = gettext("Texts that came, by how they were read")
    return _counted("wording", gettext("What texts said"), about, WORDINGS, parts, "/staff/audit?type=message.received")


def decisions(parts: Mapping[str, int]) -> Chart:
    """What the gate answered, and why; the commonest first."""
    allowed, denied = gettext("May go"), gettext("May not go")
    common = sorted(parts.items(), key=lambda one: (-one[1], one[0]))[:MOST_REASONS]
    rows = []
    for part, count in common:
        answer, _, code = part.partition("/")
        figures = (float(count), 0.0) if answer == "allow" else (0.0, float(count))
        rows.append(Row(code.replace("-", " "), figures, language="" if page_language() == ENGLISH else ENGLISH))
    about = gettext("Answers of the gate by the reason that was given first")
    return Chart("decisions", gettext("Decisions by reason"), about, gettext("Reason"), (allowed, denied), tuple(rows))


def _counted(key: str, title: str, about: str, names: Mapping[str, str], parts: Mapping[str, int], link: str) -> Chart:
    rows = tuple(Row(gettext(name), (float(parts.get(part, 0)),), link) for part, name in names.items())
    return Chart(key, title, about, gettext("Which"), (gettext("How many"),), rows)


def _month(first: date) -> str:
    return f"{first:%Y-%m}"
