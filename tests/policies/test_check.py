"""Mistakes in a pack: each is found with its file, its line, its key and a sentence that says what to do."""

from collections.abc import Iterable
from dataclasses import replace as changed
from pathlib import Path

import pytest

from consent.policies.check import check
from consent.policies.findings import Finding
from consent.policies.kinds import KINDS
from tests.policies.house import POLICIES, TEXTS, copy_of_valley, replace

COMMITMENTS = "privacy-policy/2025-01-02/commitments.toml"
ORGANIZATION = "organization.toml"

# what is spoiled: file, old text, new text; what is found: key, words of the message, lines below the spoiled one
MISTAKES: dict[str, tuple[str, str, str, str, str]] = {
    "an unknown kind": (
        COMMITMENTS, 'kind = "marketing-ban"', 'kind = "marketing-bann"',
        "commitment.kind", '"marketing-bann" is not a kind of commitment; did you mean "marketing-ban"?',
    ),
    "a parameter of the wrong type": (
        COMMITMENTS, "min_age = 13", 'min_age = "13"',
        "commitment.parameters.min_age", 'VSH-60: "min_age" must be a whole number',
    ),
    "a parameter out of its words": (
        COMMITMENTS, 'purpose = "marketing"\nmechanism', 'purpose = "marketting"\nmechanism',
        "commitment.parameters.purpose", 'did you mean "marketing"?',
    ),
    "a misspelt parameter": (
        COMMITMENTS, "override_by_consent = false", "overide_by_consent = false",
        "commitment.parameters.overide_by_consent", 'did you mean "override_by_consent"?',
    ),
    "a missing parameter": (
        COMMITMENTS, 'keyword = "HELP"\n', "",
        "commitment.parameters.keyword", 'VSH-27: "keyword" is missing',
    ),
    "a period that is none": (
        COMMITMENTS, 'deadline = "P10D"', 'deadline = "10 days"',
        "commitment.decided.deadline", "must be a period such as P90D",
    ),
    "a clause that is not in the text": (
        COMMITMENTS, 'anchor = "by replying STOP"', 'anchor = "by replying HALT"',
        "commitment.clause.anchor", 'VSH-25: the words "by replying HALT" do not stand under',
    ),
    "a heading that is not in the text": (
        COMMITMENTS, 'heading = "Contact Us"', 'heading = "Contact"',
        "commitment.clause.heading", 'text.md has no heading "Contact"',
    ),
    "an open point without a reason": (
        COMMITMENTS, 'reason = "Nothing but links has to be sent."\n', "",
        "commitment.open.reason", '"reason" is missing',
    ),
    "an open point with an empty value": (
        COMMITMENTS, 'value = "10 calendar days."', 'value = " "',
        "commitment.open.value", '"value" is empty',
    ),
    "a promise without a number that nobody settled": (
        COMMITMENTS, 'delete_within = "P5D"', "",
        "commitment.decided.delete_within", "VSH-60: \"delete_within\" is open in the wording and must be decided",
    ),
    "a commitment that nothing would ask": (
        COMMITMENTS, 'feature = "call-recording"\n', "",
        "commitment.parameters", "VSH-48: it names neither a channel nor a feature, so nothing would ever ask it",
    ),
    "an id used twice": (
        COMMITMENTS, 'id = "VSH-63"', 'id = "VSH-62"',
        "commitment.id", '"VSH-62" is used twice',
    ),
    "evidence that the kind does not leave": (
        COMMITMENTS, 'evidence = ["E-VER"]', 'evidence = ["E-BREACH"]',
        "commitment.evidence", 'the kind "policy-metadata" leaves no E-BREACH',
    ),
    "an unknown verb": (
        COMMITMENTS, 'verbs = ["BLOCK", "RECORD"]', 'verbs = ["BLOK", "RECORD"]',
        "commitment.verbs", 'did you mean "BLOCK"?',
    ),
    "a reference to no commitment": (
        COMMITMENTS, 'gate = "VSH-07"', 'gate = "VSH-70"',
        "commitment.parameters.gate", "VSH-12: there is no commitment VSH-70",
    ),
    "a date that the wording does not carry": (
        COMMITMENTS, 'last_updated = "2025-01-02"', 'last_updated = "2025-02-01"',
        "commitment.parameters.last_updated", 'the wording does not carry the date "February 01, 2025"',
    ),
    "a class that organization.toml does not know": (
        COMMITMENTS, '  "appointment-reminder",\n', '  "apointment-reminder",\n',
        "commitment.parameters.message_classes", 'did you mean "appointment-reminder"?',
    ),
    "a recipient that organization.toml does not know": (
        COMMITMENTS, 'recipients = ["third-parties", "affiliates"]', 'recipients = ["third-parties", "afiliates"]',
        "commitment.parameters.recipients", 'did you mean "affiliates"?',
    ),
    "a scope that allows what a ban forbids": (
        COMMITMENTS, '  "service-communication",\n', '  "service-communication",\n  "promotion",\n',
        "commitment.parameters.message_classes", 'VSH-18 allows "promotion" on sms, but VSH-26 bans promotion there',
    ),
    "proof that is thrown away before the law allows": (
        COMMITMENTS, 'consent-records = { for = "P5Y"', 'consent-records = { for = "P24M"',
        "commitment.decided.periods.consent-records", "US-TCPA-SOL keeps it at least P4Y",
    ),
    "a program with promotion on a channel that bans it": (
        ORGANIZATION, '  "service-communication",\n]', '  "service-communication",\n  "promotion",\n]',
        f"programs.{TEXTS}.message_classes", '"promotion" is promotion, and VSH-26 bans promotion on sms',
    ),
    "a footing softer than the promise": (
        ORGANIZATION, 'footing = "opt-in"', 'footing = "opt-out"',
        f"programs.{TEXTS}.footing", "VSH-17 demands consent first on sms",
    ),
    "an unknown footing": (
        ORGANIZATION, 'footing = "opt-in"', 'footing = "optin"',
        f"programs.{TEXTS}.footing", 'did you mean "opt-in"?',
    ),
    "an opt-in program that no commitment speaks of": (
        ORGANIZATION, 'message_classes = ["promotion"]\nfooting = "opt-out"',
        'message_classes = ["promotion"]\nfooting = "opt-in"',
        "programs.marketing-email.footing", "no commitment of kind consent-required speaks of email",
    ),
    "promotion that cannot be refused": (
        ORGANIZATION, 'message_classes = ["promotion"]\nfooting = "opt-out"',
        'message_classes = ["promotion"]\nfooting = "required"',
        "programs.marketing-email.footing", 'a program with promotion cannot be "required"',
    ),
    "an unknown sender": (
        ORGANIZATION, 'senders = ["main"]', 'senders = ["mian"]',
        f"programs.{TEXTS}.senders", 'did you mean "main"?',
    ),
    "a service the policy does not cover": (
        ORGANIZATION, 'service = "sms-mms"\nchannels', 'service = "sms"\nchannels',
        f"programs.{TEXTS}.service", 'the policy does not cover the service "sms"',
    ),
    "an unknown key": (
        ORGANIZATION, "keyword_opt_in = false", "keyword_optin = false",
        f"programs.{TEXTS}.keyword_optin", 'did you mean "keyword_opt_in"?',
    ),
    "a zone that is none": (
        ORGANIZATION, 'zone = "America/Los_Angeles"', 'zone = "Pacific Time"',
        "zone", '"Pacific Time" is not a time zone',
    ),
    "a language the organization does not speak": (
        ORGANIZATION, '[programs.account-service-notifications.frequency]\nen =',
        '[programs.account-service-notifications.frequency]\nde =',
        f"programs.{TEXTS}.frequency", "texts are needed in exactly these languages: en",
    ),
    "a placeholder that is none": (
        ORGANIZATION, "For help write to {{email}}", "For help write to {{mail}}",
        f"programs.{TEXTS}.replies.help.en", 'did you mean "email"?',
    ),
    "a confirmation of stop that is too long": (
        ORGANIZATION, "Reply START to rejoin or HELP for help.",
        "Reply START to rejoin or HELP for help. " + "We are sorry. " * 5,
        f"programs.{TEXTS}.replies.stop.en", "160 is the most here",
    ),
    "a character that makes texts longer": (
        ORGANIZATION, "{{organization}}: You are signed up again", "{{organization}} – You are signed up again",
        f"programs.{TEXTS}.replies.start.en", "outside the GSM alphabet",
    ),
    "an answer that does not say STOP": (
        ORGANIZATION, "Reply STOP to end texts.", "Goodbye.",
        f"programs.{TEXTS}.replies.help.en", "the text does not say what STOP does",
    ),
    "a basis without a jurisdiction": (
        ORGANIZATION, "# Off until the operator writes here why such calls are permitted: legal_basis = \"…\"",
        '[[programs.marketing-calls.bases]]\nchannel = "voice"\nbasis = "consent"',
        "programs.marketing-calls.bases.jurisdiction", '"jurisdiction" is missing',
    ),
    "a basis for everywhere": (
        ORGANIZATION, "# Off until the operator writes here why such calls are permitted: legal_basis = \"…\"",
        '[[programs.marketing-calls.bases]]\nchannel = "voice"\njurisdiction = "*"\nbasis = "consent"',
        "programs.marketing-calls.bases.jurisdiction", '"*" holds nowhere in particular',
    ),
    "a legitimate interest that nobody weighed": (
        ORGANIZATION, "# Off until the operator writes here why such calls are permitted: legal_basis = \"…\"",
        '[[programs.marketing-calls.bases]]\nchannel = "voice"\njurisdiction = "US"\nbasis = "legitimate-interest"',
        "programs.marketing-calls.bases.assessment", "needs its written assessment",
    ),
    "a fact that no rule knows": (
        ORGANIZATION, '[message_classes.price-quote]\n', '[message_classes.price-quote]\nrequires = ["referense"]\n',
        "message_classes.price-quote.requires", 'did you mean "reference"?',
    ),
    "an order of work by who complained": (
        ORGANIZATION, 'footing = "opt-out"', 'footing = "opt-out"\nqueue_after_complaint = true',
        "programs.marketing-email.queue_after_complaint", "is not known here",
    ),
    "a document that is agreed to and does not exist": (
        ORGANIZATION, 'footing = "on-request"', 'footing = "on-request"\ncompanion = "voicemail-terms"',
        "features.voicemail.companion", 'there is no policy "voicemail-terms" beside this one',
    ),
    "a feature that organization.toml does not know": (
        COMMITMENTS, 'feature = "voicemail"', 'feature = "voicemale"',
        "commitment.parameters.feature", 'did you mean "voicemail"?',
    ),
    "a limit by who used a right": (
        COMMITMENTS, 'finished_within = "P2D"', 'finished_within = "P2D"\npriority = "opted-out"',
        "commitment.decided.priority", "people by whether they used a right",
    ),
    "an opt-in box that is bundled where no clause speaks of it": (
        ORGANIZATION, 'message_classes = ["promotion"]\nfooting = "opt-out"',
        'message_classes = ["promotion"]\nfooting = "opt-out"\nopt_in_box = { bundled = true }',
        "programs.marketing-email.opt_in_box.bundled", "the opt-in box is bundled",
    ),
    "not TOML at all": (
        ORGANIZATION, 'name = "Valley Smart Homes"', "name = Valley Smart Homes",
        "-", "This is not TOML",
    ),
}  # fmt: skip


def found_in(tmp_path: Path, file: str, old: str, new: str) -> tuple[list[Finding], Path, int]:
    pack = copy_of_valley(tmp_path)
    line = replace(pack / file, old, new)
    return check(pack), pack / file, line


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_with_file_key_and_sentence(tmp_path: Path, mistake: str) -> None:
    file, old, new, key, message = MISTAKES[mistake]
    findings, where, _ = found_in(tmp_path, file, old, new)
    hits = [one for one in findings if one.key == key and message in one.message]
    assert hits, "\n".join(map(str, findings)) or "nothing was found"
    assert hits[0].file == str(where)


@pytest.mark.parametrize(
    "mistake",
    ["an unknown kind", "a parameter of the wrong type", "a misspelt parameter", "a period that is none",
     "an unknown verb", "a date that the wording does not carry", "a footing softer than the promise",
     "an unknown sender", "an unknown key", "a zone that is none", "a placeholder that is none", "not TOML at all",
     "an id used twice"],
)  # fmt: skip
def test_the_line_is_the_line_of_the_mistake(tmp_path: Path, mistake: str) -> None:
    file, old, new, key, message = MISTAKES[mistake]
    findings, _, line = found_in(tmp_path, file, old, new)
    assert [one.line for one in findings if one.key == key and message in one.message] == [line]


def test_the_shipped_packs_and_law_hold_no_mistake() -> None:
    assert check(POLICIES) == []


def test_a_single_version_can_be_checked() -> None:
    assert check(POLICIES / "valley-smart-homes" / "privacy-policy" / "2025-01-02") == []


def test_a_version_that_is_not_newer_than_the_one_before_is_found(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    first = pack / "privacy-policy" / "2025-01-02"
    second = pack / "privacy-policy" / "2025-06-01"
    second.mkdir()
    (second / "commitments.toml").write_text((first / "commitments.toml").read_text("utf-8"), "utf-8")
    (second / "text.md").write_text((first / "text.md").read_text("utf-8") + "\nMore.\n", "utf-8")
    (only,) = check(pack)
    assert 'version "2025-06-01" is dated 2025-01-02, which is not later' in only.message
    assert only.file == str(second / "commitments.toml")


def test_a_published_text_that_changed_is_found(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    known = {("valley-smart-homes", "privacy-policy", "2025-01-02"): (b"\0" * 32, b"\0" * 32)}
    found = check(pack, known)
    assert [one.file.rpartition("/")[2] for one in found] == ["commitments.toml", "text.md"]
    assert all("has changed since" in one.message for one in found)


def test_an_answer_to_help_without_the_urgent_number_is_found(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / ORGANIZATION, "write to {{email}} or call {{phone}}. {{frequency}} Msg & data rates may apply. "
            "Delivery is not guaranteed: if it is urgent, call {{urgent_phone}}. Reply STOP to end texts.",
            "write to {{email}}. Reply STOP to end texts.")  # fmt: skip
    lacking = {one.message for one in check(pack) if one.key.endswith("help.en")}
    assert lacking == {
        'the text lacks "frequency-varies", which VSH-24 demands here',
        'the text lacks "message-and-data-rates", which VSH-24 demands here',
        'the text lacks "509-557-0508", which VSH-27 demands here',
        'the text lacks "509-557-0508", which VSH-31 demands here',
    }


def test_a_missing_text_and_an_empty_folder_are_said_plainly(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    (pack / "privacy-policy" / "2025-01-02" / "text.md").unlink()
    assert [one.message for one in check(pack)] == ["The file is missing"]
    (tmp_path / "empty").mkdir()
    assert "neither an organization.toml nor" in check(tmp_path / "empty")[0].message


def test_a_pack_without_any_version_is_found(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    (pack / COMMITMENTS).unlink()
    assert "there is no policy version" in check(pack)[0].message


def test_a_commitment_whose_kind_has_no_door_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "cookie", changed(KINDS["cookie"], doors=(), planned=()))
    messages = [one.message for one in check(copy_of_valley(tmp_path))]
    assert messages == ['VSH-36: nothing enforces the kind "cookie"']


def without_statements(findings: Iterable[Finding]) -> list[Finding]:
    """Without those about statements for laws that this collection leaves out."""
    return [one for one in findings if not one.key.startswith("statements.US-")]


def test_a_collection_with_its_own_law_is_held_to_that_law(tmp_path: Path) -> None:
    copy_of_valley(tmp_path)
    (tmp_path / "law").mkdir()
    text = (POLICIES / "law" / "us-tcpa.toml").read_text("utf-8")
    file = tmp_path / "law" / "us-tcpa.toml"
    file.write_text(text.replace('period = "P4Y"', 'period = "P6Y"'), "utf-8")
    (only,) = without_statements(check(tmp_path))
    assert "US-TCPA-SOL keeps it at least P6Y" in only.message


def test_a_law_that_cannot_be_read_is_a_finding_and_not_a_crash(tmp_path: Path) -> None:
    copy_of_valley(tmp_path)
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "us.toml").write_text("regime = \n", "utf-8")
    found = without_statements(check(tmp_path))
    assert [one.file for one in found] == [str((tmp_path / "law" / "us.toml").resolve())]


def test_a_value_of_the_wrong_form_is_a_finding_whatever_else_is_checked_against_it(tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / COMMITMENTS, 'mobile-number = { for = "P5Y", from = "enrollment-end" }', "mobile-number = 1")
    (only,) = {one.message for one in check(pack) if "must be a table" in one.message}
    assert "mobile-number" in only


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('retention_of = "account-contact"', 'retention_of = ["account-contact"]', "retention_of"),
        ('storage_locations = ["US"]', "storage_locations = [1]", "storage_locations"),
        ('storage_locations = ["US"]', 'storage_locations = "US"', "storage_locations"),
        ('lawful_basis = "dpv:Contract"', "lawful_basis = 2025-01-02", "lawful_basis"),
        ("optional = false, sensitive = false", "optional = 2025-01-02, sensitive = false", "optional"),
        ("optional = false, sensitive = false", "optional = false, colour = false", "colour"),
    ],
)
def test_what_a_receipt_could_not_say_is_found(tmp_path: Path, old: str, new: str, key: str) -> None:
    """It would be signed for a person months later."""
    pack = copy_of_valley(tmp_path)
    file = pack / "organization.toml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert {one.key.rpartition(".")[2] for one in check(pack)} == {key}


def test_an_answer_with_no_words_in_any_language_is_found(tmp_path: Path) -> None:
    """The table is there, so nothing seems to be missing; a STOP would have no confirmation."""
    pack = copy_of_valley(tmp_path)
    replace(pack / ORGANIZATION, 'replies.stop]\nen = "', 'replies.stop]\n# "')
    (only,) = check(pack)
    assert (only.key.rpartition(".")[2], only.message) == ("stop", "texts are needed in exactly these languages: en")


@pytest.mark.parametrize("place", ["UK", "USA", "us-wa", "Washington", "US-WX", "US-WA-", "EU-"])
def test_a_place_that_does_not_exist_is_found_since_no_law_would_bind_there(tmp_path: Path, place: str) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / ORGANIZATION, 'jurisdictions = ["US-WA"]', f'jurisdictions = ["{place}"]')
    assert ("jurisdictions", f'there is no place "{place}"; ISO 3166-2 writes GB, US-WA or CA-BC') in [
        (one.key, one.message) for one in check(pack)
    ]


def test_a_law_of_no_place_is_found(tmp_path: Path) -> None:
    text = (POLICIES / "law" / "us-tcpa.toml").read_text("utf-8")
    (tmp_path / "us-tcpa.toml").write_text(
        text.replace('jurisdictions = ["US"]', 'jurisdictions = ["USA"]', 1), "utf-8"
    )
    (only,) = check(tmp_path)
    assert (only.key, 'there is no place "USA"' in only.message) == ("rule.jurisdictions", True)
