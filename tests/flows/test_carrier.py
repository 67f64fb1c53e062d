"""A telephone carrier's year: the notice to everybody, what silence comes to mean, changed accounts, the registers."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from consent.carrier import letters, queries, rules, service, waiting, year
from consent.db import Sql, Tx
from consent.errors import BadInput, Conflict, NotFound
from consent.gateways.email.file import recent
from consent.house import House
from consent.incidents.service import Desk as Hand
from consent.notices import carriers
from consent.numbers.mail import Returned, bounced
from consent.policies.answers.silence import Outage
from consent.policies.governing import InForce
from consent.retention.rows import stored_day
from consent.subjects import service as subjects
from consent.timed import sending
from tests.support.organizations import consent_to
from tests.support.systems import Json, Systems, codes
from tests.support.telling import ANA, BEN, Desk
from tests.support.time import Time
from tests.support.valley import PERSON

OWN, OTHERS = "cpni-for-own-communications-services", "cpni-for-third-parties-and-other-services"
BY_MAIL = "cpni-notices-by-email"
NOBODY = UUID(int=0)


def may(systems: Systems, address: str, use: str = OWN) -> Json:
    channel = "email" if "@" in address else "sms"
    answer = systems.post("carrier/approvals/decisions", {"use": use, "channel": channel, "address": address})
    assert answer.status_code == 200, answer.text
    found: Json = answer.get_json()
    return found


def hand(house: House, systems: Systems, time: Time) -> Hand:
    governed = house.governing.now(systems.tenant.id, time.now())
    return Hand(house.keyring, InForce(governed.log, governed.rulebook), "api", "api")


def begun(house: House, systems: Systems, time: Time) -> Desk:
    """Ana approved mail about this, Ben did not; a notice to everybody is a draft."""
    at = Desk(house, systems, time)
    at.say(BY_MAIL, ANA)
    at.say("marketing-email", BEN)
    systems.consent()
    now, book = time.now(), hand(house, systems, time).in_force.rulebook
    house.db.write(lambda tx: carriers.open_for(tx, at.id, book, OWN, now), at.id)
    at.tell()
    return at


def told(house: House, systems: Systems, time: Time) -> Desk:
    """The notice went to whoever mail reaches."""
    at = begun(house, systems, time)
    at.approve()
    at.run()
    return at


def unreached(house: House, at: Desk) -> dict[str, str]:
    with house.db.read(at.id) as tx:
        found = queries.unreached(tx, at.id, queries.rounds(tx, at.id)[0], NOBODY)
        known = subjects.addresses(tx, house.keyring, at.id, [one.contact_point_id for one in found])
        assert queries.count_unreached(tx, at.id, queries.rounds(tx, at.id)[0]) == len(found)
    return {known[one.contact_point_id]: one.why for one in found}


def test_the_notice_goes_by_mail_to_whoever_approved_that_and_silence_counts_after_the_wait(
    house: House, systems: Systems, time: Time
) -> None:
    at = begun(house, systems, time)
    assert codes(may(systems, ANA)) == ["no-notice"]
    assert at.people("listed") == {ANA: ("cpni", "", "US-CPNI-OPTOUT-NOTICE")}
    assert {address: said[1] for address, said in at.people("left_out").items()} == {
        BEN: "mail-not-approved",
        PERSON: "no-mailbox",
    }
    at.approve()
    [approved] = at.leaves("notice.approved")
    assert "right-and-duty" in approved.data["says"] and approved.data["rests_on"] == ["US-CPNI-OPTOUT-NOTICE"]
    at.run()
    [mail] = recent(house.config.data_dir / "dev-mails.jsonl")
    assert "December" in mail["text"] and "{{" not in mail["text"] + mail["subject"]
    assert "/preferences/" in mail["text"]
    found = may(systems, ANA)
    assert (codes(found), found["silence_counts_from"], found["steps"] != []) == (["notice-waits"], "2026-12-22", True)
    assert found["reasons"][0]["law"] == "US-CPNI-OPTOUT-WAIT" and "64.2008" in found["reasons"][0]["clause"]
    time.go(days=31)
    found = may(systems, ANA)
    assert (found["answer"], codes(found), found["repeat_by"]) == ("allow", ["silence-counts"], "2028-11-21")
    assert codes(may(systems, ANA, OTHERS)) == ["feature-off"]  # silence never gives that
    assert codes(may(systems, BEN)) == ["no-notice"]
    refused = consent_to(OWN, "email", ANA, state="refused", occurred_at="2026-12-22T10:00:00Z")
    assert systems.post("consents", refused).status_code == 201
    assert (may(systems, ANA)["answer"], codes(may(systems, ANA))) == ("deny", ["feature-refused"])


def test_a_no_at_one_of_a_persons_addresses_counts_at_the_others(house: House, systems: Systems, time: Time) -> None:
    told(house, systems, time)
    time.go(days=31)
    assert may(systems, ANA)["answer"] == "allow"
    for channel, address, state in (("email", ANA, "given"), ("sms", PERSON, "refused")):
        said = consent_to(OWN if state == "refused" else BY_MAIL, channel, address, state=state, person="customer-7")
        assert systems.post("consents", said).status_code == 201
    assert (may(systems, ANA)["answer"], may(systems, PERSON)["answer"]) == ("deny", "deny")


def test_whoever_no_mail_reaches_gets_a_letter_and_a_mail_that_came_back_is_no_notice(
    house: House, systems: Systems, time: Time
) -> None:
    at = told(house, systems, time)
    assert unreached(house, at) == {BEN: "mail-not-approved", PERSON: "no-mailbox"}
    governed = hand(house, systems, time).in_force
    [ana] = at.leaves("notice.sent")
    returned = Returned(ana.stream, UUID(ana.data["job"]), time.now(), "5.1.1")
    house.db.write(
        lambda tx: bounced(tx, house.keyring, governed.log, governed.rulebook, returned, "system", time.now()), at.id
    )
    at.run()
    time.go(days=40)
    assert codes(may(systems, ANA)) == ["notice-came-back"]
    assert unreached(house, at)[ANA] == "bounced"
    who, now = hand(house, systems, time), time.now()
    today = service.today(who, now)
    with house.db.read(at.id) as tx:
        people = [one.contact_point_id for one in queries.unreached(tx, at.id, queries.rounds(tx, at.id)[0], NOBODY)]
    for day in (today + timedelta(days=1), today - timedelta(days=42)):  # to come; two days before the notice
        with pytest.raises(BadInput) as refused:
            house.db.write(lambda tx, day=day: letters.sent(tx, who, people, day, now), at.id)
        assert refused.value.field == "sent_on"
    assert house.db.write(lambda tx: letters.sent(tx, who, people, today, now), at.id) == 3
    assert house.db.write(lambda tx: letters.sent(tx, who, people, today, now), at.id) == 0  # nobody twice
    assert unreached(house, at) == {} and len(at.leaves("carrier.letter")) == 3
    time.go(days=33)
    assert codes(may(systems, BEN)) == ["notice-waits"]
    time.go(days=1)
    assert codes(may(systems, BEN)) == ["silence-counts"] and may(systems, PERSON)["answer"] == "allow"


def test_a_notice_that_went_by_letter_alone_is_repeated_like_any_other(
    house: House, systems: Systems, time: Time
) -> None:
    at = Desk(house, systems, time)
    systems.consent()  # known by a telephone number alone
    now, who = time.now(), hand(house, systems, time)
    house.db.write(lambda tx: carriers.open_for(tx, at.id, who.in_force.rulebook, OWN, now), at.id)
    at.tell()
    at.approve()
    at.run()
    today = service.today(who, now)

    def repeated() -> Any:
        with house.db.read(at.id) as tx:
            return waiting.of(tx, house.keyring, at.id, who.in_force.rulebook, today).repeat_by

    assert unreached(house, at) == {PERSON: "no-mailbox"} and repeated() is None
    with house.db.read(at.id) as tx:
        people = [one.contact_point_id for one in queries.unreached(tx, at.id, queries.rounds(tx, at.id)[0], NOBODY)]
    assert house.db.write(lambda tx: letters.sent(tx, who, people, today, now), at.id) == 1
    assert repeated() == today.replace(year=today.year + 2)


def change_of(**other: Any) -> Json:
    return {"what": "password", "changed_at": "2026-11-21T08:00:00-08:00", "channel": "email", "address": ANA} | other


def test_a_changed_account_is_told_where_the_customer_was_reached_before(
    house: House, systems: Systems, time: Time
) -> None:
    asked = change_of()
    first = systems.post("carrier/account-changes", asked, Idempotency_Key="k1")
    assert (first.status_code, first.get_json()["told"], first.get_json()["queued"]) == (201, "email", True)
    assert systems.post("carrier/account-changes", asked, Idempotency_Key="k1").get_json() == first.get_json()
    sending.post(house)
    [mail] = recent(house.config.data_dir / "dev-mails.jsonl")
    assert "your password" not in mail["text"] and "the password of your account was changed" in mail["text"]
    assert "509-557-0508" in mail["text"]
    by_letter = systems.post("carrier/account-changes", change_of(what="address-of-record", told="post"))
    assert (by_letter.status_code, by_letter.get_json()["queued"]) == (201, False)
    by_text = systems.post("carrier/account-changes", change_of(channel="sms", address=PERSON))
    assert (by_text.status_code, by_text.get_json()["queued"]) == (201, True)
    for wrong, field in (
        (change_of(what="favourite-colour"), "what"),
        (change_of(told="sms"), "told"),
        (change_of(told="pigeon"), "told"),
        (change_of(changed_at="2026-11-23T08:00:00-08:00"), "changed_at"),
        (change_of(address="nobody"), "address"),
    ):
        refused = systems.post("carrier/account-changes", wrong)
        assert (refused.status_code, field in refused.text) == (422, True), wrong
    kinds = [one["type"] for one in systems.history(ANA, "email")]
    assert sorted(kinds) == ["carrier.account_changed", "carrier.account_changed", "message.sent"]


def test_no_text_about_an_account_goes_to_a_number_that_said_stop(systems: Systems, twilio: Any) -> None:
    systems.consent()
    twilio.text("STOP")
    refused = systems.post("carrier/account-changes", change_of(channel="sms", address=PERSON))
    assert refused.status_code == 409 and "by letter" in refused.get_json()["detail"]
    told_so = systems.post("carrier/account-changes", change_of(channel="sms", address=PERSON, told="post"))
    assert told_so.status_code == 201


def failure(**words: str) -> dict[str, str]:
    return {"title": "Opt-out page down", "problem": "The page answered nothing for two days."} | words


def test_a_failure_has_its_day_and_is_closed_only_with_a_whole_letter_that_was_sent(
    house: House, systems: Systems, time: Time
) -> None:
    who, now, there = hand(house, systems, time), time.now(), systems.tenant.id

    def write(work: Any) -> Any:
        return house.db.write(work, there)

    days = Outage(date(2026, 11, 18), date(2026, 11, 21))
    made = write(lambda tx: service.enter(tx, who, rules.FAILURE, date(2026, 11, 20), failure(), now, days))

    def found(tx: Tx) -> queries.Matter:
        one = queries.one(tx, house.keyring, there, made)
        assert one is not None
        return one

    with house.db.read(there) as tx:
        assert (found(tx).due_on, found(tx).state) == (date(2026, 11, 30), "open")
        assert waiting.of(tx, house.keyring, there, who.in_force.rulebook, date(2026, 11, 22)).due == 0
        assert waiting.of(tx, house.keyring, there, who.in_force.rulebook, date(2026, 11, 23)).duties() == 1
        book = who.in_force.rulebook
        assert "mechanisms" in rules.lacks(rules.letter(book.carrier, book.organization, found(tx).words))
    with pytest.raises(Conflict):
        write(lambda tx: service.close(tx, who, made, date(2026, 11, 21), "By ECFS.", now))
    whole = dict.fromkeys(("mechanisms", "remedy", "state-commissions", "notice-to-customers"), "As said.")
    write(lambda tx: service.change(tx, who, made, whole, now, version=1))
    with pytest.raises(Conflict):
        write(lambda tx: service.change(tx, who, made, failure(problem="Other."), now, version=1))
    for closed_on, end in ((date(2026, 11, 30), "By ECFS."), (date(2026, 11, 1), "By ECFS."), (date(2026, 11, 21), "")):
        with pytest.raises(BadInput):
            write(lambda tx, on=closed_on, said=end: service.close(tx, who, made, on, said, now))
    write(lambda tx: service.close(tx, who, made, date(2026, 11, 21), "By ECFS.", now))
    with house.db.read(there) as tx:
        assert (found(tx).state, found(tx).closed_on, found(tx).words["end"]) == (
            "closed", date(2026, 11, 21), "By ECFS.",
        )  # fmt: skip
    with pytest.raises(Conflict):
        write(lambda tx: service.close(tx, who, made, date(2026, 11, 21), "Again.", now))


def broke(house: House, systems: Systems, time: Time, since: date, until: date | None = None) -> UUID:
    """Found today: nobody could say no from that day on."""
    who, now = hand(house, systems, time), time.now()
    found, days = service.today(who, now), Outage(since, until)
    return house.db.write(
        lambda tx: service.enter(tx, who, rules.FAILURE, found, failure(), now, days), systems.tenant.id
    )


def mended(house: House, systems: Systems, time: Time, matter: UUID, days: Outage) -> None:
    who, now = hand(house, systems, time), time.now()
    house.db.write(lambda tx: service.lasted(tx, who, matter, days, now), systems.tenant.id)


def open_ones(house: House, organization_id: UUID) -> list[UUID]:
    with house.db.read(organization_id) as tx:
        return [one.id for one in queries.in_state(tx, house.keyring, organization_id, "open")]


def test_silence_gives_nothing_for_days_on_which_nobody_could_say_no(
    house: House, systems: Systems, time: Time
) -> None:
    at = told(house, systems, time)
    time.go(days=31)
    assert may(systems, ANA)["answer"] == "allow"  # it is 22 December, and somebody relies on it
    broke(house, systems, time, date(2026, 12, 22))
    assert may(systems, ANA)["answer"] == "allow"  # her wait was over the day before
    made = broke(house, systems, time, date(2026, 12, 1))
    found = may(systems, ANA)
    assert (found["answer"], codes(found), "silence_counts_from" in found) == ("deny", ["opt-out-failed"], False)
    reason = found["reasons"][0]
    assert (reason["law"], reason["clause"]) == ("US-CPNI-OPTOUT-WAIT", "47 CFR 64.2008(d)")
    assert "does not work since 2026-12-01" in reason["text"] and "since 2026-12-01" in found["steps"][0]
    [*_, entered] = at.leaves("carrier.entered")
    assert (entered.data["broken_from"], entered.data["works_again_on"]) == ("2026-12-01", "")
    given = consent_to(OWN, "email", BEN)
    assert systems.post("consents", given).status_code == 201
    assert may(systems, BEN)["answer"] == "allow"  # an express yes is no silence
    for one in open_ones(house, at.id):
        mended(house, systems, time, one, Outage(date(2026, 12, 1 if one == made else 22), date(2026, 12, 22)))
    [changed, _] = at.leaves("carrier.changed")
    assert changed.data["works_again_on"] == "2026-12-22"
    found = may(systems, ANA)
    assert (codes(found), found["silence_counts_from"]) == (["opt-out-failed"], "2027-01-13")  # 22 days more
    assert "silence counts from 2027-01-13 on; days on which" in found["reasons"][0]["text"]
    time.go(days=21)
    assert may(systems, ANA)["answer"] == "deny"
    time.go(days=1)
    assert (may(systems, ANA)["answer"], codes(may(systems, ANA))) == ("allow", ["silence-counts"])


def test_a_failure_from_before_its_days_were_asked_for_lasts_until_somebody_says_otherwise(
    house: House, systems: Systems, time: Time
) -> None:
    at = told(house, systems, time)
    time.go(days=31)
    made = broke(house, systems, time, date(2026, 12, 1), date(2026, 12, 2))
    unknown = Sql(
        "UPDATE carrier_matter SET broken_from = NULL, works_again_on = NULL, happened_on = :found, state = 'closed'"
        " WHERE organization_id = :organization_id AND id = :id"
    )

    def as_before(tx: Tx) -> None:
        found = stored_day(tx, date(2026, 12, 15))
        tx.run(unknown, {"organization_id": at.id, "id": made, "found": found})

    house.db.write(as_before, at.id)
    assert "does not work since 2026-12-15" in may(systems, ANA)["reasons"][0]["text"]
    who = hand(house, systems, time)
    with house.db.read(at.id) as tx:
        waits = waiting.of(tx, house.keyring, at.id, who.in_force.rulebook, date(2026, 12, 22))
    assert ([one.id for one in waits.still_broken], waits.duties()) == ([made], 1)
    mended(house, systems, time, made, Outage(date(2026, 12, 15), date(2026, 12, 16)))
    assert may(systems, ANA)["silence_counts_from"] == "2026-12-24"
    with house.db.read(at.id) as tx:
        assert not waiting.of(tx, house.keyring, at.id, who.in_force.rulebook, date(2026, 12, 22)).still_broken


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (None, "broken_from"),
        (Outage(date(2026, 11, 21), None), "broken_from"),  # after it was found
        (Outage(date(2010, 1, 1), None), "broken_from"),
        (Outage(date(2026, 11, 19), date(2026, 11, 18)), "works_again_on"),
        (Outage(date(2026, 11, 19), date(2026, 11, 22)), "works_again_on"),  # tomorrow
    ],
)
def test_days_that_cannot_be_are_refused_by_name(
    house: House, systems: Systems, time: Time, days: Outage | None, field: str
) -> None:
    who, now, there = hand(house, systems, time), time.now(), systems.tenant.id
    found, right = date(2026, 11, 20), Outage(date(2026, 11, 19), None)
    with pytest.raises(BadInput) as refused:
        house.db.write(lambda tx: service.enter(tx, who, rules.FAILURE, found, failure(), now, days), there)
    assert refused.value.field == field
    made = house.db.write(lambda tx: service.enter(tx, who, rules.FAILURE, found, failure(), now, right), there)
    if days is not None:
        with pytest.raises(BadInput) as refused:
            house.db.write(lambda tx: service.lasted(tx, who, made, days, now), there)
        assert refused.value.field == field
    with pytest.raises(Conflict):
        house.db.write(lambda tx: service.lasted(tx, who, made, right, now, version=7), there)
    words = {"title": "Training", "who": "Everybody"}
    other = house.db.write(lambda tx: service.enter(tx, who, rules.TRAINING, found, words, now), there)
    with pytest.raises(NotFound):
        house.db.write(lambda tx: service.lasted(tx, who, other, right, now), there)


def test_the_year_is_gathered_and_its_certificate_filed_once(house: House, systems: Systems, time: Time) -> None:
    at = told(house, systems, time)
    for use, state in ((OWN, "refused"), (OTHERS, "given"), (OTHERS, "withdrawn")):
        said = consent_to(use, "email", BEN, state=state, granted_by="customer" if use == OTHERS else None)
        assert systems.post("consents", said).status_code == 201
    assert systems.post("carrier/account-changes", change_of()).status_code == 201
    lost = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T18:15:00Z"}
    assert systems.post("incidents", lost).status_code == 201
    who, now = hand(house, systems, time), time.now()
    campaign = {"title": "Second line", "used": "Number of lines", "offered": "A second line"}
    training = {"title": "Training", "who": "Everybody at the desk"}
    for kind, words in ((rules.CAMPAIGN, campaign), (rules.TRAINING, training)):
        house.db.write(lambda tx, k=kind, w=words: service.enter(tx, who, k, date(2026, 11, 20), w, now), at.id)

    def seen(today: date) -> year.Year:
        with house.db.read(at.id) as tx:
            return year.gather(tx, house.keyring, at.id, who.in_force.rulebook, 2026, today)

    found = seen(date(2026, 11, 21))
    assert {use: dict(+said) for use, said in found.approvals.items()} == {  # type: ignore[operator]
        OTHERS: {"given": 1, "withdrawn": 1},
        OWN: {"refused": 1},
    }
    assert (dict(found.changes), found.letters, found.breaches, len(found.rounds)) == (
        {"password": 1}, 0, {"open": 1}, 1,
    )  # fmt: skip
    assert found.missing == ("campaign", "breach") and found.due is not None and found.due.day == date(2027, 3, 1)
    assert seen(date(2027, 1, 2)).missing == ("campaign", "breach", "certificate")
    time.go(days=60)
    who, now = hand(house, systems, time), time.now()
    signed = {"officer": "Ana Ruiz", "procedures": "As in the handbook.", "end": "Receipt of ECFS."}
    with house.db.read(at.id) as tx:
        assert waiting.of(tx, house.keyring, at.id, who.in_force.rulebook, date(2027, 1, 20)).certificate == 2026
        assert waiting.of(tx, house.keyring, at.id, who.in_force.rulebook, date(2026, 12, 30)).certificate is None
    with pytest.raises(BadInput):
        house.db.write(lambda tx: service.file_certificate(tx, who, 2026, date(2027, 3, 1), signed, now), at.id)
    house.db.write(lambda tx: service.file_certificate(tx, who, 2026, date(2027, 1, 19), signed, now), at.id)
    with pytest.raises(Conflict):
        house.db.write(lambda tx: service.file_certificate(tx, who, 2026, date(2027, 1, 19), signed, now), at.id)
    filed = seen(date(2027, 1, 20)).filed
    assert filed is not None and (filed.closed_on, filed.words["officer"]) == (date(2027, 1, 19), "Ana Ruiz")
    with house.db.read(at.id) as tx:
        assert waiting.of(tx, house.keyring, at.id, who.in_force.rulebook, date(2027, 1, 20)).certificate is None
