"""What an answer to a keyword had to say is proven by the entry of its sending: the text, and what it answered."""

from collections.abc import Callable

from consent import clock
from consent.house import House
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import Tenant


def test_each_answer_is_kept_whole_and_names_the_text_and_by_it_the_policy_it_answers(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Callable[[], list[str]]
) -> None:
    systems.consent()
    for said in ("HELP", "STOP", "START"):
        twilio.text(said)
    texts = deliver()
    history = {one["entry"]: one for one in systems.history()}
    answers = [one for one in history.values() if one["type"] == "message.sent"]
    assert sorted(one["facts"]["msg_text"] for one in answers) == sorted(texts)
    assert {one["data"]["kind"] for one in answers} == {"reply.help", "reply.stop", "reply.start"}
    for one in answers:
        asked = history[one["data"]["answers"]]
        assert (asked["source"], asked["data"]["policy"]) == ("webhook", "privacy-policy")
        assert asked["data"]["policy_version"] and asked["data"]["policy_sha256"]
    helped = next(one for one in answers if one["data"]["kind"] == "reply.help")
    rulebook = house.governing.now(valley.id, clock.now()).rulebook
    owed = rulebook.statements.required("help-reply", "sms")
    assert {one.key for one in owed} == {"frequency-varies", "message-and-data-rates", "VSH-31"}
    assert rulebook.statements.lacking("help-reply", "sms", "en", helped["facts"]["msg_text"]) == ()
