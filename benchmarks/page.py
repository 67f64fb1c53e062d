"""The preference page of our service: people who have proven their mailbox look at ten programs and save them."""

import itertools
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from benchmarks import servers, twilio
from benchmarks.measure import Side
from consent import clock
from consent.app import create_app
from consent.db import Sql
from consent.ids import new_stream_id
from consent.ledger import keys
from consent.preferences.page.standing import OFF, ON
from consent.subjects import service as subjects
from consent.verification import visits

if TYPE_CHECKING:
    from benchmarks.service import Ready

PEOPLE = 400  # more than are ever before the server at once, so that nobody saves twice at the same moment
_VISIT = Sql(
    "INSERT INTO visit (organization_id, id, kind, address_tag, tag64, sealed_address, language, tries, proven_at)"
    " VALUES (:organization_id, :id, 'email', :address_tag, :tag64, :sealed, 'en', 0, :now)"
)
_ENTRIES = Sql("SELECT count(*) FROM ledger_event WHERE organization_id = :organization_id")
_HIDDEN = re.compile(r'<input type="hidden" name="(csrf|shown|was)" value="([^"]*)">')
_RADIO = re.compile(r'name="([a-z]+:[^"]+)" value="on"')


@dataclass(frozen=True)
class Form:
    """What the form of a page sends, whoever's it is: all on or all off."""

    fields: dict[str, str]
    switches: tuple[str, ...]

    def body(self, value: str) -> bytes:
        """The form with every switch at this value, under a mark of its own."""
        moved = dict.fromkeys(self.switches, value)
        return urlencode(self.fields | moved | {"act": secrets.token_urlsafe(16)}).encode()


@dataclass(frozen=True)
class Visitors:
    """Their cookies, and the forms of a page on which everything is off, and on."""

    path: str
    cookies: Sequence[str]
    when_off: Form
    when_on: Form


def visitors(ready: "Ready") -> Visitors:
    """Everybody has a visit and has switched everything off once."""
    app, organization = create_app(ready.house), ready.of_page
    path = f"/{organization.slug}/preferences"
    made = [_visit(ready, f"person{n}@customer.example") for n in range(PEOPLE)]
    pack = ready.house.governing.now(organization.id, clock.now()).rulebook.organization
    programs = {one.key for one in pack.programs}
    cookies, forms = [], dict[str, Form]()
    with app.test_client() as client, app.app_context():
        for ticket in made:
            answer = app.make_response("")
            visits.hand_out(answer, ready.house.keyring, organization.id, ticket)
            cookies.append(answer.headers["Set-Cookie"].split(";")[0])
            name, _, value = cookies[-1].partition("=")
            client.set_cookie(name, value)
            form = _form(client.get(path).get_data(as_text=True), programs)
            if not forms:  # the first one shows what a page on which everything is on sends
                client.post(path, data=form.body(ON), content_type="application/x-www-form-urlencoded")
                forms["on"] = form = _form(client.get(path).get_data(as_text=True), programs)
            client.post(path, data=form.body(OFF), content_type="application/x-www-form-urlencoded")
        forms["off"] = _form(client.get(path).get_data(as_text=True), programs)
        session = client.get_cookie("session")
    token = f"; session={session.value}" if session is not None else ""
    return Visitors(path, [one + token for one in cookies], forms["off"], forms["on"])


def reading(ready: "Ready", server: servers.Server, people: Visitors) -> Side:
    """The page is read."""
    turn, host = itertools.cycle(people.cookies), f"{server.address[0]}:{server.address[1]}"

    def build(count: int) -> list[bytes]:
        return [twilio.get(people.path, host, {"Cookie": next(turn)}) for _ in range(count)]

    return Side(server, build, frozenset({200}))


def saving(ready: "Ready", server: servers.Server, people: Visitors) -> Side:
    """Each save moves every switch: all on, then all off, and so on."""
    host = f"{server.address[0]}:{server.address[1]}"
    turns = ((one, way) for way in itertools.cycle((ON, OFF)) for one in people.cookies)

    def build(count: int) -> list[bytes]:
        return [_save(people, host, *next(turns)) for _ in range(count)]

    def entries() -> int:
        with ready.house.db.read(ready.of_page.id) as tx:
            row = tx.one(_ENTRIES, {"organization_id": ready.of_page.id})
            return int(row[0]) if row else 0

    return Side(server, build, frozenset({303}), entries)


def _save(people: Visitors, host: str, cookie: str, way: str) -> bytes:
    form = people.when_off if way == ON else people.when_on
    return twilio.post(people.path, host, form.body(way), "application/x-www-form-urlencoded", {"Cookie": cookie})


def _visit(ready: "Ready", address: str) -> visits.Ticket:
    house, organization_id, now, visit_id = ready.house, ready.of_page.id, clock.now(), new_stream_id()
    tagged = subjects.tagged(house.keyring, organization_id, visits.places_of("email", address)[0])
    key = house.keyring.key_for(organization_id, visits.ROW)
    row = {
        "organization_id": organization_id,
        "id": visit_id,
        "address_tag": tagged.tag,
        "tag64": tagged.tag64,
        "sealed": keys.seal_facts(key, address.encode(), organization_id, visit_id, visits.ROW),
        "now": now,
    }
    house.db.write(lambda tx: tx.run(_VISIT, row), organization_id)
    return visits.Ticket(visit_id, now, now)


def _form(page: str, programs: Collection[str]) -> Form:
    """Features have entries of their own; the row is about programs."""
    switches = [one for one in dict.fromkeys(_RADIO.findall(page)) if one.partition(":")[2] in programs]
    return Form(dict(_HIDDEN.findall(page)), tuple(switches))
