"""What people keep: receipts as page, file and mail, their history as files; and what stays closed to others."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from consent import clock
from consent.cli import main
from consent.db import Sql
from consent.evidence import bundles, offline
from consent.house import House
from consent.ledger import base64url, jobs, notes, published
from tests.support import visits
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

BASE = "/valley-smart-homes/preferences"
MAILBOX = "ana@example.com"


@pytest.fixture
def comes(house: House, client: FlaskClient, valley: Tenant) -> Callable[..., None]:
    """The client's browser holds a visit by code."""

    def hold(address: str = PERSON, person: UUID | None = None) -> None:
        kind = "email" if "@" in address else "phone"
        client.set_cookie(*visits.cookie(house, valley.id, visits.by_code(house, valley.id, kind, address, person)))

    return hold


def receipt(client: FlaskClient, entry: str, more: str = "") -> tuple[int, str]:
    answer = client.get(f"{BASE}/receipts/{entry}{more}")
    return answer.status_code, answer.text


def test_a_receipt_says_what_was_agreed_when_and_under_which_wording(
    client: FlaskClient, comes: Callable[..., None], systems: Systems
) -> None:
    made = systems.consent()
    comes()
    status, page = receipt(client, made["entry"])
    assert status == 200
    assert "<strong>Agreed</strong>" in page
    assert "November 20, 2026" in page and "10:15:00" in page
    assert "Reply HELP for help" in page
    assert made["policy_version"] in page
    assert PERSON not in page
    assert re.search(r'<svg class="qr".*<path d="M', page)


@pytest.mark.parametrize("state", ["given", "refused", "withdrawn"])
def test_the_file_verifies_offline_whatever_was_said(
    state: str, client: FlaskClient, comes: Callable[..., None], systems: Systems, house: House, valley: Tenant
) -> None:
    made = systems.consent(state=state)
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    comes()
    answer = client.get(f"{BASE}/receipts/{made['entry']}/file")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="receipt-valley-smart-homes-')
    keys = [notes.read_vkey(one) for one in published.log_vkeys(house.keyring, [valley.id])]
    verified = offline.verify(bundles.read(answer.data), published.jwks(house.keyring, [valley.id]), keys)
    assert verified.claims["record"]["events"][0]["event_state"] == state
    assert verified.facts == {"address": PERSON}
    assert verified.checkpoint is not None


def test_a_stop_has_a_receipt_that_names_what_it_ended_and_says_so_while_it_waits_for_its_seal(
    client: FlaskClient, comes: Callable[..., None], systems: Systems, twilio: Twilio, house: House, valley: Tenant
) -> None:
    systems.consent()
    assert twilio.text("STOP").status_code == 200
    comes()
    listed = json.loads(client.get(f"{BASE}/history.json").data)["entries"]
    stop = next(one for one in listed if one["type"] == "consent.withdrawn")
    answer = client.get(f"{BASE}/receipts/{stop['entry']}/file")
    jwks = published.jwks(house.keyring, [valley.id])
    claims = offline.verify(
        bundles.read(answer.data), jwks, []
    ).claims  # before it is sealed: no proof, and that is said
    assert sorted(one["purpose_code"] for one in claims["record"]["processing"]) == stop["programs"]
    assert json.loads(answer.data)["proof"] is None
    assert "has not sealed it yet" in receipt(client, stop["entry"])[1]


def test_the_receipt_of_a_feature_names_it_in_words(
    client: FlaskClient, comes: Callable[..., None], systems: Systems
) -> None:
    made = systems.consent(program="managed-networking", granted_by="customer")
    comes()
    answer = client.get(f"{BASE}/receipts/{made['entry']}/file")
    said = offline_claims(json.loads(answer.data)["receipt"])["record"]
    assert said["processing"][0]["service"] != "managed-networking"
    assert said["parties"][0]["name"] == "Valley Smart Homes"


def offline_claims(receipt: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(base64url.decode(receipt.split(".")[1]))
    return claims


def test_nobody_elses_receipt_opens_and_it_looks_like_one_that_never_was(
    client: FlaskClient, comes: Callable[..., None], systems: Systems
) -> None:
    theirs = systems.consent(address="+15095550199")
    mine = systems.consent(person="ana")
    systems.consent(person="ben")
    comes()
    never = receipt(client, str(uuid4()))
    assert never[0] == 404
    for entry in (theirs["entry"], mine["entry"]):  # of two at one number, nobody in particular sees either
        status, page = receipt(client, entry)
        assert (status, without_id(page)) == (404, without_id(never[1]))


def without_id(page: str) -> str:
    return re.sub(r"[0-9a-f]{16}", "", re.sub(r"[0-9a-f-]{36}", "", page))


def test_of_two_at_one_number_each_keeps_only_their_own(
    client: FlaskClient, comes: Callable[..., None], systems: Systems
) -> None:
    mine, theirs = systems.consent(person="ana"), systems.consent(person="ben")
    listed = client.get(f"/api/v1/contact-points/{systems.lookup()}/history", headers=systems.headers).json
    assert listed is not None
    whose = {one["entry"]: one["data"]["person"] for one in listed["events"] if "person" in one["data"]}
    comes(person=UUID(whose[mine["entry"]]))
    assert receipt(client, mine["entry"])[0] == 200
    assert receipt(client, theirs["entry"])[0] == 404
    entries = {one["entry"] for one in json.loads(client.get(f"{BASE}/history.json").data)["entries"]}
    assert mine["entry"] in entries and theirs["entry"] not in entries


def test_a_link_of_a_message_opens_no_older_receipt_and_no_history(
    house: House, client: FlaskClient, valley: Tenant, systems: Systems
) -> None:
    made = systems.consent()
    client.set_cookie(*visits.cookie(house, valley.id, visits.by_link(UUID(systems.lookup()))))
    assert receipt(client, made["entry"])[0] == 404
    for file in ("history.json", "history.html"):
        assert client.get(f"{BASE}/{file}").headers["Location"] == f"{BASE}/code"


def test_without_a_visit_one_is_asked_for_a_code(client: FlaskClient, systems: Systems) -> None:
    made = systems.consent()
    for path in (f"receipts/{made['entry']}", f"receipts/{made['entry']}/file", "history.json", "history.html"):
        answer = client.get(f"{BASE}/{path}")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{BASE}/code")
    assert client.post(f"{BASE}/receipts/{made['entry']}/mail").status_code == 403
    assert client.get(f"/nobody/preferences/receipts/{made['entry']}").status_code == 404


def test_a_receipt_goes_by_mail_once_to_the_mailbox_one_came_by(
    client: FlaskClient, comes: Callable[..., None], systems: Systems, house: House, valley: Tenant
) -> None:
    made = systems.consent(program="marketing-email", channel="email", address=MAILBOX, state="withdrawn")
    comes(MAILBOX)
    page = receipt(client, made["entry"])[1]
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    for _ in range(2):
        answer = client.post(f"{BASE}/receipts/{made['entry']}/mail", data={"csrf": token[1]})
        assert answer.status_code == 303, answer.text
    with house.db.read(valley.id) as tx:
        waiting = tx.all(Sql("SELECT kind FROM job WHERE kind = 'mail.receipt'"), {})
    assert len(waiting) == 1
    assert "on its way to your mailbox" in client.get(answer.headers["Location"]).text


def test_a_mail_is_offered_and_sent_to_no_other_address(
    client: FlaskClient, comes: Callable[..., None], systems: Systems
) -> None:
    made = systems.consent()
    comes()
    page = receipt(client, made["entry"])[1]
    assert "/mail" not in page
    with client.session_transaction() as session:
        session["csrf"] = "t"
    assert client.post(f"{BASE}/receipts/{made['entry']}/mail", data={"csrf": "t"}).status_code == 403


def test_the_history_is_whole_in_both_files_and_says_nothing_of_those_who_wrote_it_down(
    client: FlaskClient, comes: Callable[..., None], systems: Systems, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent.decisions.history.PAGE", 2)  # so that several pages are read
    systems.consent(entered_by="Clerk Ben")
    systems.consent(state="withdrawn")
    systems.consent(program="marketing-calls", channel="voice", state="withdrawn")
    assert twilio.text("please <b>STOP</b> now").status_code == 200
    comes()
    told = json.loads(client.get(f"{BASE}/history.json").data)
    recorded = [one["recorded_at"] for one in told["entries"]]
    assert recorded == sorted(recorded, reverse=True)
    assert {one["channel"] for one in told["entries"]} == {"sms", "voice"}
    page = client.get(f"{BASE}/history.html").text
    assert page.count("<li>") == len(told["entries"]) >= 4
    assert "please &lt;b&gt;STOP&lt;/b&gt; now" in page
    assert "Clerk Ben" not in page + json.dumps(told)
    assert PERSON not in page


def test_the_command_says_what_was_withdrawn(
    client: FlaskClient,
    comes: Callable[..., None],
    systems: Systems,
    house: House,
    valley: Tenant,
    tmp_path: Path,
) -> None:
    made = systems.consent(state="withdrawn")
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    comes()
    (tmp_path / "r.json").write_bytes(client.get(f"{BASE}/receipts/{made['entry']}/file").data)
    (tmp_path / "jwks.json").write_text(json.dumps(published.jwks(house.keyring, [valley.id])))
    (tmp_path / "logs.txt").write_text("\n".join(published.log_vkeys(house.keyring, [valley.id])))
    command = ["receipts", "verify", str(tmp_path / "r.json"), "--jwks", str(tmp_path / "jwks.json")]
    done = CliRunner().invoke(main, [*command, "--log-key", str(tmp_path / "logs.txt")])
    assert done.exit_code == 0, done.output
    assert "The receipt holds: withdrawn at 2026-11-20T18:15:00.000Z" in done.output
