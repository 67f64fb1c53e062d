"""The one confirmation of a STOP may ask what was meant (47 CFR 64.1200(a)(12)); only an answer narrows the STOP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from consent import clock
from consent.gateways.sms.base import InboundMessage
from consent.house import House
from consent.ledger import jobs, verify
from consent.organizations import service as organizations
from consent.preferences import rebuild
from consent.sms import service
from tests.support.asking_pack import AUTOMATED, OFFERS, QUESTION, SERVICE, asking_pack
from tests.support.organizations import consent_to
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import NUMBER, PERSON, Tenant, found_tenant, make_account

Deliver = Callable[[], list[str]]
NOBODY_ELSE, OTHER_NUMBER = "+15095550143", "+12125550122"
ALL, NONE, ONLY_SERVICE, ONLY_OFFERS = (True, True), (False, False), (True, False), (False, True)


@pytest.fixture
def question() -> str:
    """What stands in the pack."""
    return QUESTION


@pytest.fixture
def valley(house: House, time: Time, tmp_path: Path, question: str) -> Tenant:
    """Here the organization whose confirmation asks."""
    return found_tenant(house, time.now(), asking_pack(tmp_path, question))


@pytest.fixture
def agreed(systems: Systems) -> Systems:
    """A person who agreed to service texts and to offers."""
    for program in (SERVICE, OFFERS):
        agree(systems, program)
    assert may(systems) == ALL
    return systems


def agree(systems: Systems, program: str, address: str = PERSON) -> None:
    assert systems.post("consents", consent_to(program, "sms", address)).status_code == 201


def may(systems: Systems, address: str = PERSON) -> tuple[bool, bool]:
    """May service texts go, may offers?"""
    facts = {"jurisdiction": "US-NY", "registered": True, "reference": "order 7"}
    service = systems.may(program=SERVICE, message_class="transactional", address=address, facts=facts)
    return service, systems.may(program=OFFERS, message_class="offer", address=address, facts=facts)


def sound(house: House, valley: Tenant) -> bool:
    """What is stored is the fold of the history, and the ledger holds."""
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []
        report = verify.verify(tx, house.keyring, valley.id, clock.now(), folds=[rebuild.check])
    return not report.findings


def test_a_stop_of_several_categories_is_confirmed_once_and_asks_and_silences_all_at_once(
    agreed: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    twilio.text("STOP")
    assert may(agreed) == NONE
    [asked] = deliver()
    assert "reply 1 (offers) or 2 (service)" in asked
    stop = next(one for one in agreed.history() if one["type"] == "consent.withdrawn")
    assert [one[:2] for one in stop["data"]["question"]["answers"]] == [["1", "marketing"], ["2", SERVICE]]
    assert may(agreed) == NONE
    twilio.text("STOP")
    assert len(deliver()) == 1


@pytest.mark.parametrize(("answer", "left"), [("1", ONLY_SERVICE), (" 2\n", ONLY_OFFERS)])
def test_an_answer_leaves_stopped_what_it_names_and_gives_back_the_rest(
    house: House,
    valley: Tenant,
    agreed: Systems,
    twilio: Twilio,
    deliver: Deliver,
    answer: str,
    left: tuple[bool, bool],
) -> None:
    before = agreed.history()
    twilio.text("STOP")
    deliver()
    twilio.text(answer)
    assert may(agreed) == left
    narrowed, _, stop = agreed.history()[:3]
    assert (narrowed["type"], narrowed["data"]["narrows"]) == ("consent.narrowed", stop["entry"])
    assert agreed.history()[3:] == before  # no consent was added: the old ones hold
    assert len(deliver()) == 1
    assert agreed.get("reviews").get_json()["texts"] == []
    assert sound(house, valley)


@pytest.mark.parametrize("said", ["3", "0", "12", "1 please", "1.", "one", "１", "Offers", "YES"])
def test_anything_but_one_of_the_offered_words_leaves_the_wider_reading(
    agreed: Systems, twilio: Twilio, deliver: Deliver, said: str
) -> None:
    twilio.text("STOP")
    deliver()
    twilio.text(said)
    assert may(agreed) == NONE


@pytest.mark.parametrize(("seconds", "left"), [(7190, ONLY_SERVICE), (7201, NONE)])
def test_an_answer_counts_within_the_time_the_pack_gives(
    agreed: Systems, twilio: Twilio, deliver: Deliver, time: Time, seconds: int, left: tuple[bool, bool]
) -> None:
    twilio.text("STOP")
    deliver()
    time.go(seconds=seconds)
    twilio.text("1")
    assert may(agreed) == left


def test_silence_leaves_everything_stopped(agreed: Systems, twilio: Twilio, deliver: Deliver, time: Time) -> None:
    twilio.text("STOP")
    deliver()
    time.go(days=30)
    assert may(agreed) == NONE


def test_an_answer_from_another_number_changes_nothing_for_either(
    agreed: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    agree(agreed, OFFERS, NOBODY_ELSE)
    twilio.text("STOP")
    deliver()
    twilio.text("1", NOBODY_ELSE)
    assert (may(agreed), may(agreed, NOBODY_ELSE)) == (NONE, ONLY_OFFERS)


@pytest.mark.parametrize("number", [OTHER_NUMBER, "+15095550188"])
def test_an_answer_to_another_number_of_ours_leaves_the_wider_reading(
    agreed: Systems, twilio: Twilio, deliver: Deliver, number: str
) -> None:
    twilio.text("STOP")
    deliver()
    twilio.text("1", To=number)
    assert may(agreed) == NONE
    assert agreed.history()[0]["type"] == "message.received"


@pytest.mark.parametrize("order", [("1", "STOP"), ("STOP", "1")])
def test_a_second_stop_is_wide_before_and_after_the_answer(
    house: House, valley: Tenant, agreed: Systems, twilio: Twilio, deliver: Deliver, order: tuple[str, str]
) -> None:
    twilio.text("STOP")
    deliver()
    for said in order:
        twilio.text(said)
    assert may(agreed) == NONE
    deliver()
    twilio.text("2")  # only one category was left to be asked about
    assert may(agreed) == NONE
    assert sound(house, valley)


def test_two_answers_end_what_either_names(agreed: Systems, twilio: Twilio, deliver: Deliver) -> None:
    twilio.text("STOP")
    deliver()
    twilio.text("1")
    twilio.text("2")
    assert may(agreed) == NONE


def test_an_answer_after_start_stops_and_starts_nothing(agreed: Systems, twilio: Twilio, deliver: Deliver) -> None:
    twilio.text("STOP")
    deliver()
    twilio.text("START")
    twilio.text("1")
    assert may(agreed) == ALL
    assert agreed.history()[0]["type"] == "message.received"


def test_start_gives_back_what_a_narrowed_stop_still_ends(agreed: Systems, twilio: Twilio, deliver: Deliver) -> None:
    for said in ("STOP", "1", "START"):
        twilio.text(said)
        deliver()
    assert may(agreed) == ALL


def test_an_answer_brought_twice_counts_once(
    house: House, valley: Tenant, agreed: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    twilio.text("STOP", sid="SM1")
    deliver()
    message = twilio.message("1", sid="SM2")
    for _ in range(2):
        twilio.post(message)
    twilio.text("STOP", sid="SM1")
    assert may(agreed) == ONLY_SERVICE
    assert sum(one["type"] == "consent.narrowed" for one in agreed.history()) == 1
    twilio.text("STOP", sid="SM3")
    twilio.post(message)
    assert may(agreed) == NONE
    assert sound(house, valley)


def test_an_answer_to_a_question_that_never_left_is_none(
    agreed: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    twilio.text("STOP")
    time.go(minutes=6)
    assert deliver() == []
    twilio.text("1")
    assert may(agreed) == NONE


def test_a_narrowed_stop_gives_back_nothing_that_was_not_there(
    agreed: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    said = {"ip": None, "ip_absent_reason": "said at the counter", "method": "staff", "entered_by": "clerk-7"}
    twilio.text("STOP")
    deliver()
    withdrawn = consent_to(SERVICE, "sms", PERSON, state="withdrawn", occurred_at=time.now().isoformat(), **said)
    assert agreed.post("consents", withdrawn).status_code == 201
    twilio.text("1")
    assert may(agreed) == NONE


def test_of_one_category_nothing_is_asked(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    agree(systems, OFFERS)
    agree(systems, AUTOMATED)
    twilio.text("STOP")
    [confirmed] = deliver()
    assert "unsubscribed" in confirmed
    twilio.text("2")
    assert may(systems) == NONE


@pytest.mark.parametrize("said", ["stop everything", "wrong number"])
def test_words_that_leave_nothing_open_are_not_asked_about(
    agreed: Systems, twilio: Twilio, deliver: Deliver, said: str
) -> None:
    twilio.text(said)
    [confirmed] = deliver()
    assert "unsubscribed" in confirmed


def test_where_the_gateway_confirms_its_word_nothing_is_asked(
    house: House, valley: Tenant, agreed: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    endpoint = make_account(house, valley.id, time.now(), stop_reply="gateway", number=NUMBER)
    twilio.path = f"/webhooks/sms/{endpoint}"
    twilio.text("STOP")
    assert deliver() == []
    twilio.text("1")
    assert may(agreed) == NONE


@pytest.mark.parametrize("question", [""])
def test_a_pack_without_a_question_asks_nothing(
    agreed: Systems, twilio: Twilio, deliver: Deliver, question: str
) -> None:
    twilio.text("STOP")
    [confirmed] = deliver()
    assert "unsubscribed" in confirmed
    twilio.text("1")
    assert may(agreed) == NONE


# Gateways that give the time of each text, whatever arrives first


class Texts:
    """Texts of a person, brought at any time after they were written."""

    def __init__(self, house: House, valley: Tenant, time: Time) -> None:
        self.house, self.valley, self.time = house, valley, time
        with house.db.read(valley.id) as tx:
            (account,) = organizations.accounts(tx, house.keyring, valley.id)
        self.account = service.Account(valley.id, account.id, account.gateway, can_send=True)
        self.start = time.now()

    def bring(self, said: str, minutes: float, *, listed: bool = False) -> None:
        """The text that was written so many minutes after the beginning is on record."""
        in_force = self.house.governing.at(self.valley.id, self.time.at)
        sid, at = f"{said}-{minutes}", self.start + timedelta(minutes=minutes)
        message = InboundMessage("sinch", sid, sid, PERSON, NUMBER, said, received_at=at)
        text = service.prepare(self.house.keyring, self.account, in_force.rulebook, message)
        text = replace(text, listed=listed)
        self.house.db.write(
            lambda tx: service.receive(
                tx, self.house.keyring, in_force.log, in_force.rulebook, self.account, text, self.time.now()
            ),
            self.valley.id,
        )


@pytest.fixture
def texts(house: House, valley: Tenant, agreed: Systems, time: Time, deliver: Deliver) -> Texts:
    """The person has said STOP and was asked."""
    made = Texts(house, valley, time)
    made.bring("STOP", 0)
    deliver()
    time.go(minutes=60)
    return made


@pytest.mark.parametrize("second", [-1.0, 30.0, 50.0])
@pytest.mark.parametrize("stop_first", [True, False])
def test_another_stop_stays_wide_whichever_arrives_first(
    house: House, valley: Tenant, agreed: Systems, texts: Texts, second: float, stop_first: bool
) -> None:
    arrivals = [("STOP", second), ("1", 40.0)]
    for said, minutes in arrivals if stop_first else arrivals[::-1]:
        texts.bring(said, minutes)
    assert may(agreed) == NONE
    assert sound(house, valley)


@pytest.mark.parametrize("start_first", [True, False])
def test_a_start_before_the_answer_gives_all_back_whichever_arrives_first(
    house: House, valley: Tenant, agreed: Systems, texts: Texts, start_first: bool
) -> None:
    arrivals = [("START", 30.0), ("1", 40.0)]
    for said, minutes in arrivals if start_first else arrivals[::-1]:
        texts.bring(said, minutes)
    assert may(agreed) == ALL
    assert sound(house, valley)


def test_an_answer_written_before_the_question_left_is_none(agreed: Systems, texts: Texts) -> None:
    texts.bring("1", -0.5)
    assert may(agreed) == NONE


def test_an_answer_that_arrives_late_counts_if_it_was_written_in_time(
    house: House, valley: Tenant, agreed: Systems, texts: Texts, time: Time
) -> None:
    time.go(hours=9)
    texts.bring("1", 119.9)
    assert may(agreed) == ONLY_SERVICE
    rows_before = agreed.preferences()
    assert rebuild.rebuild(house.db, valley.id) == 0
    assert agreed.preferences() == rows_before


def test_an_answer_found_on_the_gateways_list_gives_nothing_back(agreed: Systems, texts: Texts) -> None:
    texts.bring("1", 40, listed=True)
    assert may(agreed) == NONE
