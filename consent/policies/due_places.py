"""Which entries of a rule hold in the place that is asked about."""

from collections.abc import Sequence

from consent.deadlines import DateKind, Due
from consent.deadlines.calendars import EU_STATES, NATIONS, subdivisions
from consent.errors import BadInput
from consent.policies.due_question import Question
from consent.policies.findings import nearest
from consent.policies.jurisdictions import any_holds
from consent.policies.law import LawRule


def entries_for(entries: Sequence[LawRule], question: Question) -> Sequence[LawRule] | Due:
    """The entries for the place; an answer without date where a real place has none; refused where it is no place."""
    known = sorted({place for one in entries for place in one.jurisdictions})
    differs = len({one.jurisdictions for one in entries}) > 1
    place, region = question.jurisdiction, (question.facts.region or "").upper()
    if differs and region and (place is None or region.startswith(place + "-")):
        place = region  # the part of the country is the narrower word for where
    if place is None:
        if differs:
            raise BadInput(
                f'"jurisdiction" is missing: {question.rule} differs by place; give one of {", ".join(known)}',
                field="jurisdiction",
            )
        return entries
    if question.rule.startswith("COMPANY-"):
        return entries
    reaching = [one for one in entries if any_holds(one.jurisdictions, place)]
    if reaching:
        return reaching
    if not differs and any(mine.startswith(place + "-") for mine in known):
        return entries  # the rule of one state, asked for with its country
    if not exists(place):
        meant = next((f'did you mean "{one}"?' for one in known if one.endswith(f"-{place}")), nearest(place, known))
        raise BadInput(f'"{place}" is not a jurisdiction (ISO 3166-2); {meant}', field="jurisdiction")
    countries = {mine.split("-")[0] for mine in known}
    if not differs or place in countries or place.split("-")[0] not in countries:
        raise BadInput(f"{question.rule} holds in {', '.join(known)}, not in {place}", field="jurisdiction")
    why = f"{question.rule} has no entry for {place}: its law sets no date. Entries exist for {', '.join(known)}."
    return Due(None, DateKind.NO_DEADLINE, steps=(why,))


def exists(place: str) -> bool:
    """Is this a country or a part of one that the law files speak of?"""
    country, _, part = place.partition("-")
    if not part:
        return country in ("US", "CA", "GB", "EU") or country in EU_STATES
    if country in ("US", "CA"):
        return f"{country}-{part.split('-')[0]}" in subdivisions(country)
    if country == "GB":
        return part in NATIONS
    return country in EU_STATES or (country == "EU" and part in EU_STATES)
