"""Every page of staff with every role: what the matrix allows opens, everything else is refused, strangers sign in."""

import re
import uuid
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consent.house import House
from consent.policies.founding import found
from consent.policies.packs import packs_root
from consent.staff import approvals
from consent.staff.roles import MAY, Act, Role
from tests.support import staff
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

# Pages for those who are not signed in: a new one is added here on purpose.
OPEN = {
    "staff.sign_in_form",
    "staff.sign_in",
    "staff_joining.form",
    "staff_joining.join",
    "staff_passkeys.sign_in",
    "staff_company.go",
    "staff_company.back",
    "staff_company.code_form",
    "staff_company.code",
}
VARYING = re.compile(r'[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,32}|value="[^"]{43}"|(?:nonce|data-passkey)="[^"]+"')
LOOKS = {"GET", "HEAD", "OPTIONS"}


def rules_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every page of staff with each method it takes."""
    for rule in app.url_map.iter_rules():
        if f"{rule.rule}/".startswith("/staff/"):
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield rule, method


def path_of(rule: Rule, **known: object) -> str:
    """An address of this page; ids that nobody knows where none is given."""
    return re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda part: str(known.get(part[2], "1" if part[1] == "int" else uuid.uuid4())),
        rule.rule,
    )


def test_every_page_of_staff_says_its_act_or_is_one_of_the_few_open_ones(app: Flask) -> None:
    endpoints = {rule.endpoint for rule, _ in rules_of(app)}
    acts = {name: getattr(app.view_functions[name], "staff_act", None) for name in endpoints}
    assert {name for name, act in acts.items() if act is None} == OPEN
    assert all(hasattr(app.view_functions[name], "staff_open") for name in OPEN)
    assert all(isinstance(act, Act) for name, act in acts.items() if name not in OPEN)
    assert set(Act) - set(acts.values()) == set(), "an act that no page asks for"


def test_every_page_answers_every_role_as_the_matrix_says_and_strangers_with_the_sign_in(
    app: Flask, house: House, valley: Tenant, time: Time
) -> None:
    seated = {role: staff.member(house, valley.id, time.now(), role) for role in Role}
    clients = {role: who.client(app) for role, who in seated.items()}
    wrong = []
    for rule, method in rules_of(app):
        if rule.endpoint in OPEN:
            continue
        path, act = path_of(rule), app.view_functions[rule.endpoint].staff_act  # type: ignore[attr-defined]
        stranger = app.test_client().open(path, method=method)
        if stranger.status_code != 303 or not stranger.headers["Location"].startswith("/staff/sign-in?then=/staff"):
            wrong.append((method, path, "a stranger", stranger.status_code))
        for role in Role:
            who, client = seated[role], clients[role]
            if method not in LOOKS:  # what may go through may end the sign-in
                who = staff.member(house, valley.id, time.now(), role)
                client = who.client(app)
                bare = client.open(path, method=method)
                if bare.status_code != 403:
                    wrong.append((method, path, f"{role} without the token", bare.status_code))
            answer = client.open(path, method=method, data={"csrf": who.csrf()} if method not in LOOKS else None)
            refused = answer.status_code == 403 and "Not for your role" in answer.get_data(as_text=True)
            if refused == (role in MAY[act]) or answer.status_code >= 500:
                wrong.append((method, path, role, answer.status_code))
            answer.close()
    assert wrong == []


def test_what_belongs_to_another_organization_looks_like_nothing(
    app: Flask, house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    theirs = staff.member(house, valley.id, time.now(), Role.ADMIN)
    entered = {"address": PERSON, "received_at": "2026-11-20T12:00:00Z", "how": "call", "entered_by": "Ana"}
    keys = uuid.uuid4()
    proposed = house.db.write(
        lambda tx: approvals.propose(tx, theirs.id, valley.id, "consent.enter", keys, {}, time.now()), valley.id
    )
    held: dict[str, object] = {
        "account": theirs.id,
        "place": theirs.ticket.id,
        "approval": proposed,
        "revocation": systems.post("revocations", entered).get_json()["id"],
        "request": _request(systems),
        "contact": systems.consent()["contact_point"],
    }
    other = found(house.config, house.db, house.keyring, packs_root() / "smartt", time.now())
    seen = 0
    for rule, method in rules_of(app):
        if rule.endpoint in OPEN or not rule.arguments & set(held):
            continue
        answers = [_asked(app, house, other.id, time, rule, method, known) for known in (held, {})]
        seen += 1
        assert _same(answers[0]) == _same(answers[1]), (method, rule.rule)
        assert answers[0].status_code in (404, 422), (method, rule.rule, answers[0].status_code)
    assert seen >= 6


def _request(systems: Systems) -> str:
    asked = {"type": "deletion", "channel": "email", "address": "oriel@people.example", "how": "letter",
             "received_at": "2026-11-20T12:00:00Z", "entered_by": "Ana"}  # fmt: skip
    answer = systems.post("privacy-requests", asked)
    return str((answer.get_json() or {}).get("id", uuid.uuid4()))


def _asked(
    app: Flask, house: House, organization_id: UUID, time: Time, rule: Rule, method: str, known: dict[str, object]
) -> TestResponse:
    """What somebody in charge elsewhere gets; with the fields that such a form could hold."""
    who = staff.member(house, organization_id, time.now(), Role.ADMIN)
    form = {"csrf": who.csrf(), "answer": "allow", "role": "clerk", "state": "disable", "sender": "person:all"}
    return who.client(app).open(path_of(rule, **known), method=method, data=form if method not in LOOKS else None)


def _same(answer: TestResponse) -> tuple[int, str]:
    """What tells two answers apart, without ids of the request, of the address and of the form."""
    told = answer.get_data(as_text=True)
    body = VARYING.sub("", told)
    return answer.status_code, re.sub(r"Ana \d+", "", body)


@pytest.mark.parametrize("path", ["/staff/nothing", "/staff/nothing/at/all"])
def test_what_is_no_page_is_no_page_for_anybody(
    app: Flask, house: House, valley: Tenant, time: Time, path: str
) -> None:
    who = staff.member(house, valley.id, time.now(), Role.ADMIN)
    assert who.client(app).get(path).status_code == app.test_client().get(path).status_code == 404
