"""The check page: a receipt holds without a network, and no longer once any one letter of it differs."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from consent import clock
from consent.cli import main
from consent.ledger import jobs
from consent.privacy_requests.answers import certificate, certificates
from tests.browser.pages import evidence
from tests.browser.site import VALLEY, Site
from tests.browser.states import Scene
from tests.conftest import FOUNDED
from tests.privacy_answers.desk import Desk
from tests.support import valley as at_valley
from tests.support.valley import Tenant


def bundle_of(site: Site, *, state: str = "given", sealed: bool = True) -> dict[str, Any]:
    """The evidence of one consent that a system of Valley's has recorded."""
    organization_id = site.organizations[VALLEY]
    key = at_valley.make_key(site.house, organization_id, FOUNDED, "consents:write", "receipts:read")
    headers = {"Authorization": f"Bearer {key}"}
    said = at_valley.consent_of(state=state)
    made = requests.post(f"{site.address}/api/v1/consents", json=said, headers=headers, timeout=30)
    assert made.status_code == 201, made.text
    if sealed:
        jobs.seal_organization(site.house.db, site.house.keyring, organization_id, clock.now())
    path = f"{site.address}/api/v1/receipts/{made.json()['receipt_id']}/bundle?show=address"
    bundle: dict[str, Any] = requests.get(path, headers=headers, timeout=30).json()
    return bundle


@pytest.fixture(scope="module")
def sealed(site: Site) -> dict[str, Any]:
    """A sealed consent."""
    return bundle_of(site)


@pytest.fixture
def offline(browser: Browser, site: Site, tmp_path: Path) -> Any:
    """The page as somebody saved it, opened from the disk with the network off."""
    saved = tmp_path / "check.html"
    saved.write_text(requests.get(f"{site.address}/check?of={VALLEY}", timeout=30).text, encoding="utf-8")
    context = browser.new_context(locale="en")
    context.set_offline(True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if sent.url.startswith("http") else None)
    page.goto(saved.as_uri())
    yield page
    context.close()
    assert asked == []


def check(page: Page, text: str) -> str:
    """What the page says about this file, by the name of the answer."""
    page.locator("#pasted").fill(text)
    page.evaluate("document.getElementById('answer').blur()")
    page.locator("#check").click()
    page.wait_for_function("document.activeElement === document.getElementById('answer')")
    shown: str = page.evaluate(
        "['holds', 'unsealed', 'fails', 'cannot'].filter(id => !document.getElementById(id).hidden).join(' ')"
    )
    return shown


def test_a_saved_page_checks_a_receipt_with_the_network_off(
    offline: Page, sealed: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(sealed))
    offline.locator("#bundle").set_input_files(file)
    expect(offline.locator("#holds")).to_be_visible()
    expect(offline.locator("[data-state=given]")).to_be_visible()
    expect(offline.locator("[data-said=facts]")).to_have_text(f"address: {at_valley.PERSON}")
    assert offline.locator("[data-how=good]:visible").count() == 6


def test_a_withdrawal_and_one_that_waits_for_its_seal_are_told_as_what_they_are(offline: Page, site: Site) -> None:
    assert check(offline, json.dumps(bundle_of(site, state="withdrawn", sealed=False))) == "unsealed"
    expect(offline.locator("[data-state=withdrawn]")).to_be_visible()
    assert offline.locator("[data-how=good]:visible").count() == 4
    assert offline.locator("[data-how=open]:visible").count() == 2


def test_any_one_changed_letter_breaks_it(offline: Page, sealed: dict[str, Any]) -> None:
    text = json.dumps(sealed)
    assert check(offline, text) == "holds"
    for at in range(3, len(text), 97):
        if text[at] not in '"{}[]:, \\':  # what is between the parts is no evidence
            other = "A" if text[at] != "A" else "B"
            assert check(offline, text[:at] + other + text[at + 1 :]) == "fails", at


def test_the_ends_of_each_part_count(offline: Page, sealed: dict[str, Any]) -> None:
    for part, at in itertools.product(("receipt", "body", "disclosures", "proof"), (0, -1, -2)):
        whole = sealed[part][0] if part == "disclosures" else sealed[part]
        at %= len(whole)
        changed = whole[:at] + ("A" if whole[at] != "A" else "B") + whole[at + 1 :]
        said = check(offline, json.dumps(sealed | {part: [changed] if part == "disclosures" else changed}))
        assert said == "fails", (part, at)


def test_what_is_no_receipt_is_refused_calmly(offline: Page) -> None:
    for text in ("", "{}", "null", "[]", "x" * 100_000, '{"format": "consent-evidence/1"}', "\u202e"):
        assert check(offline, text) == "fails", text[:40]
        expect(offline.locator("#step-file [data-how=bad]")).to_be_visible()


def test_another_services_keys_do_not_hold(offline: Page, sealed: dict[str, Any]) -> None:
    other = sealed | {"receipt": "e30.e30.AAAA"}
    assert check(offline, json.dumps(other)) == "fails"
    expect(offline.locator("#step-receipt [data-how=bad]")).to_be_visible()
    assert offline.locator("[data-how=not]:visible").count() == 4


def test_the_receipt_saved_from_its_page_holds_here_and_for_the_command_and_not_after_one_letter(
    browser: Browser, site: Site, offline: Page, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    page = context.new_page()
    scene = Scene(site, context, page, "en")
    scene.goto(evidence.agreed(scene))
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the receipt as a file").click()
    file = tmp_path / "receipt.json"
    download.value.save_as(file)
    context.close()
    whole = file.read_text()
    assert check(offline, whole) == "holds"
    for name, address in (("jwks.json", "jwks.json"), ("keys.txt", "log-keys.txt")):
        (tmp_path / name).write_text(requests.get(f"{site.address}/.well-known/{address}", timeout=30).text)
    command = ["receipts", "verify", str(file), "--jwks", str(tmp_path / "jwks.json")]
    command += ["--log-key", str(tmp_path / "keys.txt")]
    assert CliRunner().invoke(main, command).exit_code == 0
    at = whole.index('"body"') + 200
    file.write_text(whole[:at] + ("A" if whole[at] != "A" else "B") + whole[at + 1 :])
    assert CliRunner().invoke(main, command).exit_code != 0
    assert check(offline, file.read_text()) == "fails"


def test_a_certificate_of_a_request_holds_here_and_no_longer_once_an_outcome_differs(offline: Page, site: Site) -> None:
    desk = Desk(site.house, Tenant(site.organizations[VALLEY], VALLEY, "Valley", "", ""))
    made = desk.certify(desk.contact("+15095550131", "sms"), mail=False)
    jobs.seal_organization(site.house.db, site.house.keyring, desk.tenant.id, clock.now())
    with site.house.db.read(desk.tenant.id) as tx:
        file = (certificates.file_of(tx, desk.tenant.id, made) or b"").decode()
    assert check(offline, file) == "holds"
    expect(offline.locator("[data-state=certified]")).to_be_visible()
    expect(offline.locator("[data-said=certificate]")).to_contain_text("keep_until: 2033-12-31")
    expect(offline.locator("[data-said=how]")).to_be_hidden()
    claims = json.loads(json.dumps(made.claims))
    claims["certificate"]["outcomes"][1]["keep_until"] = "2027-12-31"
    forged = certificate.sign(claims, site.house.keyring.receipt_key(desk.tenant.id, clock.now()))
    assert check(offline, json.dumps(json.loads(file) | {"receipt": forged})) == "fails"
    expect(offline.locator("#step-body [data-how=bad]")).to_be_visible()
