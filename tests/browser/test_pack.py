"""A number with 500 events: its pack is made in little memory, and read in a browser with the network off."""

import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from consent import clock
from consent.db import Tx
from consent.evidence.packs import about, building, check, service
from consent.house import House
from consent.ledger import jobs
from consent.ledger import service as ledger
from consent.organizations import service as organizations
from consent.preferences import wordings
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.support.databases import ON_SQLITE
from tests.support.valley import PERSON, TEXTS, WORDING, Tenant

EVENTS = 500
TYPES = ("consent.given", "message.sent", "message.received", "consent.withdrawn")


@ON_SQLITE
def test_500_events_open_without_a_network_and_the_checker_says_valid_until_a_byte_changes(
    house: House, valley: Tenant, tmp_path: Path, browser: Browser
) -> None:
    _live(house, valley)
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    out, now = tmp_path / "pack.zip", clock.now()
    with house.db.read() as tx:
        tenant = organizations.find(tx, valley.slug)
    with house.db.read(valley.id) as tx:
        whom = about.of_address(tx, house.keyring, valley.id, PERSON)
    ground = service.ground(house.db, house.keyring, valley.id, house.config.public_url, None, now)
    with out.open("wb") as file:
        made = building.build(ground, tenant, whom, building.Head(now, "Ana", "claim 4711"), file, tmp_path / "aside")
    assert made["entries"] == EVENTS
    assert list((tmp_path / "aside").iterdir()) == []
    assert check.check(str(out))[0] == []
    with zipfile.ZipFile(out) as pack:
        held = {name: pack.read(name) for name in pack.namelist()}
    body = bytearray(held["entries.jsonl"])
    body[len(body) // 3] ^= 1
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as changed:
        for name, content in (held | {"entries.jsonl": bytes(body)}).items():
            changed.writestr(name, content)
    assert "entries.jsonl" in {name for name, _why in check.check(str(tmp_path / "changed.zip"))[0]}
    (tmp_path / "report.html").write_bytes(held["report.html"])
    context = browser.new_context(viewport={"width": 320, "height": 700})
    context.set_offline(True)
    page = context.new_page()
    wrong: list[Any] = []
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("h1").inner_text() == "Evidence"
    assert page.locator("section:has(h2:text('What happened')) > ol > li").count() == EVENTS
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wrong == []
    context.close()


def _live(house: House, valley: Tenant) -> None:
    """Written through the ledger itself, a transaction for a hundred of them."""
    address, cited = (
        of_person("sms", PERSON),
        house.governing.now(valley.id, clock.now()).rulebook.policy_version.cited(),
    )
    tagged = subjects.tagged(house.keyring, valley.id, address)

    def some(tx: Tx, first: int) -> None:
        log = ledger.log_of(tx, valley.id)
        assert log is not None
        now = clock.now()
        contact = subjects.contact(tx, house.keyring, valley.id, tagged, now)
        digest = wordings.keep(tx, valley.id, WORDING, "en", now)
        for number in range(first, first + 100):
            kind = TYPES[number % len(TYPES)]
            data: dict[str, object] = {**cited, "method": "web-form"}
            data |= {"wording_sha256": digest, "wording_language": "en"} if kind == "consent.given" else {}
            event = ledger.Event(
                kind,
                "api",
                "sms",
                (TEXTS,),
                data,
                None,
                {"address": PERSON},
                f"text {number} <b>" if number % 4 else None,
            )
            ledger.append(tx, log, contact.stream, event, clock.now())

    for first in range(0, EVENTS, 100):
        house.db.write(lambda tx, first=first: some(tx, first), valley.id)  # type: ignore[misc]
