"""`consent decide`: ask the gate as the API does, and read its answer in a few lines."""

from datetime import date
from typing import Any

import click

from consent import clock
from consent.command_line import as_json as as_json_option
from consent.command_line import print_json, says_what_is_wrong
from consent.decisions import service
from consent.errors import BadInput
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.policies import jurisdictions
from consent.policies.governing import Governing
from consent.policies.questions import FACTS
from consent.policies.rulebook import Facts
from consent.preferences.api import REACHABLE
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import as_of as times

_DAYS = ("last_purchase_on", "last_inquiry_on")
_TEXTS = ("reference", "jurisdiction")


@click.command()
@organization_option
@click.option("--program", required=True, metavar="KEY")
@click.option("--class", "message_class", required=True, metavar="KEY", help="The sort of message, such as outage.")
@click.option("--channel", required=True, type=click.Choice(REACHABLE))
@click.option("--address", required=True, help="The number or e-mail address; it is not printed.")
@click.option("--at", metavar="TIME", help="When it would go, such as 2026-11-20T09:00:00-08:00; now if left out.")
@times.option
@click.option("--content", metavar="TEXT", help="The words of the message.")
@click.option("--person", metavar="ID", help="Your id of the person it is for.")
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="What you know, such as member=yes; repeat.")
@click.option("--store", is_flag=True, help="Store the decision; otherwise it is only explained.")
@as_json_option
@says_what_is_wrong
def decide(organization: str, as_json: bool, store: bool, as_of: str | None, **given: Any) -> None:
    """May a message of this class go to this address now, and why? Exit status 0 for either answer.

    \b
    Example:
      consent decide --organization valley-smart-homes --program account-service-notifications \\
        --class outage --channel sms --address +15095550142

    With --as-of the answer is the one of that instant: by the policy that bound, from what was on record by then. It
    is explained and never stored.
    """
    now = clock.now()
    then = times.past(as_of, now, "--as-of")
    if then is not None and (store or given["at"]):
        raise BadInput("What is asked as of an earlier time is about that time, and is not stored.", field="--as-of")
    at = then or times.instant(given["at"], "at") or now
    if then is None:
        service.check_time(at, now)
    address = of_person(given["channel"], given["address"])
    facts = facts_of(given["facts"])
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        in_force = Governing(house.db).at(tenant.id, at)
        tagged = subjects.tagged(house.keyring, tenant.id, address)
        person_id = None
        if given["person"]:
            with house.db.read(tenant.id) as tx:
                person_id = subjects.find_person(tx, house.keyring, tenant.id, given["person"]) or service.STRANGER
        asked = service.Asked(given["program"], given["message_class"], tagged, at, given["content"], person_id, facts)
        asking = service.Asking(tenant.id, in_force.log.origin, in_force.rulebook, asked, now)
        if then is not None:
            with house.db.read(tenant.id) as tx:
                decided = service.explain_then(tx, asking)
        elif store:
            decided, _ = house.db.write(lambda tx: service.decide(tx, asking), tenant.id)
        else:
            with house.db.read(tenant.id) as tx:
                decided = service.explain(tx, asking)
    answer = decided.as_json()
    if as_json:
        print_json(answer)
        return
    for line in told(
        answer, f"{given['message_class']} of {given['program']} by {given['channel']} to {address.masked}"
    ):
        click.echo(line)


def told(answer: dict[str, Any], question: str) -> list[str]:
    """The answer in lines for a person: yes or no, each reason with what it rests on, and what was asked of."""
    lines = [f"{'Yes' if answer['answer'] == 'allow' else 'No'}: {question}"]
    for reason in answer["reasons"]:
        lines.append(f"  {reason['text']} ({reason['code']})")
        named = [reason[name] for name in ("commitment", "law") if name in reason]
        named += [f"“{reason['clause']}”"] if "clause" in reason else []
        named += [f"entry {reason['entry']}"] if "entry" in reason else []
        lines += [f"    {' · '.join(named)}"] if named else []
    if answer.get("next_allowed"):
        lines.append(f"  It may go from {answer['next_allowed']} on.")
    lines.append(f"  By {answer['policy']} {answer['policy_version']}; holds until {answer['valid_until']}.")
    return lines + ([f"  Stored as {answer['id']}."] if answer["id"] else [])


def facts_of(given: tuple[str, ...]) -> Facts:
    """What stands in NAME=VALUE texts; each name once, each value of its kind."""
    found: dict[str, Any] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in FACTS:
            raise BadInput(f"A fact is written NAME=VALUE; the names are {', '.join(FACTS)}.", field="fact")
        if name in found:
            raise BadInput(f"The fact {name} is given twice.", field="fact")
        found[name] = _value(name, value)
    return Facts(**found)


def _value(name: str, said: str) -> object:
    if name in _TEXTS:
        if name == "jurisdiction" and not jurisdictions.exists(said):
            raise BadInput("There is no such place; ISO 3166-2 writes GB, US-WA or CA-BC.", field=name)
        return said
    if name in _DAYS:
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise BadInput(f"{name} is a day such as 2026-05-03.", field=name) from None
    if name == "age":
        if not (said.isascii() and said.isdigit() and int(said[:4]) <= 150):
            raise BadInput("age is a whole number of years, 0 to 150.", field=name)
        return int(said)
    if said not in ("yes", "no"):
        raise BadInput(f"{name} is yes or no.", field=name)
    return said == "yes"
