"""docs/policy-packs.md: the pack it builds passes and is served, and every refusal it explains can happen."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent.cli import main
from consent.commands.policies import policies
from consent.policies.check import check
from consent.policies.organization import CHANNELS
from consent.policies.programs import BASES, FEATURE_FOOTINGS, FOOTINGS, RECEIPT, REPLIES
from consent.policies.questions import FACTS
from consent.policies.replies import PLACEHOLDERS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "policy-packs.md").read_text("utf-8")
BLOCKS = re.findall(
    r"(?m)^\*\*`policies/(brightwater/[^`]+)`\*\*(, at the end)?\n\n```\w*\n(.*?)^```$", PAGE, re.DOTALL | re.M
)
REFUSALS = re.findall(r"(?m)^\| `(.+?)` \| [^|]+\|$", PAGE.split("## What check refuses")[1].split("\n## ")[0])

ORGANIZATION = "organization.toml"
TEXT = "privacy-policy/2026-03-01/text.md"
COMMITMENTS = "privacy-policy/2026-03-01/commitments.toml"


def build(folder: Path, steps: int = len(BLOCKS)) -> Path:
    """The pack as a reader has it after so many blocks."""
    for name, at_the_end, body in BLOCKS[:steps]:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{file.read_text('utf-8')}\n{body}" if at_the_end else body, "utf-8")
    return folder / "brightwater"


def found(pack: Path) -> str:
    """What check says of it, a line each."""
    return "\n".join(f"{one.key}: {one.message}" for one in check(pack))


def test_the_pack_of_the_page_passes_after_each_of_its_two_stages(tmp_path: Path) -> None:
    assert [bool(at_the_end) for _, at_the_end, _ in BLOCKS] == [False] * 3 + [True] * 3
    assert found(build(tmp_path / "first", 3)) == ""
    assert found(build(tmp_path / "second")) == ""


def test_the_pack_of_the_page_is_served_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = build(tmp_path / "policies")
    monkeypatch.setenv("CONSENT_DATA_DIR", str(tmp_path / "data"))
    shown = ""
    for line in (
        "signing-keys create",
        "db upgrade",
        f"organizations add {pack}",
        "policies list --organization brightwater",
        "policies trace brightwater BWB-04",
    ):
        result = CliRunner().invoke(main, line.split())
        assert result.exit_code == 0, (line, result.output)
        shown += result.output
    promised = PAGE.split("### 5. Publish")[1].split("```")[1].splitlines()
    for line in promised:
        if line and not line.startswith("$"):
            assert line.rstrip("…") in shown, line


def mistake(old: str, new: str, file: str = COMMITMENTS) -> tuple[str, str, str]:
    return file, old, new


MORE = '\n[[commitment]]\nid = "BWB-{}"\nkind = "{}"\nmode = "enforce"\nverbs = ["BLOCK"]\nevidence = ["{}"]\n'
MORE += 'clause = {{ heading = "Texts", anchor = "If you ask for it" }}\n\n[commitment.parameters]\n{}\n'
LAST = 'kind = "marketing-ban"\nmode = "enforce"\nverbs = ["BLOCK", "REFUSE"]\nevidence = ["E-CFG", "E-SEND"]\n'
LAST += (
    'clause = { heading = "Texts", anchor = "never advertise by text" }\n\n[commitment.parameters]\nchannel = ["sms"]\n'
)
NEWSLETTER = 'footing = "opt-in"\n\n[programs.newsletter.receipt]'
BASIS = 'footing = "opt-in"\n\n[[programs.newsletter.bases]]\nchannel = "email"\njurisdiction = "US-OR"\n{}\n\n'
BASIS += "[programs.newsletter.receipt]"
WRITTEN = BLOCKS[2][2]
OPENED = WRITTEN[WRITTEN.index("[commitment.open]") : WRITTEN.index("[commitment.decided")]
PERIODS = WRITTEN[WRITTEN.index("[commitment.decided") : WRITTEN.index('[[commitment]]\nid = "BWB-05"')]
BY_MAIL = WRITTEN[WRITTEN.index('channel = ["email"]\nprogram') : WRITTEN.index('[[commitment]]\nid = "BWB-07"')]
EIGHT_YEARS = 'data = ["orders"]\nperiod = "P8Y"\nbound = "at-least"'
SORRY = "You will get no more texts" + 12 * " at all"

# what the page explains: how it comes about in the pack of the page
MISTAKES: dict[str, tuple[str, str, str]] = {
    "is not TOML": mistake('keyword = "HELP"', 'keyword = "HELP'),
    "is missing; it must be": mistake('footing = "required"\n', "", ORGANIZATION),
    "is not known here": mistake('channels = ["email"]', 'channels = ["e-mail"]', ORGANIZATION),
    "is not a kind of commitment": mistake('kind = "share-ban"', 'kind = "share-bann"'),
    "is not a parameter of kind": mistake('banned_purpose = "sale"', 'ban = "sale"'),
    "must be one word in quotes": mistake('purposes = ["delivery"]', 'purpose = ["delivery"]'),
    "must be a period such as P90D": mistake('for = "P7Y"', 'for = "7 years"'),
    "must be a commitment's id": mistake('id = "BWB-08"', 'id = "ban-on-sale"'),
    "is used twice": mistake('id = "BWB-08"', 'id = "BWB-07"'),
    "text.md has no heading": mistake('heading = "Contact"', 'heading = "Privacy Policy › Contact"'),
    "do not stand under the heading": mistake("never sell your data", "never rent your data"),
    "the wording does not carry the date": mistake("Month D, YYYY", "Month DD, YYYY"),
    "leaves no E-": mistake('evidence = ["E-SHARE", "E-CFG"]', 'evidence = ["E-SEND"]'),
    "there is no commitment": mistake('banned_purpose = "sale"', 'banned_purpose = "sale"\nexceptions = ["BWB-77"]'),
    "organization.toml knows no": mistake('program = "newsletter"', 'program = "news"'),
    "organization.toml gives another": mistake('phone = "503-555-0123"', 'phone = "503-555-0199"'),
    "the policy does not cover the service": mistake('surfaces = ["shop"]', 'surfaces = ["online-shop"]'),
    "must be decided, with value and reason": mistake(PERIODS, ""),
    "a value was decided, but nothing says what was open": mistake(OPENED, ""),
    'must also stand under "decided"': mistake(PERIODS, ""),
    "so nothing would ever ask it": mistake(
        'channel = ["email"]\nprogram = "newsletter"\nconsent = "opt-in-affirmative"', 'consent = "opt-in-affirmative"'
    ),
    "nothing says how long it stays": mistake('orders = { for = "P7Y", from = "fiscal-year-end" }\n', ""),
    "stands for none of the data_categories": mistake(
        LAST, LAST + MORE.format(14, "retention-limit", "E-CFG", 'data = ["order"]\nperiod = "P8Y"\nbound = "at-least"')
    ),
    "is declared nowhere as a class of data": mistake('orders = { for = "P7Y"', 'order = { for = "P7Y"'),
    "keeps it at least": mistake(
        LAST, LAST + MORE.format(14, "retention-limit", "E-CFG", EIGHT_YEARS)
    ),
    "bans promotion on": mistake('["pickup-ready"]', '["pickup-ready", "new-books"]', ORGANIZATION),
    "demands consent first": mistake(NEWSLETTER, NEWSLETTER.replace("opt-in", "opt-out"), ORGANIZATION),
    "it must be refusable": mistake(NEWSLETTER, NEWSLETTER.replace("opt-in", "required"), ORGANIZATION),
    "no commitment of kind consent-required speaks of": mistake(
        BY_MAIL, BY_MAIL.replace('"email"', '"post"', 1).replace("mechanism", 'consent = "opt-out"\nmechanism')
    ),
    "is not among the classes": mistake(
        LAST,
        LAST + MORE.format(14, "messaging-scope", "E-SEND", 'channel = ["email"]\nmessage_classes = ["pickup-ready"]'),
    ),
    "names the ways of reaching people": mistake(
        LAST, LAST + MORE.format(14, "messaging-scope", "E-SEND", 'channel = ["email"]')
    ),
    "which BWB-10 rules out": mistake(
        "keyword_opt_in = false", "keyword_opt_in = false\nopt_in_box = { pre_ticked = true }", ORGANIZATION
    ),
    "knows no basis": mistake(
        NEWSLETTER, BASIS.format('basis = "legitimate-interest"\nassessment = "Looked at."'), ORGANIZATION
    ),
    "needs its written assessment": mistake(NEWSLETTER, BASIS.format('basis = "legitimate-interest"'), ORGANIZATION),
    "the text takes": mistake("You will get no more texts", SORRY, ORGANIZATION),
    "outside the GSM alphabet": mistake("when you order, or call", "when you order – or call", ORGANIZATION),
    "there is no placeholder": mistake("or call {{phone}}. {{", "or call {{phon}}. {{", ORGANIZATION),
    "the text does not say": mistake("may apply. Reply STOP to end.", "may apply.", ORGANIZATION),
    "the text lacks": mistake(
        'keyword = "HELP"', 'keyword = "HELP"\ncontacts = ["orders@brightwater.example"]'
    ),
    "needs the answer": mistake("already = {", "# already = {", ORGANIZATION),
    "names the senders it uses": mistake('senders = ["shop"]', "senders = []", ORGANIZATION),
    "there is no policy": mistake(
        'date_format = "Month D, YYYY"', 'date_format = "Month D, YYYY"\ncompanion_documents = ["returns"]'
    ),
    "is allowed and banned": mistake('purposes = ["delivery"]', 'purposes = ["delivery"]\nbanned_purpose = "delivery"'),
    "which BWB-08 bans": mistake('banned_purpose = "sale"', 'banned_purpose = "delivery"'),
    "is not declared in this file": mistake(
        'records"\nwithdrawal_method = "Reply', 'record"\nwithdrawal_method = "Reply', ORGANIZATION
    ),
}  # fmt: skip
# Those that need two versions or a database have tests of their own.
ELSEWHERE = {"which is not later than", "was published and has changed since"}


def test_every_refusal_of_the_page_is_tried() -> None:
    assert set(REFUSALS) == set(MISTAKES) | ELSEWHERE


@pytest.mark.parametrize("says", MISTAKES)
def test_a_refusal_of_the_page_comes_about(tmp_path: Path, says: str) -> None:
    name, old, new = MISTAKES[says]
    file = build(tmp_path) / name
    whole = file.read_text("utf-8")
    assert old and old in whole
    file.write_text(whole.replace(old, new, 1), "utf-8")
    assert says in found(tmp_path / "brightwater")


def test_a_second_version_must_be_newer(tmp_path: Path) -> None:
    pack = build(tmp_path)
    first = (pack / TEXT).parent
    again = first.with_name("2026-09-01")
    again.mkdir()
    for one in first.iterdir():
        (again / one.name).write_text(one.read_text("utf-8"), "utf-8")
    assert "which is not later than" in found(pack)


@pytest.mark.parametrize("line", re.findall(r"(?m)^consent policies (\w+ [^\n]*?)(?:  .*)?$", PAGE))
def test_the_commands_of_the_page_exist(line: str) -> None:
    """Only their form is looked at: the folders are not there."""
    name, *given = re.sub(r"[\[\]]", "", line).split()
    made = policies.get_command(None, name)  # type: ignore[arg-type]
    assert made is not None
    options = {each for one in made.params for each in one.opts}
    assert {one for one in given if one.startswith("--")} <= options


def test_every_word_an_organization_may_use_is_on_the_page() -> None:
    for words in (CHANNELS, FOOTINGS, FEATURE_FOOTINGS, BASES, REPLIES, RECEIPT, FACTS):
        for one in words:
            assert one in PAGE, one
    assert all("{{" + one + "}}" in PAGE for one in PLACEHOLDERS)
