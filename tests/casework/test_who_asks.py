"""Who asks, and what more time takes: evidence is sealed and gone with the check; an extension is told at once."""

from datetime import datetime, timedelta

import pytest

from consent.db import Sql, Tx
from consent.errors import BadInput, NotFound
from consent.house import House
from consent.privacy_requests import casework
from consent.privacy_requests.casework import Outcome, identity, repeated
from consent.privacy_requests.moves import NotNow
from tests.casework.conftest import CLERK, LETTER, OFFICER, Office
from tests.support.organizations import VALET, found_shipped

PNG = b"\x89PNG\r\n\x1a\n" + b"a face and a name"
TOLD = {"told": "mail", "letter": LETTER}
HERE = {"place": "US-CA", "role": "resident"}


@pytest.fixture
def valet(house: House, now: datetime) -> Office:
    """Who works on the requests of 1VALET."""
    return Office(house, found_shipped(house, VALET, now - timedelta(hours=1)))


def test_a_representative_shows_authority_and_whom_they_ask_for_and_a_power_of_attorney_no_more(
    valet: Office, now: datetime
) -> None:
    for quality in ("agent", "power-of-attorney"):
        request_id = valet.open("deletion", now, representative=quality, represented_by="Al Agent", **HERE)
        for shown in ((), ("authority",), ("principal-identity",)):
            with pytest.raises(BadInput):
                valet.do(casework.verify, request_id, CLERK, now, ["letter"], shown=shown)
        both = ("authority", "principal-identity")
        assert valet.do(casework.verify, request_id, CLERK, now, ["letter"], shown=both).verified_at == now
        valet.do(casework.revoke, request_id, CLERK, now)


def test_evidence_is_sealed_seen_on_record_and_gone_when_the_check_is_done(office: Office, now: datetime) -> None:
    request_id = office.open("deletion", now)
    desk, place = office.desk(now), office.tenant.id
    write = office.house.db.write

    def add(kind: str, media_type: str, content: bytes) -> None:
        write(lambda tx: identity.add(tx, desk, request_id, CLERK, now, kind, media_type, content), place)

    for wrong in (("photo", "image/png", PNG), ("other", "image/png", b"MZ"), ("other", "text/html", b"<p>"),
                  ("other", "text/plain", b""), ("other", "text/plain", b"x" * (identity.LARGEST + 1))):  # fmt: skip
        with pytest.raises(BadInput):
            add(*wrong)
    add("identity-document", "image/png", PNG)
    with office.house.db.read(place) as tx:
        (one,) = identity.listed(tx, place, request_id)
        ((sealed,),) = tx.all(Sql("SELECT sealed_content FROM request_identity"), {})
    assert b"face" not in bytes(sealed)
    seen = write(lambda tx: identity.content(tx, desk, request_id, one.id, OFFICER, now), place)
    assert seen == ("image/png", PNG)
    office.do(casework.verify, request_id, OFFICER, now, ["identity-document"])
    with office.house.db.read(place) as tx:
        assert identity.listed(tx, place, request_id) == ()
        last = casework.timeline(tx, place, request_id)[-1]
    assert last.facts["evidence_deleted"] == 1
    with pytest.raises(NotFound):
        write(lambda tx: identity.content(tx, desk, request_id, one.id, OFFICER, now), place)
    assert office.steps(request_id) == ["opened", "checked", "checked", "verified"]
    with pytest.raises(NotNow):
        add("identity-document", "image/png", PNG)


def test_evidence_goes_too_when_everything_is_refused_for_want_of_it(office: Office, now: datetime) -> None:
    request_id = office.open("deletion", now)
    desk, place = office.desk(now), office.tenant.id
    office.house.db.write(
        lambda tx: identity.add(tx, desk, request_id, CLERK, now, "identity-document", "image/png", PNG), place
    )
    unproven = [casework.Outcome("mobile-number", "refuse", "identity-not-verified")]
    office.do(casework.decide, request_id, CLERK, now, unproven)
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    assert office.do(casework.fulfil, request_id, OFFICER, now).state == "denied"
    with office.house.db.read(place) as tx:
        assert identity.listed(tx, place, request_id) == ()


def test_an_extension_moves_the_date_and_tells_it_in_one_step_and_only_once(valet: Office, now: datetime) -> None:
    request_id = valet.open("specific-pieces", now, **HERE)
    reason = "The records lie in four systems, and two are being moved."
    for more in ({"told": "mail"}, {"told": "pigeon"}):  # no letter; no way to tell
        with pytest.raises(BadInput):
            valet.do(casework.extend, request_id, CLERK, now, reason, **more)
    with pytest.raises(BadInput, match="reason"):
        valet.do(casework.extend, request_id, CLERK, now, "busy", **TOLD)
    case = valet.do(casework.extend, request_id, CLERK, now, reason, **TOLD)
    assert (str(case.due_on), str(case.answer_by)) == ("2027-01-05", "2027-02-19")
    with valet.house.db.read(valet.tenant.id) as tx:
        ((mails,),) = tx.all(Sql("SELECT count(*) FROM job WHERE kind = 'mail.request'"), {})
        step = casework.timeline(tx, valet.tenant.id, request_id)[-1]
    assert (mails, step.kind, step.facts["law"]) == (1, "extended", "US-CA-RESPOND")
    with pytest.raises(NotNow, match="second time"):
        valet.do(casework.extend, request_id, CLERK, now, reason, **TOLD)
    with pytest.raises(NotNow, match="stand still"):
        valet.do(casework.pause, request_id, CLERK, now, "Which of the two accounts is meant?", **TOLD)
    late = valet.open("access", now, "kim@person.example", **HERE)
    with pytest.raises(NotNow, match="that day is past"):
        valet.do(casework.extend, late, CLERK, now + timedelta(days=46), reason, **TOLD)


def test_only_answered_requests_count_towards_the_two_of_a_year(valet: Office, now: datetime) -> None:
    def tally(request_id: object) -> tuple[int, str]:
        def work(tx: Tx) -> tuple[int, str]:
            found = repeated.tally(tx, valet.desk(now).rulebook, casework.load(tx, valet.tenant.id, request_id))  # type: ignore[arg-type]
            return found.counted, found.decision

        with valet.house.db.read(valet.tenant.id) as tx:
            return work(tx)

    for number in range(3):
        request_id = valet.open("specific-pieces", now, verified_at=now, **HERE)
        assert tally(request_id) == (number, "answer" if number < 2 else "staff-decides")
        revoked = valet.open("specific-pieces", now, verified_at=now, **HERE)
        assert revoked == request_id  # found and joined
        valet.do(casework.decide, request_id, CLERK, now, [casework.Outcome("identifiers", "do")])
        valet.do(casework.approve, request_id, OFFICER, now, streams=1)
        valet.do(casework.fulfil, request_id, casework.SYSTEM, now)
        taken_back = valet.open("specific-pieces", now, **HERE)
        valet.do(casework.revoke, taken_back, CLERK, now)


def test_asking_too_often_is_a_ground_only_where_the_count_carries_it(valet: Office, now: datetime) -> None:
    refused = [Outcome("request", "refuse", "answered-often-enough")]
    for number in range(3):
        request_id = valet.open("specific-pieces", now + timedelta(days=number), verified_at=now, **HERE)
        with valet.house.db.read(valet.tenant.id) as tx:
            counted = repeated.tally(tx, valet.desk(now).rulebook, valet.case(request_id))
        assert (counted.counted, counted.limit) == (number, 2)  # 1V-47: twice a year
        if number < 2:
            with pytest.raises(BadInput, match="not answered that often"):
                valet.do(casework.decide, request_id, CLERK, now, refused)
            valet.do(casework.decide, request_id, CLERK, now, [Outcome("request", "do")])
            valet.do(casework.approve, request_id, OFFICER, now, streams=1)
            valet.do(casework.fulfil, request_id, OFFICER, now)
    assert valet.do(casework.decide, request_id, CLERK, now, refused).decided_at == now
