"""Changes from draft to last notice: who is told, by lists made by hand; from when it may hold; and the proof."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from consent import clock
from consent.db import Sql
from consent.evidence import kept_texts
from consent.gateways.email.file import recent
from consent.house import House
from consent.ledger import base64url
from consent.notices import queries, service
from consent.numbers.mail import Returned, bounced
from consent.outbox import mail as outgoing
from consent.policies.version import PolicyVersionPack, parse_version
from consent.staff.roles import Role
from tests.conftest import Prepared
from tests.flows.test_versions_over_http import MAINS, POLICIES, publish, successor
from tests.support import staff
from tests.support.organizations import SMARTT, VALLEY, VALTT, VOX, Five, consent_to
from tests.support.telling import ANA, BEN, HAL, IVY, Desk, ask, asking
from tests.support.time import Time

CAT, DAN = "+15095550142", "+15095550143"


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.policies.governing.FRESH_FOR", -1.0)


def desk(house: House, five: Five, time: Time, slug: str) -> Desk:
    return Desk(house, five[slug], time)


def with_new_purpose(purpose: str = "partner-research") -> PolicyVersionPack:
    """Smartt's agreement with one more end of data."""
    at = MAINS[SMARTT]
    folder = POLICIES / SMARTT / at.policy / at.version
    commitments = (
        (folder / "commitments.toml")
        .read_text("utf-8")
        .replace('"provisioning",\n]', f'"provisioning",\n  "{purpose}",\n]', 1)
    )
    commitments = commitments.replace(f'last_updated = "{at.version}"', 'last_updated = "2026-12-01"').replace(
        at.printed, at.printed_next
    )
    said = '[change]\nmaterial = true\nreason = "Data serves research with partners too."\n\n'
    text = (folder / "text.md").read_text("utf-8").replace(at.printed, at.printed_next)
    return parse_version(at.policy, "2026-12-01", text, said + commitments)


def test_t_43_val_24_a_material_change_at_valtt_waits_thirty_full_days_after_the_last_mail(
    house: House, five: Five, time: Time
) -> None:
    at = desk(house, five, time, VALTT)
    at.say("newsletter", ANA)
    at.say("newsletter", BEN)
    at.say("newsletter", BEN, "withdrawn")
    at.say("service-texts", CAT)
    at.say("service-texts", DAN, person="dan")
    at.say("newsletter", HAL, person="dan")
    publish(house, at.systems.tenant, successor(VALTT, material=True), time, "2026-12-22T05:00:00Z")
    at.run()
    assert at.campaign().state == "draft"
    assert sorted(at.campaign().ways) == ["email", "other-places", "policy-page"]
    assert at.people("listed") == dict.fromkeys((ANA, BEN, HAL), ("change", "", "VAL-24"))
    assert at.people("left_out") == {CAT: ("", "no-mailbox", "VAL-24")}
    assert at.mails() == []

    time.at += timedelta(days=3)
    at.run()  # a draft that waits moves the day on
    assert at.begins() == datetime(2026, 12, 25, 5, tzinfo=UTC)
    at.approve()
    house.db.write(
        lambda tx: service.mark_posted(
            tx, house.keyring, at.id, at.campaign().id, "other-places", UUID(int=7), time.now()
        ),
        at.id,
    )
    at.run()
    assert sorted(to for to, _ in at.mails()) == [ANA, BEN, HAL]
    assert all("December 25, 2026" in subject for _, subject in at.mails())
    assert (at.campaign().state, set(at.people("sent"))) == ("done", {ANA, BEN, HAL})
    sent = at.leaves("notice.sent")
    words = at.campaign().wording["change"]["en"]
    assert {one.data["wording_sha256"] for one in sent} == {base64url.encode(words.sha256)}
    assert {one.data["commitment"] for one in sent} == {"VAL-24"}

    time.at += timedelta(days=20)
    at.run()  # nothing moves it any more, and nobody is told twice
    assert (len(at.mails()), at.begins()) == (3, datetime(2026, 12, 25, 5, tzinfo=UTC))
    assert [one.data["effective_at"] for one in at.leaves("policy.postponed")] == ["2026-12-25T05:00:00Z"]
    with house.db.read(at.id) as tx:
        assert list(kept_texts.bindings_hold(tx, at.id)) == []


def test_whoever_has_a_number_now_is_not_told_at_the_mailbox_of_whoever_had_it(
    house: House, five: Five, time: Time
) -> None:
    at = desk(house, five, time, VALTT)
    for number in (CAT, DAN):
        at.say("service-texts", number, person="dan")
        became = {"channel": "sms", "address": number, "kind": "reassigned", "source": "staff"}
        answer = at.systems.post("contact-points/lifecycle", became | {"occurred_at": "2026-11-20T20:00:00Z"})
        assert answer.status_code < 300, answer.text
    at.say("newsletter", HAL, person="dan")
    anew = consent_to("service-texts", "sms", DAN, occurred_at="2026-11-20T21:00:00Z")
    assert at.systems.post("consents", anew).status_code == 201
    publish(house, at.systems.tenant, successor(VALTT, material=True), time, "2026-12-22T05:00:00Z")
    at.run()
    assert set(at.people("listed")) == {HAL}
    with house.db.read(at.id) as tx:
        untold = {one.contact_point_id: one.reason for one in queries.people(tx, at.id, at.campaign().id, "left_out")}
    assert untold[UUID(at.systems.lookup(DAN, "sms"))] == "no-mailbox"
    assert UUID(at.systems.lookup(CAT, "sms")) not in untold  # nobody is known there now


@pytest.mark.parametrize("kind", ["reassigned", "changed", "disconnected", "ported", "landline", "confirmed"])
def test_a_report_about_a_number_makes_nobody_to_be_told_at_it(house: House, five: Five, time: Time, kind: str) -> None:
    at = desk(house, five, time, VALTT)
    at.say("service-texts", CAT)
    became = {"channel": "sms", "source": "staff", "occurred_at": "2026-11-20T20:00:00Z", "kind": kind}
    for number in (CAT, DAN):  # each is filed for texts and for calls; of DAN nothing else is known
        answer = at.systems.post("contact-points/lifecycle", became | {"address": number})
        assert answer.status_code < 300, answer.text
    publish(house, at.systems.tenant, successor(VALTT, material=True), time, "2026-12-22T05:00:00Z")
    at.run()
    with house.db.read(at.id) as tx:
        untold = {one.contact_point_id for one in queries.people(tx, at.id, at.campaign().id, "left_out")}
    assert untold == {UUID(at.systems.lookup(CAT, "sms"))}


def test_behind_a_whole_batch_of_reports_the_next_contact_points_are_listed(
    house: House, five: Five, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent.notices.audience.BATCH", 1)
    at = desk(house, five, time, VALTT)
    became = {"channel": "sms", "source": "staff", "occurred_at": "2026-11-20T20:00:00Z", "kind": "reassigned"}
    assert at.systems.post("contact-points/lifecycle", became | {"address": DAN}).status_code < 300
    at.say("newsletter", ANA)
    publish(house, at.systems.tenant, successor(VALTT, material=True), time, "2026-12-22T05:00:00Z")
    at.run()
    assert set(at.people("listed")) == {ANA}


def test_t_93_t_94_smt_35_smt_37_the_purpose_mail_and_the_extra_mail_have_their_own_people(
    house: House, five: Five, time: Time
) -> None:
    at = desk(house, five, time, SMARTT)
    at.say("newsletter", ANA)
    at.say("newsletter", BEN)
    at.say("newsletter", BEN, "withdrawn")
    at.say("policy-change-extra", HAL)
    at.say("policy-change-extra", IVY)
    at.say("policy-change-extra", IVY, "withdrawn")
    publish(house, at.systems.tenant, with_new_purpose(), time, "2026-12-22T08:00:00Z")
    at.run()
    assert at.campaign().purposes == ("partner-research",)
    at.choose(("website-notice",), ("newsletter",))
    at.run()
    assert at.people("listed") == {
        ANA: ("new_purpose", "", "SMT-35"),
        BEN: ("new_purpose", "", "SMT-35"),
        HAL: ("additional", "", "SMT-37"),
    }
    assert at.people("left_out") == {IVY: ("", "not-affected", "SMT-35")}
    at.approve()
    at.run()
    assert {to: subject.split(":")[1].strip() for to, subject in at.mails()} == {
        ANA: "your data is to be used in a new way",
        BEN: "your data is to be used in a new way",
        HAL: "a change of our policy was posted",
    }
    assert at.campaign().state == "sending"  # the notice on the site is still to be put up
    house.db.write(
        lambda tx: service.mark_posted(
            tx, house.keyring, at.id, at.campaign().id, "website-notice", UUID(int=7), time.now()
        ),
        at.id,
    )
    at.run()
    assert at.campaign().state == "done"


def test_the_new_use_of_data_stands_in_the_words_of_the_pack_in_the_mail_and_on_the_page(
    house: House, five: Five, time: Time, app: Flask
) -> None:
    at = desk(house, five, time, SMARTT)
    at.say("newsletter", ANA)
    where = f"/api/v1/contact-points/{at.systems.lookup(ANA, 'email')}/settings"
    chosen = {"language": "fr", "method": "call"}
    assert at.systems.client.put(where, json=chosen, headers=at.systems.headers).status_code == 200
    publish(house, at.systems.tenant, with_new_purpose("overuse-charges"), time, "2026-12-22T08:00:00Z")
    at.run()
    at.choose(("website-notice",), ("newsletter",))
    at.run()
    client = staff.member(house, at.id, time.now(), Role.OFFICER).client(app)
    page = client.get(f"/staff/notices/{at.campaign().id}?lang=es").text
    for said in ("<dd>Los cargos por uso excesivo</dd>", "los cargos por uso excesivo.", "charges for overuse."):
        assert said in page, said
    assert "overuse charges" not in page and "overuse-charges" not in page
    at.approve()
    at.run()
    (mail,) = recent(house.config.data_dir / "dev-mails.jsonl")
    assert "les frais de dépassement." in mail["text"] and "overuse" not in mail["text"]


def test_t_92_vsh_61_an_edit_at_valley_is_shown_on_its_page_and_no_mail_is_invented(
    house: House, five: Five, time: Time
) -> None:
    at = desk(house, five, time, VALLEY)
    at.say("marketing-email", ANA)
    publish(house, at.systems.tenant, successor(VALLEY), time)
    at.run()
    assert (at.campaign().state, at.people("listed"), at.people("left_out"), at.mails()) == ("done", {}, {}, [])
    assert [one.data["places"] for one in at.leaves("notice.shown")] == [["policy-page-date"]]
    time.at += timedelta(days=1)
    at.run()
    assert len(at.leaves("notice.")) == 2  # shown and finished, once


def test_t_95_vox_03_whoever_refused_mail_about_the_policy_gets_none_and_the_page_tells_everybody(
    house: House, five: Five, time: Time
) -> None:
    at = desk(house, five, time, VOX)
    at.say("promotional-email", ANA)
    at.say("promotional-email", BEN)
    at.say("policy-notices", BEN, "withdrawn")
    at.say("promotional-email", HAL)
    publish(house, at.systems.tenant, successor(VOX, material=True), time)
    at.run()
    assert at.people("listed") == dict.fromkeys((ANA, HAL), ("change", "", "VOX-03"))
    assert at.people("left_out") == {BEN: ("", "refused-policy-mail", "VOX-03")}
    at.approve()
    at.say("policy-notices", HAL, "withdrawn")  # between the list and the mail
    at.run()
    assert [to for to, _ in at.mails()] == [ANA]
    assert at.people("withheld") == {HAL: ("change", "refused-policy-mail", "VOX-03")}
    assert at.campaign().state == "done"
    (ana,) = at.leaves("notice.sent")
    in_force = house.governing.now(at.id, time.now())
    returned = Returned(ana.stream, UUID(ana.data["job"]), time.now(), "5.1.1")
    house.db.write(
        lambda tx: bounced(tx, house.keyring, in_force.log, in_force.rulebook, returned, "system", time.now()), at.id
    )
    at.run()
    assert at.people("bounced") == {ANA: ("change", "bounced", "VOX-03")}
    assert [one.stream for one in at.leaves("notice.bounced")] == [ana.stream]


def test_t_43_a_replaced_announcement_is_taken_back_and_its_successor_told_anew(
    house: House, five: Five, time: Time
) -> None:
    at = desk(house, five, time, VALTT)
    at.say("newsletter", ANA)
    publish(house, at.systems.tenant, successor(VALTT, material=True), time, "2026-12-22T05:00:00Z")
    at.run()
    at.choose(("email", "policy-page"))
    at.run()
    at.approve()
    edited = successor(VALTT, "2026-12-02", material=True, more='replaces = "2026-12-01"')
    toml = edited.commitments_toml.replace("12-01-2026", "12-02-2026")
    toml = toml.replace('last_updated = "2026-12-01"', 'last_updated = "2026-12-02"')
    text = edited.text.replace("12-01-2026", "12-02-2026")
    edited = parse_version(edited.policy, edited.version, text, toml)
    publish(house, at.systems.tenant, edited, time, "2026-12-22T05:00:00Z")
    at.run()
    with house.db.read(at.id) as tx:
        stood = {one.about: one.state for one in queries.every(tx, at.id)}
    assert stood == {"version:privacy-policy/2026-12-01": "cancelled", "version:privacy-policy/2026-12-02": "draft"}
    assert at.mails() == []


def test_what_lies_ahead_of_the_clock_of_a_job_is_left_to_the_time_in_which_it_happens(
    house: House, five: Five, time: Time
) -> None:
    """A demo whose clock was moved on has versions and notices of days to come; a served one keeps the true time."""
    at, present = desk(house, five, time, VOX), time.at
    at.say("promotional-email", ANA)
    time.go(days=2)
    publish(house, at.systems.tenant, successor(VOX, material=True), time)

    def meanwhile() -> None:
        ahead, time.at = time.at, present
        at.run()
        time.at = ahead

    meanwhile()
    with house.db.read(at.id) as tx:
        assert queries.every(tx, at.id) == []
    at.run()
    at.approve()
    meanwhile()
    assert (at.campaign().state, at.mails(), set(at.people("listed"))) == ("sending", [], {ANA})
    at.run()
    assert (at.campaign().state, [to for to, _ in at.mails()]) == ("done", [ANA])


def test_a_browser_is_nobody_to_tell(house: House, five: Five, time: Time) -> None:
    at = desk(house, five, time, VOX)
    at.say("promotional-email", ANA)
    said = consent_to("regulated-trackers", "web", "browser-1", state="given", occurred_at="2026-11-20T18:15:00Z")
    assert at.systems.post("consents", said).status_code == 201
    publish(house, at.systems.tenant, successor(VOX, material=True), time)
    at.run()
    assert (set(at.people("listed")), at.people("left_out")) == ({ANA}, {})


def test_val_24_the_desk_prepares_approves_and_follows_a_notice_and_errors_say_what_to_mend(
    house: House, five: Five, time: Time, app: Flask
) -> None:
    at = desk(house, five, time, VALTT)
    at.say("newsletter", ANA)
    at.say("service-texts", CAT)
    publish(house, at.systems.tenant, successor(VALTT, material=True), time, "2026-12-22T05:00:00Z")
    at.run()
    page = f"/staff/notices/{at.campaign().id}"
    officer = staff.member(house, at.id, time.now(), Role.OFFICER)
    client, token = officer.client(app), {"csrf": officer.csrf()}
    board = client.get("/staff/notices").text
    assert page in board and "Valtt Privacy Policy 2026-12-01" in board and ">privacy-policy" not in board
    assert "<h1>Letters: Valtt Privacy Policy 2026-12-01</h1>" in client.get(f"{page}/letters").text
    shown = client.get(page).text
    assert "Send it (people: 1)" in shown and "No e-mail address is known" in shown and "30 days" in shown
    assert ANA not in shown
    assert client.get(f"{page}/people/left_out").text.count('<th scope="row">') == 1

    wrong = client.post(f"{page}/words/change", data=token | {"change-subject-en": "New", "change-text-en": "No link"})
    assert (wrong.status_code, 'href="#change-text-en"' in wrong.text, "No link" in wrong.text) == (422, True, True)
    assert client.post(f"{page}/ways", data=token | {"ways": "sms"}).status_code == 422
    said = {f"change-subject-{one}": "{{organization}} {{effective_on}}" for one in ("en", "fr", "es")}
    said |= {f"change-text-{one}": "Voir {{changes_url}} {{{{x}}}}" for one in ("en", "fr", "es")}
    assert client.post(f"{page}/words/change", data=token | said).status_code == 422  # no placeholder of that name
    said |= {f"change-text-{one}": "See {{changes_url}} <b>" for one in ("en", "fr", "es")}
    assert client.post(f"{page}/words/change", data=token | said).status_code == 303
    assert client.post(f"{page}/posted", data=token | {"way": "email"}).status_code == 409
    assert client.post(f"{page}/posted", data=token | {"way": "other-places"}).status_code == 303
    clerk = staff.member(house, at.id, time.now(), Role.CLERK)
    assert clerk.client(app).post(f"{page}/approve", data={"csrf": clerk.csrf()}).status_code == 403
    shown = {"seen": staff.hidden_in(client.get(page).text, "seen")}
    assert client.post(f"{page}/approve", data=token).status_code == 409  # nothing says what was looked at
    assert client.post(f"{page}/approve", data=token | shown).status_code == 303
    assert client.post(f"{page}/approve", data=token | shown).status_code == 409
    at.run()
    assert [subject for _, subject in at.mails()] == ["Valtt December 22, 2026"]
    assert "Sent" in client.get(page).text and at.campaign().state == "done"
    other = staff.member(house, five[VOX].tenant.id, time.now(), Role.OFFICER)
    assert other.client(app).get(page).status_code == 404


def test_a_consent_that_runs_out_is_asked_about_once_and_nobodys_choice_is_rewritten(
    house: House, five: Five, time: Time
) -> None:
    """CASL: without a yes before its last day, nothing goes any more; the question comes once, while it still may."""
    at, organization, ends = asking(house, five, time)
    assert ask(at, organization, ends) is not None and ask(at, organization, ends) is None
    at.run()
    assert at.people("listed") == {ANA: ("refresh", "", "")}
    assert at.people("left_out") == {BEN: ("", "consent-withdrawn", "")}
    before = len(at.leaves("consent."))
    at.approve()
    at.run()
    assert [to for to, _ in at.mails()] == [ANA]
    assert (len(at.leaves("consent.")), at.campaign().state) == (before, "done")


@pytest.mark.parametrize("per_minute", [2])
def test_mails_leave_at_their_pace_and_a_process_that_dies_between_sends_nobody_twice(
    house: House, five: Five, time: Time, per_minute: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(house, five, time, VOX)
    everybody = [f"person-{number}@customer.example" for number in range(5)]
    for one in everybody:
        at.say("promotional-email", one)
    publish(house, at.systems.tenant, successor(VOX, material=True), time)
    at.run()
    at.approve()
    house.db.write(
        lambda tx: tx.run(Sql("UPDATE notice_campaign SET per_minute = :n WHERE organization_id = :o"),
                          {"n": per_minute, "o": at.id}), at.id
    )  # fmt: skip
    at.run()
    at.run()
    assert len(at.mails()) == per_minute
    time.at += timedelta(minutes=2)
    monkeypatch.setattr(outgoing, "write", _dies)
    with pytest.raises(RuntimeError):
        at.run()
    monkeypatch.undo()
    monkeypatch.setattr("consent.policies.governing.FRESH_FOR", -1.0)
    monkeypatch.setattr(clock, "now", time.now)
    for _ in range(4):
        at.run()
        time.at += timedelta(minutes=2)
    at.run()
    assert sorted(to for to, _ in at.mails()) == everybody
    assert at.campaign().state == "done" and len(at.leaves("notice.sent")) == 5


def _dies(*_given: object, **_named: object) -> None:
    raise RuntimeError("the process was killed here")
