"""Holidays written down by hand from the laws, so that tests do not ask the data they test."""

from datetime import date


def _days(*texts: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for line in texts for text in line.split())


# Weekdays off in the federal administration: 5 U.S.C. 6103(a) with the observed days of (b).
US = _days(
    "2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26",
    "2026-12-25",
    "2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25",
    "2027-12-24 2027-12-31",
    "2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 2028-12-25",
)
# Section 35 of the Interpretation Act, R.S.C. 1985, c. I-21.
CANADA = _days(
    "2026-01-01 2026-04-03 2026-04-06 2026-05-18 2026-07-01 2026-09-07 2026-09-30 2026-11-11 2026-12-25",
    "2027-01-01 2027-03-26 2027-03-29 2027-05-24 2027-07-01 2027-09-06 2027-09-30 2027-11-11 2027-12-25",
    "2028-01-01 2028-04-14 2028-04-17 2028-05-22 2028-07-01 2028-09-04 2028-09-30 2028-11-11 2028-12-25",
)
THANKSGIVING = _days("2026-10-12 2027-10-11 2028-10-09")
