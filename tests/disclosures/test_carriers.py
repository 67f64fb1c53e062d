"""Whoever carries messages is a recipient of the register, and the rules of sharing let them have what they carry."""

from datetime import date

import pytest

from consent.disclosures import carriers
from consent.errors import BadInput, Conflict
from consent.policies.rulebook import Rulebook
from tests.policies import house, packs_1v, packs_vox

TODAY = date(2026, 11, 22)


def refused(rulebook: Rulebook, channel: str, named: str | None, on: date = TODAY) -> str:
    with pytest.raises((BadInput, Conflict)) as told:
        carriers.ask(rulebook, channel, named, on)
    assert told.value.field == "recipient"
    return told.value.detail


def test_vsh_29_texts_go_by_the_platform_whose_contract_has_the_terms_of_the_promise() -> None:
    carrier = carriers.ask(house.rulebook(), "sms", None, TODAY)
    assert (carrier.recipient, carrier.judged.rests_on) == ("messaging-platforms", ("VSH-29",))
    before = refused(house.rulebook(), "sms", "messaging-platforms", date(2026, 1, 11))
    assert ("on behalf" in before, "VSH-29" in before) == (True, True)


def test_1v_17_the_partner_for_communications_carries_texts_and_mail_on_its_ground() -> None:
    for channel in ("sms", "email"):
        carrier = carriers.ask(packs_1v.rulebook(), channel, None, TODAY)
        assert (carrier.recipient, carrier.judged.rests_on) == ("business-partners", ("1V-17",))


def test_vox_19_and_vox_42_no_provider_carries_mail_that_the_policy_has_not_on_its_list() -> None:
    for named, clauses in (("service-providers", ("VOX-19", "VOX-20", "VOX-42")), ("amazon-web-services", ("VOX-19",))):
        said = refused(packs_vox.rulebook(), "email", named)
        assert [one for one in clauses if one not in said] == [], named


def test_who_carries_is_named_unless_the_register_leaves_one_choice_and_an_own_machine_is_nobody_else() -> None:
    assert "--recipient own" in refused(house.rulebook(), "email", None)
    assert "messaging-platforms" in refused(house.rulebook(), "sms", "somebody")
    assert "does not say" in refused(house.rulebook(), "email", "messaging-platforms")
    assert "No commitment lists" in refused(house.rulebook(), "sms", "affiliates")
    own = carriers.ask(house.rulebook(), "email", carriers.OWN, TODAY)
    assert (own.recipient, own.judged.allowed, own.judged.rests_on) == ("own", True, ())
