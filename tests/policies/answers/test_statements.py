"""What must be said and where, company by company; a pack without the words, or with others, is refused."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from consent.policies.answers.statements import StatementMissing, Statements, contradicted
from consent.policies.check import check
from consent.policies.packs import load_law, load_versions
from consent.policies.rulebook import compile_rulebook
from consent.policies.version import Commitment
from tests.policies.answers.companies import organization, promises, with_law
from tests.policies.house import NOW, POLICIES, VALLEY, rulebook


def answers(prefix: str) -> Statements:
    """What the company owes by its promises and the law."""
    return Statements(organization(prefix), with_law(prefix))


def keys(prefix: str, surface: str, channel: str | None = None, where: str | None = None) -> list[str]:
    """The keys of what it must say there."""
    return [one.key for one in answers(prefix).required(surface, channel, where)]


def resting_on(prefix: str, surface: str, identity: str) -> bool:
    """Does something said there rest on this promise?"""
    return any(identity in one.rests_on for one in answers(prefix).required(surface))


def test_vsh_24_frequency_and_rates_stand_on_form_help_and_confirmation_of_texts_alone() -> None:
    for surface in ("opt-in-form", "help-reply", "opt-in-confirmation", "program-page"):
        assert {"frequency-varies", "message-and-data-rates"} <= set(keys("VSH", surface, "sms")), surface
        assert "frequency-varies" not in keys("VSH", surface, "email"), surface
    assert "frequency-varies" not in keys("VSH", "stop-reply", "sms")
    assert answers("VSH").required("help-reply", "sms")[0].rests_on[0] == "VSH-24"


def test_vsh_31_delivery_is_not_promised_and_the_urgent_number_stands_there() -> None:
    found = {one.key: one for one in answers("VSH").required("opt-in-form", "sms")}
    assert "509-557-0508" in found["VSH-31"].said("fr")[0]
    assert "VSH-31" in keys("VSH", "help-reply", "sms")
    assert "VSH-31" not in keys("VSH", "opt-in-confirmation", "sms")


def test_vsh_38_1v_36_vox_34_smt_34_other_sites_are_spoken_of_on_the_privacy_page() -> None:
    for prefix, identity in (("VSH", "VSH-38"), ("1V", "1V-36"), ("VOX", "VOX-34"), ("SMT", "SMT-34")):
        assert identity in keys(prefix, "privacy-page"), identity
    assert keys("VAL", "privacy-page") == []


@pytest.mark.parametrize(
    ("prefix", "identity", "surface"),
    [("1V", "1V-23", "resident-app"), ("1V", "1V-36", "portals"), ("VOX", "VOX-36", "developer-portal"),
     ("SMT", "SMT-23", "forums"), ("SMT", "SMT-29", "portal-registration"), ("VOX", "VOX-28", "account-profile")],
)  # fmt: skip
def test_1v_23_vox_36_smt_23_smt_29_vox_28_what_the_companys_own_places_owe_is_told(
    prefix: str, identity: str, surface: str
) -> None:
    assert identity in keys(prefix, surface)
    assert surface in answers(prefix).surfaces()


def test_1v_54_no_sale_is_said_where_a_switch_would_stand_to_people_of_california() -> None:
    for surface in ("preference-page", "request-form", "privacy-page", "do-not-sell"):
        assert "1V-54" in keys("1V", surface, None, "US-CA"), surface
        assert "1V-54" in keys("1V", surface), surface  # nobody knows where the person is
        assert "1V-54" not in keys("1V", surface, None, "CA-QC"), surface


def test_1v_54_and_t_66_the_statement_lapses_as_soon_as_somebody_buys() -> None:
    sale = _selling("1V")
    assert "1V-54" not in [one.key for one in Statements(organization("1V"), sale).required("preference-page")]
    assert [one.id for one in contradicted(sale)] == ["1V-54"]
    assert contradicted(promises("1V")) == []


def _selling(prefix: str) -> list[Commitment]:
    told = [one for one in promises(prefix) if isinstance(one, Commitment)]
    at = next(at for at, one in enumerate(told) if one.kind == "share-allowed-recipient")
    told[at] = replace(told[at], parameters={**told[at].parameters, "purposes": ["sale"]})
    return told


def test_vox_07_and_vox_28_forms_say_what_is_required_and_mark_each_field() -> None:
    found = {one.key: one for one in answers("VOX").required("opt-in-form")}
    assert found["VOX-07"].marks == ("mandatory", "voluntary")
    assert "VOX-28" in found
    assert "VOX-07" in keys("VOX", "request-form")
    assert keys("VOX", "unsubscribe-page") == []


def test_vsh_19_and_t_20_no_condition_is_said_only_where_it_was_promised() -> None:
    assert "not-a-condition" in keys("VSH", "opt-in-form", "sms")
    assert "not-a-condition" not in keys("VSH", "opt-in-form", "email")
    for channel in ("email", "sms", "voice", "chat"):
        assert "not-a-condition" in keys("VAL", "opt-in-form", channel), channel
    for prefix in ("1V", "VOX", "SMT"):
        assert "not-a-condition" not in keys(prefix, "opt-in-form"), prefix


def test_the_law_of_emergency_calls_is_told_where_the_pack_has_words_for_it() -> None:
    assert resting_on("VSH", "activation", "US-E911-NOTICE")
    assert not resting_on("VAL", "activation", "US-E911-NOTICE")


def test_every_statement_of_the_samples_is_there_in_three_languages() -> None:
    for prefix in ("VSH", "1V", "VAL", "VOX", "SMT"):
        for key, texts in organization(prefix).statements.items():
            assert set(texts) == {"en", "fr", "es"}, key
        for program in organization(prefix).programs:
            for channel, wording in program.asking.wording.items():
                assert set(wording) == {"en", "fr", "es"}, (program.key, channel)


def test_t_20_the_wordings_say_no_condition_only_where_it_was_promised() -> None:
    for prefix in ("1V", "VOX", "SMT"):
        for program in organization(prefix).programs:
            for wording in program.asking.wording.values():
                assert "condition" not in wording["en"], program.key


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('[statements.VSH-38.text]', '[statements.VSH-39.text]', 'no promise wants "VSH-39" said'),
        ('[statements.VSH-38.text]', '[statements.VSH-39.text]', "VSH-38 wants this said"),
        ("call 509-557-0508.\"\nfr = \"L'arriv", "call us.\"\nfr = \"L'arriv", 'lacks "509-557-0508" (VSH-31)'),
        ('en = "Message frequency may vary."\nfr', 'en = "We write often."\nfr', 'lacks "frequency-varies"'),
        ("Message and data rates may apply. Agreeing", "Agreeing", 'lacks "message-and-data-rates"'),
        ("Reply STOP to end, HELP for help.\"\nfr", "Good.\"\nfr", "does not say what STOP"),
        ('Valley Smart Homes: An outage affects', "An outage affects", 'the sample does not name "Valley Smart Homes"'),
        ("We expect service to return by 3 PM", "Upgrade now and get 10% off", "the sample promotes something"),
        ('class = "outage"', 'class = "outages"', 'the program has no class "outages"'),
    ],
)  # fmt: skip
def test_vsh_24_and_vsh_31_a_pack_that_would_not_say_it_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    pack = _copied(tmp_path, old, new)
    assert any(told in one.message for one in check(pack)), [one.message for one in check(pack)]


def test_a_program_that_texts_shows_two_samples_or_is_refused(tmp_path: Path) -> None:
    text = (VALLEY / "organization.toml").read_text("utf-8")
    second = text.split("[[programs.account-service-notifications.opt_in.samples]]", 2)[2]
    pack = _copied(tmp_path, "[[programs.account-service-notifications.opt_in.samples]]" + second, "")
    assert [one.message for one in check(pack)] == [
        "a program that texts shows 2 sample texts or more, each with its class"
    ]


def _copied(folder: Path, old: str, new: str) -> Path:
    pack = shutil.copytree(VALLEY, folder / "valley-smart-homes")
    file = pack / "organization.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    assert check(POLICIES / "valley-smart-homes") == []
    return pack


@pytest.mark.parametrize(("kind", "left_out"), [("help", "Msg & data rates may apply."), ("start", "{{frequency}}")])
def test_vsh_24_a_reply_without_its_statement_is_never_given(kind: str, left_out: str) -> None:
    pack = organization("VSH")
    program = pack.programs[0]
    texts = {"en": program.replies[kind]["en"].replace(left_out, "")}
    bare = replace(program, replies={**program.replies, kind: texts})
    spoiled = replace(pack, programs=(bare, *pack.programs[1:]), sha256=kind.encode() * 8)
    book = compile_rulebook(spoiled, load_versions(VALLEY), load_law(POLICIES / "law"), NOW)
    with pytest.raises(StatementMissing):
        book.reply(kind)
    assert rulebook().reply(kind)
    assert book.reply("stop")
