"""Packs spoiled at random: whatever check lets pass compiles, answers and can be shown, without an exception."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.policies.diff import compare
from consent.policies.examine import examine
from consent.policies.findings import BadPack
from consent.policies.kinds import sentence
from consent.policies.organization import OrganizationPack
from consent.policies.packs import load_law, parse_organization, parse_version
from consent.policies.questions import Facts, Question, Standing
from consent.policies.rulebook import compile_rulebook
from consent.policies.version import PolicyVersionPack
from consent.review.trace import trace
from tests.policies.house import NOW, POLICIES, valley

LAW = load_law(POLICIES / "law")
ORGANIZATION, (VERSION, *_), *_ = valley()
FILES = {"organization": ORGANIZATION.source, "commitments": VERSION.commitments_toml}
VALUES = sorted({found for text in FILES.values() for found in re.findall(r"(?m)^[a-z_]+ = (.+)$", text)})
ODD = ["true", "0", "-1", '""', "[]", "{}", "2026-01-01", "2026-01-01T00:00:00Z", '"P0D"', '"PT5H"', '["a"]', "nan"]
WHERE = {name: [at for at, line in enumerate(text.split("\n")) if " = " in line] for name, text in FILES.items()}


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, str]:
    """Both files, one line of one of them with another value or gone."""
    name = draw(st.sampled_from(sorted(FILES)))
    lines = FILES[name].split("\n")
    at = draw(st.sampled_from(WHERE[name]))
    value = draw(st.one_of(st.none(), st.sampled_from(VALUES), st.sampled_from(ODD)))
    key = lines[at].partition(" = ")[0]
    lines[at : at + 1] = [] if value is None else [f"{key} = {value}"]
    return FILES | {name: "\n".join(lines)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spoiled())
def test_what_check_lets_pass_answers_every_question(files: dict[str, str]) -> None:
    try:
        organization = parse_organization(files["organization"])
        version = parse_version(VERSION.policy, VERSION.version, VERSION.text, files["commitments"])
    except BadPack:
        return
    if examine(organization, "organization.toml", [(version, "commitments.toml")], LAW):
        return
    _ask_everything(organization, version)


def _ask_everything(organization: OrganizationPack, version: PolicyVersionPack) -> None:
    book = compile_rulebook(organization, [version], LAW, NOW)
    facts = (Facts(), Facts("ticket 7", "US-WA", True, NOW.date(), True, True, False))
    for program in organization.programs:
        assert book.receipt_facts(program.key)
        for one in organization.message_classes:
            for channel in program.channels:
                for known in facts:
                    question = Question(program.key, one.key, channel, NOW, facts=known)
                    assert book.may_contact(question, Standing(None, ())).reasons
        if "sms" in program.channels:
            assert all(book.reply(kind, program.key) for kind in ("stop", "help", "start", "already"))
    assert all(sentence(one) for one in version.commitments)
    assert trace(organization, [version], {}, {}).policies
    assert all(str(one) for one in compare(VERSION, version).commitments)
