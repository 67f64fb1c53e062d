"""Versions follow one another at every organization: what binds an event, what notice is owed, what may not change."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from consent.cli import main
from consent.commands.serve import check_published
from consent.db import Tx
from consent.errors import SetupProblem
from consent.house import House
from consent.policies import queries
from consent.policies import service as policies
from consent.policies.changes import Misjudged
from consent.policies.packs import PolicyVersionPack, load_version, parse_version
from consent.policies.service import PublishRefused
from tests.conftest import Prepared
from tests.support.organizations import FIVE, POLICIES, SMARTT, VALET, VALLEY, VALTT, VOX, Five, consent_to
from tests.support.systems import Json, Systems
from tests.support.time import Time
from tests.support.valley import Tenant, settings


class Main(NamedTuple):
    """The main policy of an organization: where it lies, how its date is printed, and a figure to change."""

    policy: str
    version: str
    printed: str
    printed_next: str  # 1 December 2026 in the same style
    figure: tuple[str, str]
    consent: tuple[str, str, str]
    switch: str  # local midnight of 1 December 2026 in UTC


MAIL, PERSON = "ana@customer.example", "+15095550142"
DECEMBER = "2026-12-01"
MAINS = {
    VALLEY: Main(
        "privacy-policy", "2025-01-02", "January 02, 2025", "December 01, 2026",
        ('delete_within = "P5D"', 'delete_within = "P4D"'),
        ("account-service-notifications", "sms", PERSON), "2026-12-01T08:00:00Z",
    ),
    VALET: Main(
        "privacy-policy", "2022-06-29", "2022-06-29", DECEMBER,
        ('review_every = "P1Y"', 'review_every = "P6M"'),
        ("information-texts", "sms", PERSON), "2026-12-01T05:00:00Z",
    ),
    # VAL-24: a material change, thirty full days after 21 November in New York.
    VALTT: Main(
        "privacy-policy", "2020-07-21", "07-21-2020", "12-01-2026",
        ('government-id = { for = "P30D"', 'government-id = { for = "P29D"'),
        ("newsletter", "email", MAIL), "2026-12-22T05:00:00Z",
    ),
    VOX: Main(
        "privacy-policy", "2020-02-18", "18th Feb 2020", "1st Dec 2026",
        ('review_every = "P1Y"', 'review_every = "P6M"'),
        ("regulated-trackers", "web", "browser-1"), "2026-12-01T00:00:00Z",
    ),
    # SMT-35: what data is held for is told thirty days before, by the days of Vancouver.
    SMARTT: Main(
        "privacy-agreement", "2023-10-13", "October 13, 2023", "December 1, 2026",
        ('customer-content = { for = "P30D"', 'customer-content = { for = "P29D"'),
        ("newsletter", "email", MAIL), "2026-12-22T08:00:00Z",
    ),
}  # fmt: skip


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """What governs is looked up at every question; in service it is at hand for two seconds."""
    monkeypatch.setattr("consent.policies.governing.FRESH_FOR", -1.0)


def successor(slug: str, version: str = DECEMBER, *, material: bool | None = None, more: str = "") -> PolicyVersionPack:
    """The shipped version with a newer printed date and one other figure."""
    at = MAINS[slug]
    folder = POLICIES / slug / at.policy / at.version
    commitments = (folder / "commitments.toml").read_text("utf-8")
    old, new = at.figure
    assert old in commitments, old
    commitments = commitments.replace(old, new, 1)
    commitments = commitments.replace(f'last_updated = "{at.version}"', f'last_updated = "{DECEMBER}"')
    commitments = commitments.replace(at.printed, at.printed_next)
    if material is not None:
        said = f'[change]\nmaterial = {str(material).lower()}\nreason = "One figure changed."\n{more}\n'
        commitments = said + commitments
    text = (folder / "text.md").read_text("utf-8").replace(at.printed, at.printed_next)
    return parse_version(at.policy, version, text, commitments)


def publish(house: House, tenant: Tenant, pack: PolicyVersionPack, time: Time, effective: str | None = None) -> object:
    """The version is published now, to begin when its header says or at `effective`."""
    begins = datetime.fromisoformat(effective) if effective else None
    return house.db.write(
        lambda tx: policies.publish(tx, house.keyring, tenant.id, pack, time.now(), begins), tenant.id
    )


def give(systems: Systems, slug: str, occurred_at: str, address: str | None = None) -> str:
    """The version a consent of that instant is tied to."""
    program, channel, known = MAINS[slug].consent
    body = consent_to(program, channel, address or known, occurred_at=occurred_at)
    response = systems.post("consents", body)
    assert response.status_code == 201, response.get_data(as_text=True)
    answer: str = response.get_json()["policy_version"]
    return answer


@pytest.mark.parametrize("slug", FIVE)
def test_t46_a_late_event_is_bound_to_the_version_in_force_when_it_happened(
    house: House, five: Five, time: Time, slug: str
) -> None:
    at, systems = MAINS[slug], five[slug]
    publish(house, systems.tenant, successor(slug, material=True), time, at.switch)
    switch = datetime.fromisoformat(at.switch)
    assert give(systems, slug, "2026-11-21T16:30:00Z") == at.version  # announced, not begun (T-43)
    time.at = datetime(2026, 12, 23, 12, 0, tzinfo=UTC)
    a_second_before = (switch - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert give(systems, slug, a_second_before) == at.version
    assert give(systems, slug, at.switch) == DECEMBER


def test_t46_a_text_that_arrives_late_is_bound_by_the_instant_the_gateway_received_it(
    house: House, five: Five, time: Time
) -> None:
    """Twilio gives no time of its own: its message happens when it arrives."""
    systems = five[VALLEY]
    give(systems, VALLEY, "2026-11-20T18:15:00Z")
    publish(house, systems.tenant, successor(VALLEY), time)
    twilio = five.twilio(VALLEY)
    twilio.text("STOP")
    time.at = datetime(2026, 12, 1, 8, 0, 1, tzinfo=UTC)
    twilio.text("HELP")
    told = {event["type"]: event["data"]["policy_version"] for event in systems.history()}
    assert (told["consent.withdrawn"], told["message.received"]) == ("2025-01-02", DECEMBER)


def test_t46_a_yes_in_a_banner_of_an_earlier_version_is_asked_for_anew_and_a_no_counts(
    house: House, five: Five, time: Time
) -> None:
    systems = five[VALLEY]
    publish(house, systems.tenant, successor(VALLEY), time)
    sent = {
        "visitor": "9c1f4e7a-2b36-4d58-8a0e-5f7d13c2b694", "surface": "website", "policy_version": "2025-01-02",
        "choices": {"analytics": True}, "wording": {"text": "May we count visits?", "language": "en"},
    }  # fmt: skip

    def press(**more: object) -> Json:
        answer: Json = systems.post("trackers/choices", sent | more).get_json()
        return answer

    assert press()["choices"][0]["choice"] == "given"
    time.at = datetime(2026, 12, 1, 8, 0, 1, tzinfo=UTC)
    late = press()
    assert (late["choices"][0]["choice"], late["asked_anew"], late["entries"]) == ("none", ["analytics"], [])
    assert press(choices={"ad-measurement": False})["choices"][1]["choice"] == "refused"
    again = press(policy_version=DECEMBER)
    assert (again["choices"][0]["choice"], again["asked_anew"]) == ("given", [])


def test_t43_a_consent_between_announcement_and_effect_is_tied_to_the_old_text(
    house: House, five: Five, time: Time
) -> None:
    systems, at = five[VALTT], MAINS[VALTT]
    publish(house, systems.tenant, successor(VALTT, material=True), time, at.switch)
    time.at = datetime(2026, 12, 10, 12, 0, tzinfo=UTC)
    body = consent_to("newsletter", "email", MAIL, occurred_at="2026-12-10T11:00:00Z")
    assert systems.post("consents", body).get_json()["policy_version"] == at.version
    given = systems.history(MAIL, "email")[0]["data"]
    shipped = load_version(POLICIES / VALTT / at.policy / at.version)
    assert given["policy_version"] == at.version
    page = systems.client.get(f"/{VALTT}/privacy").get_data(as_text=True)
    assert shipped.text_sha256.hex() in page


def test_val_24_twenty_nine_days_are_refused_with_the_first_day_and_thirty_are_announced(
    house: House, five: Five, time: Time
) -> None:
    """21 November 2026 in New York; thirty full days end with 21 December."""
    tenant = five[VALTT].tenant
    pack = successor(VALTT, material=True)
    with pytest.raises(PublishRefused, match=r"VAL-24 .* 2026-12-22") as refused:
        publish(house, tenant, pack, time, "2026-12-21T05:00:00Z")
    assert refused.value.facts["first_possible"] == "2026-12-22T00:00:00-05:00"
    assert publish(house, tenant, pack, time, "2026-12-22T05:00:00Z") is not None
    assert five[VALTT].decide(**newsletter())["policy_version"] == "2020-07-21"


def newsletter() -> Json:
    return {"program": "newsletter", "message_class": "newsletter", "channel": "email", "address": MAIL}


def test_t43_an_announcement_that_is_replaced_starts_its_clock_anew(house: House, five: Five, time: Time) -> None:
    """Replaced on 1 December in New York: thirty full days end with 31 December."""
    tenant = five[VALTT].tenant
    publish(house, tenant, successor(VALTT, material=True), time, "2026-12-22T05:00:00Z")
    time.at = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    edited = successor(VALTT, "2026-12-02", material=True, more=f'replaces = "{DECEMBER}"')
    again = parse_version(
        edited.policy,
        edited.version,
        edited.text.replace("12-01-2026", "12-02-2026") + "\nOne more line.\n",
        edited.commitments_toml.replace("12-01-2026", "12-02-2026").replace(
            f'last_updated = "{DECEMBER}"', 'last_updated = "2026-12-02"'
        ),
    )
    with pytest.raises(PublishRefused, match="2027-01-01"):
        publish(house, tenant, again, time, "2026-12-22T05:00:00Z")
    publish(house, tenant, again, time, "2027-01-01T05:00:00Z")
    time.at = datetime(2026, 12, 23, 12, 0, tzinfo=UTC)
    assert five[VALTT].decide(**newsletter())["policy_version"] == "2020-07-21"
    time.at = datetime(2027, 1, 1, 5, 0, 1, tzinfo=UTC)
    assert five[VALTT].decide(**newsletter())["policy_version"] == "2026-12-02"


@pytest.mark.parametrize(("slug", "commitment"), [(VALTT, "VAL-23"), (VOX, "VOX-03"), (SMARTT, "SMT-36")])
def test_a_version_that_does_not_say_what_sort_of_change_it_is_is_refused(
    house: House, five: Five, time: Time, slug: str, commitment: str
) -> None:
    with pytest.raises(Misjudged, match=rf"{commitment} .*\[change\]"):
        publish(house, five[slug].tenant, successor(slug), time)


@pytest.mark.parametrize("slug", [VALLEY, VALET])
def test_where_no_policy_tells_changes_apart_a_newer_date_is_enough(
    house: House, five: Five, time: Time, slug: str
) -> None:
    assert publish(house, five[slug].tenant, successor(slug), time) is not None


def test_a_half_published_pack_cannot_exist(
    house: House, five: Five, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the version was written and before the commit: nothing is there."""
    tenant = five[VALLEY].tenant
    first = successor(VALLEY)

    def half(tx: Tx) -> None:
        policies.publish(tx, house.keyring, tenant.id, first, time.now())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.db.write(half, tenant.id)
    with house.db.read(tenant.id) as tx:
        assert [one.version for one in queries.published(tx, tenant.id)] == ["2025-01-02"]
    assert DECEMBER not in five[VALLEY].client.get(f"/{VALLEY}/privacy").get_data(as_text=True)
    assert publish(house, tenant, first, time) is not None


# ------------------------------------------------------------------------------------- what was published is frozen

Run = Callable[..., Result]


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the packs, where an operator may edit them."""
    return Path(shutil.copytree(POLICIES, tmp_path / "packs"))


@pytest.fixture
def run(house: House, packs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs `consent …` with the settings of the house and the copied packs."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", house.config.public_url)
    monkeypatch.setenv("CONSENT_POLICIES_DIR", str(packs))
    yield lambda *arguments: CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("name", ["text.md", "commitments.toml"])
def test_a_published_file_that_changed_on_disk_is_found_by_check_doctor_and_at_start(
    house: House, run: Run, packs: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    more = {"CONSENT_POLICIES_DIR": str(packs)}
    config = settings(house.config.data_dir, house.config.database_url, **more)
    check_published(config)
    assert capsys.readouterr().err == ""
    assert run("policies", "check", str(packs / VALLEY), "--published").exit_code == 0
    file = packs / VALLEY / "privacy-policy" / "2025-01-02" / name
    file.write_text(file.read_text("utf-8") + "\n# One more line\n", "utf-8")

    found = run("policies", "check", str(packs / VALLEY), "--published")
    assert found.exit_code == 1
    assert f"{name}:1:" in found.output and "was published and has changed since" in found.output
    looked = run("doctor")
    assert looked.exit_code == 1
    assert "bad   valley-smart-homes: privacy-policy 2025-01-02" in looked.output

    check_published(config)  # elsewhere than in production it is said, and service goes on
    said = capsys.readouterr().err
    assert said.count("Warning: ") == 1
    assert "valley-smart-homes, privacy-policy 2025-01-02" in said and "was changed" in said


def test_in_production_nothing_is_served_while_a_published_file_differs(
    house: House, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"CONSENT_POLICIES_DIR": str(packs)}
    config = settings(house.config.data_dir, house.config.database_url, **more)
    monkeypatch.setattr(type(config), "production", True)
    check_published(config)
    shutil.rmtree(packs / VALLEY / "privacy-policy" / "2025-01-02")
    check_published(config)  # files that are not here cannot differ: packs may live elsewhere
    (packs / VALLEY / "privacy-policy" / "2025-01-02").mkdir()
    with pytest.raises(SetupProblem, match="changed on disk"):
        check_published(config)
