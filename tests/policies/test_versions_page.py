"""docs/versions.md: its tables are those of the program, its dates are computed, its refusals happen."""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from consent.errors import ConsentError
from consent.policies import queries, rules, service
from consent.policies.diff import ASPECTS
from consent.policies.models import Status
from consent.policies.packs import PolicyVersionPack, load_version, parse_version
from tests.policies.house import NOW, ORGANIZATION, VALLEY, Office, valley

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "versions.md").read_text("utf-8")
REFUSALS = re.findall(r"(?m)^\| `(.+?)` \| [^|]+\|$", PAGE.split("## Refusals of publish")[1])
FIRST = load_version(VALLEY / "privacy-policy" / "2025-01-02")


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Office]:
    made = Office.build(tmp_path, database_url)
    yield made
    made.db.close()


def apply(office: Office) -> None:
    office.db.write(
        lambda tx: service.apply_organization(tx, office.keyring, ORGANIZATION, valley()[0], NOW), ORGANIZATION
    )


def publish(office: Office, pack: PolicyVersionPack, at: datetime | None = None) -> None:
    office.db.write(lambda tx: service.publish(tx, office.keyring, ORGANIZATION, pack, NOW, at), ORGANIZATION)


def version(day: str, printed: str, change: str = "", *spoils: tuple[str, str]) -> PolicyVersionPack:
    """The first version with another date, a table [change] and other words."""
    text = FIRST.text.replace("January 02, 2025", printed)
    toml = FIRST.commitments_toml.replace('"2025-01-02"', f'"{day}"').replace("January 02, 2025", printed)
    for old, new in spoils:
        assert old in toml
        toml = toml.replace(old, new)
    return parse_version("privacy-policy", day, text, f"{toml}\n{change}")


NOTICE = ('lead_time = "none"', 'lead_time = "P30D"')
TOLD = ('lead_time = "none"', 'lead_time = "none"\napplies_to = "any-change"')
SETTLED = (
    'lead_time = "none"\naudience = "public"',
    'lead_time = "none"\napplies_to = "any-change"\n\n[commitment.open]\nquestion = "What is material?"\n'
    'value = "What touches rights."\nreason = "They matter most."\n\n[commitment.decided]\nmaterial = ["rights"]',
)
SHORTER = ('deadline = "P10D"', 'deadline = "P9D"')


def test_the_table_of_sides_is_that_of_the_program() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| ([a-z, -]+) \|$", PAGE)
    assert {side: tuple(kinds.split(", ")) for side, kinds in rows} == ASPECTS


def test_the_states_of_the_page_are_those_of_the_program() -> None:
    rows = re.findall(r"(?m)^\| (?:a )?([a-z ]+) \| (?:its|it|a later)", PAGE)
    assert rows == [*(one.value.replace("_", " ") for one in Status), "withdrawn"]


@pytest.mark.parametrize(
    ("day", "notice", "first"), re.findall(r"(?m)^\| (20[\d-]+) \| `?(\w+)`? \| (20[\d-]+) \|$", PAGE)
)
def test_the_first_possible_day_is_computed_as_the_page_says(day: str, notice: str, first: str) -> None:
    promised = version("2025-01-02", "January 02, 2025", "", ('lead_time = "none"', f'lead_time = "{notice}"'))
    noon = datetime.fromisoformat(f"{day}T20:00:00+00:00")
    nature = rules.Nature(material=True, purposes=True)
    possible = rules.first_possible(promised.commitments, noon, "America/Los_Angeles", nature)
    expected = noon if notice == "none" else rules.midnight(datetime.fromisoformat(first).date(), "America/Los_Angeles")
    assert possible == expected
    assert possible.date().isoformat() == first


def test_the_blocks_of_the_page_can_be_read() -> None:
    blocks = re.findall(r"(?ms)^```toml\n(.*?)^```$", PAGE)
    changes = [version("2026-12-15", "December 15, 2026", one).change for one in blocks]
    assert [(one.material, one.replaces) for one in changes if one] == [(True, None), (True, "2026-12-01")]
    assert all(set(tomllib.loads(one)) == {"change"} for one in blocks)


def test_a_replaced_announcement_is_withdrawn_and_the_notice_starts_anew(office: Office) -> None:
    block = next(one for one in re.findall(r"(?ms)^```toml\n(.*?)^```$", PAGE) if "replaces" in one)
    apply(office)
    publish(office, version("2025-01-02", "January 02, 2025"))
    publish(office, version("2026-12-01", "December 01, 2026"))
    publish(office, version("2026-12-15", "December 15, 2026", block))
    with office.db.read(ORGANIZATION) as tx:
        assert [one.version for one in queries.published(tx, ORGANIZATION)] == ["2025-01-02", "2026-12-15"]
        assert [one.version for one in queries.withdrawn(tx, ORGANIZATION)] == ["2026-12-01"]


BEGUN = '[change]\nmaterial = true\nreason = "Mended."\nreplaces = "{}"'
MILD = '[change]\nmaterial = false\nreason = "Small."'
# how each refusal comes about: what is published first, and what is refused then
REFUSED: dict[str, tuple[PolicyVersionPack, PolicyVersionPack]] = {
    "may begin on 2026-12-22 at the earliest": (
        version("2025-01-02", "January 02, 2025", "", NOTICE), version("2026-12-01", "December 01, 2026"),
    ),
    "A changed wording carries a newer date": (FIRST, version("2024-12-01", "December 01, 2024")),
    "changed since": (FIRST, version("2025-01-02", "January 02, 2025", "# a remark")),
    "tells material changes from others": (
        version("2025-01-02", "January 02, 2025", "", TOLD), version("2026-12-01", "December 01, 2026", "", TOLD),
    ),
    "is called not material, but it touches": (
        version("2025-01-02", "January 02, 2025", "", SETTLED),
        version("2026-12-01", "December 01, 2026", MILD, SETTLED, SHORTER),
    ),
    "which is not published": (FIRST, version("2026-12-01", "December 01, 2026", BEGUN.format("2026-06-01"))),
    "which has begun": (FIRST, version("2026-12-01", "December 01, 2026", BEGUN.format("2025-01-02"))),
}  # fmt: skip


def test_every_refusal_of_the_page_is_tried() -> None:
    assert set(REFUSALS) == {*REFUSED, "Apply the organization's settings first"}


@pytest.mark.parametrize("says", REFUSED)
def test_a_refusal_of_the_page_comes_about(office: Office, says: str) -> None:
    before, after = REFUSED[says]
    apply(office)
    publish(office, before)
    with pytest.raises(ConsentError) as refused:
        publish(office, after)
    assert says in str(refused.value)


def test_nothing_is_published_before_the_settings(office: Office) -> None:
    with pytest.raises(ConsentError, match="Apply the organization's settings first"):
        publish(office, FIRST)
