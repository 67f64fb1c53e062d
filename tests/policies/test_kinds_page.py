"""The page of kinds is the registry: every parameter said, every example true."""

import re
import tomllib
from pathlib import Path

import pytest

from consent.policies.kinds import KINDS, Kind, sentence
from consent.policies.kinds.glossary import DECIDED, EVIDENCE, MODES, PARAMETERS, VERBS
from consent.policies.kinds.settling import conditions
from consent.policies.kinds_page import chosen, page, shipped
from consent.policies.version import EVIDENCE as KNOWN_EVIDENCE
from consent.policies.version import MODES as KNOWN_MODES
from consent.policies.version import VERBS as KNOWN_VERBS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = shipped()


def told(kind: Kind) -> list[str]:
    """What the page says must be settled."""
    return conditions(kind, [one.commitment.parameters for one in EXAMPLES.get(kind.name, [])])


def test_the_page_of_kinds_is_the_registry() -> None:
    assert (ROOT / "docs" / "kinds.md").read_text("utf-8") == page(), "make docs"


def test_every_name_in_a_commitment_is_explained_and_no_other() -> None:
    for says, named in (
        (PARAMETERS, lambda kind: {**kind.required, **kind.optional}),
        (DECIDED, lambda kind: kind.decides),
    ):
        used = {
            own if (own := f"{kind.name}.{name}") in says else name for kind in KINDS.values() for name in named(kind)
        }
        assert used == set(says)


def test_modes_verbs_and_evidence_are_explained() -> None:
    assert (tuple(MODES), tuple(VERBS), tuple(EVIDENCE)) == (KNOWN_MODES, KNOWN_VERBS, KNOWN_EVIDENCE)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_a_shape_names_it_takes(kind: Kind) -> None:
    for key, shape in {**kind.required, **kind.optional, **kind.decides}.items():
        assert shape.said.strip(), key
        assert "|" not in shape.said, key
        for one in shape.choices:
            assert shape(one) is None or shape([one]) is None, (key, one)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_example_of_a_kind_stands_alone_and_passes(kind: Kind) -> None:
    best = chosen(EXAMPLES[kind.name])
    (alone,) = tomllib.loads(best.toml)["commitment"]
    assert alone["id"] == best.commitment.id
    assert kind.problems(alone["parameters"]) == []
    assert kind.problems_decided(alone["parameters"], alone.get("decided", {})) == []
    assert f"*{sentence(best.commitment)}*" in page_of(kind.name)


def page_of(kind: str) -> str:
    """The part of the page about one kind."""
    return (ROOT / "docs" / "kinds.md").read_text("utf-8").split(f"\n### {kind}\n")[1].split("\n### ")[0]


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [
        ("request-frequency", ["`counted`", "`beyond`"]),
        ("contact-point", ["`email`, unless `email`, `phone`, `phone_toll_free` or `postal` says it"]),
        ("retention-limit", ["`periods`, where `period` is `unset`", "`stops_on`, where `trigger` is a list"]),
        ("breach-notice", ["`starts`, where `period` stands", "`holidays`, where `period_basis` is `business-day`"]),
        ("deletion-exception", ["`periods`, where `outcome` names `pending-backup-expiry`",
                                "`periods`, where `absolute` is `true`"]),
        ("marketing-ban", []),
    ],
)  # fmt: skip
def test_what_must_be_settled_is_told_with_its_occasion(kind: str, sentences: list[str]) -> None:
    assert told(KINDS[kind]) == sentences


def test_every_settled_value_that_is_wanted_has_a_shape() -> None:
    for kind in KINDS.values():
        for said in told(kind):
            assert re.match(r"`([a-z_]+)`", said)[1] in kind.decides, (kind.name, said)


def test_links_of_the_page_lead_somewhere() -> None:
    packs = (ROOT / "docs" / "policy-packs.md").read_text("utf-8")
    headings = {
        re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in re.findall(r"(?m)^#+ (.*)$", packs)
    }
    assert set(re.findall(r"policy-packs\.md#([a-z-]+)", page())) <= headings
