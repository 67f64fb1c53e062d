"""`consent demo campaigns`: who is told of each change of the demo, against lists worked by hand, and nobody twice.

The lists name everybody of the seeds (`seeds/*.toml`) of whom something is on record, each with the reason. Whoever is
on record with a mailbox can be told by mail; to a number alone the page of the policy speaks. Addresses about which a
seed only asks (may this go to teen@buyer.example?) leave nothing on record.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent.cli import main
from consent.commands.demo import campaigns, campaigns_command
from consent.commands.demo import command as demo
from consent.commands.demo.standing import standing
from consent.config import Config
from consent.db import Sql
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import SetupProblem
from consent.house import House
from consent.ledger.bodies import Leaf, parse
from consent.notices import queries
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.resources import folder
from consent.subjects import service as subjects
from consent.timed import sending
from tests.support import valley as at_valley
from tests.support.organizations import VALLEY
from tests.support.time import Time
from tests.support.valley import Tenant as Valley

VERSION = "2027-03-01"
# By organization, who gets a mail: as which part, by which promise.
TOLD: dict[str, dict[str, tuple[str, str]]] = {
    # VAL-24: a material change goes to everybody with a mailbox, by mail that is owed (no opt-out reaches it).
    "valtt": {
        "maya@buyer.example": ("change", "VAL-24"),  # gets offers by mail
        "jules@buyer.example": ("change", "VAL-24"),  # left the newsletter: that says nothing about owed mail
        "remy@buyer.example": ("change", "VAL-24"),  # asked for deletion; it is decided, not carried out
        "sol@buyer.example": ("change", "VAL-24"),  # complained
    },
    # VOX-03: posted for all, by mail to every customer who has not refused policy e-mail (T-95).
    "voxvalley": {
        "iris@developer.example": ("change", "VOX-03"),  # gets promotions
        "pavel@developer.example": ("change", "VOX-03"),  # left the promotions; that is no refusal of policy e-mail
        "amina@developer.example": ("change", "VOX-03"),  # refused that her data is shared; the same
        "yusuf@developer.example": ("change", "VOX-03"),  # approved a use of call records
        "nadia@developer.example": ("change", "VOX-03"),  # made a request
        "tomas@developer.example": ("change", "VOX-03"),  # made a request
        "vera@developer.example": ("change", "VOX-03"),  # complained
        "parent@family.example": ("change", "VOX-03"),  # wrote about a child's account
    },
    # VSH-61: the date on the page, and nothing else; nobody gets a mail.
    "valley-smart-homes": {},
    # T-93: SMT-35 goes to everyone affected, opted out or not; SMT-37 to the opted-in alone.
    "smartt": {
        "hugo@client.example": ("new_purpose", "SMT-35"),  # data held for the newsletter; also opted in: one mail
        "wen@client.example": ("new_purpose", "SMT-35"),  # left the newsletter, and is affected all the same
        "clara@client.example": ("additional", "SMT-37"),  # not affected, but wanted one more mail
    },
}
# Who is left out, and why.
LEFT_OUT: dict[str, dict[str, tuple[str, str]]] = {
    "valtt": {
        "+12125550142": ("no-mailbox", "VAL-24"),  # said yes to texts, then STOP
        "+12125550143": ("no-mailbox", "VAL-24"),  # said yes to automated calls, then no
        "+12125550144": ("no-mailbox", "VAL-24"),  # texted HELP
        "+12125550151": ("no-mailbox", "VAL-24"),  # asked for deletion by letter
        "+12125550152": ("no-mailbox", "VAL-24"),  # reported a child's purchase by call
        "+12125550153": ("no-mailbox", "VAL-24"),  # asked by letter, and withdrew
    },
    "voxvalley": {"lena@developer.example": ("refused-policy-mail", "VOX-03")},  # T-95: refused policy e-mail
    "valley-smart-homes": {},
    "smartt": {
        "rolf@client.example": ("not-affected", "SMT-35"),  # T-93: left the further mail, and nothing else is held
        "agnes@client.example": ("not-affected", "SMT-35"),  # made requests; nothing was collected for the newsletter
        "director@client.example": ("not-affected", "SMT-35"),
        "louis@client.example": ("not-affected", "SMT-35"),
    },
}
AGAIN = {"valtt": 1, "voxvalley": 0, "valley-smart-homes": 0, "smartt": 1}  # seeds/campaigns: [[again]]
# Full days between the last notice and the day it holds, as promised (VAL-24, SMT-35); None where none is.
LEAD = {"valtt": 30, "voxvalley": None, "valley-smart-homes": None, "smartt": 30}
_ENTRIES = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id ORDER BY event_id")


@pytest.fixture
def made(database_url: str, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """A whole demo in a data folder of its own, on each database; its mails have gone."""
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    monkeypatch.setenv("CONSENT_DATA_DIR", str(data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", at_valley.PUBLIC_URL)
    config = at_valley.settings(data_dir, database_url)
    demo.prepare(config, time.now())
    house = House.open(config)
    try:
        sending.post(house)  # what waits since the making of the demo is no notice of a change
    finally:
        house.close()
    yield config


def test_t_93_t_95_each_change_is_told_to_the_people_of_the_lists_once_whatever_breaks_off_and_is_run_again(
    made: Config, time: Time
) -> None:
    before = mails(made)
    breaks_off(made, time.now(), after_days=3)
    assert sum((mails(made) - before).values()) == len(TOLD["valtt"]) + len(TOLD["voxvalley"])
    first = CliRunner().invoke(main, ["demo", "campaigns"])
    assert first.exit_code == 0, first.output
    sent = mails(made) - before
    assert sent == Counter(address for told in TOLD.values() for address in told)
    house = House.open(made)
    try:
        with house.db.read() as tx:
            tenants = {one.slug: one for one in organizations.every(tx)}
        for slug in TOLD:
            assert people(house, tenants[slug], "sent") == TOLD[slug], slug
            assert people(house, tenants[slug], "left_out") == LEFT_OUT[slug], slug
            assert people(house, tenants[slug], "listed", "waiting", "failed", "withheld", "bounced") == {}, slug
            proven_and_in_time(house, tenants[slug], clock_of(made))
        stood = {slug: entries(house, tenants[slug]) for slug in TOLD}
        assert "audience        nobody: the page is all that is promised" in first.output
        assert "put off, it begins on" in first.output  # a draft that waits moves the day on

        second = CliRunner().invoke(main, ["demo", "campaigns"])
        assert second.exit_code == 0, second.output
        assert mails(made) - before == sent
        assert {slug: entries(house, tenants[slug]) for slug in TOLD} == stood
        assert second.output.split("\n\n", 1)[1] == first.output.split("\n\n", 1)[1]  # the same end, nothing new
        assert second.output.split("\n\n", 1)[0].strip() == "Nothing was left to be told."
    finally:
        house.close()
    checked = CliRunner().invoke(main, ["ledger", "verify", "--json"])
    assert checked.exit_code == 0, checked.output


def breaks_off(config: Config, now: datetime, after_days: int) -> None:
    """A run that comes no further than this."""
    house = House.open(config)
    try:
        for day in islice(campaigns.run(house, campaigns.plans(folder("seeds") / "campaigns"), now), after_days + 1):
            (config.data_dir / campaigns_command.CLOCK).write_text(json.dumps({"at": day.now.isoformat()}))
    finally:
        house.close()


def proven_and_in_time(house: House, tenant: Tenant, now: datetime) -> None:
    """Each mail has its entry with its promise, nobody has two, and the change holds after the promised days."""
    stands = standing(house, tenant.id, *_version(house, tenant), now)
    promises = Counter(
        str(leaf.data["commitment"])
        for leaf in entries(house, tenant)
        if leaf.type == "notice.sent" and leaf.data.get("policy_version") == VERSION
    )
    assert promises == Counter(promise for _part, promise in TOLD[tenant.slug].values())
    assert (stands.in_force, stands.state, stands.again) == (True, "done", AGAIN[tenant.slug])
    assert (stands.told is None) == (not TOLD[tenant.slug]) and stands.begins is not None
    if (lead := LEAD[tenant.slug]) is not None:
        assert stands.told is not None
        last, first_day = (local_date(one, zone(tenant.zone)) for one in (stands.told[1], stands.begins))
        assert first_day == last + timedelta(days=lead + 1)  # full days: neither the one nor the other counts


def _version(house: House, tenant: Tenant) -> tuple[str, str]:
    with house.db.read(tenant.id) as tx:
        about = next(one.about for one in queries.every(tx, tenant.id) if one.about.endswith(VERSION))
    policy, version = about.removeprefix("version:").split("/")
    return policy, version


def people(house: House, tenant: Tenant, *states: str) -> dict[str, tuple[str, str]]:
    """By address: the part or the reason, and the promise, of those who stand so in the notice of the change."""
    with house.db.read(tenant.id) as tx:
        (campaign,) = (one for one in queries.every(tx, tenant.id) if one.about.endswith(VERSION))
        found = [one for state in states for one in queries.people(tx, tenant.id, campaign.id, state)]
        known = subjects.addresses(tx, house.keyring, tenant.id, [one.contact_point_id for one in found])
    return {known[one.contact_point_id]: (one.part or one.reason, one.promise) for one in found}


def mails(config: Config) -> Counter[str]:
    """How many mails each address got."""
    lines = (config.data_dir / "dev-mails.jsonl").read_text("utf-8").splitlines()
    return Counter(json.loads(line)["to"] for line in lines)


def entries(house: House, tenant: Tenant) -> list[Leaf]:
    """The ledger of the organization."""
    with house.db.read(tenant.id) as tx:
        return [parse(bytes(row[0])) for row in tx.all(_ENTRIES, {"organization_id": tenant.id})]


def clock_of(config: Config) -> datetime:
    """Where the clock of the demo stands."""
    return datetime.fromisoformat(json.loads((config.data_dir / campaigns_command.CLOCK).read_text())["at"])


def test_it_runs_in_the_folder_of_a_whole_demo_alone_and_says_so(
    house: House, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = house.config
    monkeypatch.setenv("CONSENT_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", config.public_url)

    def refused(notes: dict[str, object] | None) -> str:
        if notes is not None:
            (config.data_dir / campaigns_command.NOTES).write_text(json.dumps(notes))
        told = CliRunner().invoke(main, ["demo", "campaigns"])
        assert told.exit_code == 1 and not (config.data_dir / campaigns_command.CLOCK).exists()
        return told.output

    assert "in the data folder of a demo alone" in refused(None)
    assert "This demo is not whole" in refused({VALLEY: {"key": valley.key}})
    assert "is not that of the demo" in refused({VALLEY: {"key": "no key of this house", "counted": 1}})
    # Valley of the tests has an account at a provider: its texts would leave the machine.
    assert "a demo that writes to real people is none" in refused({VALLEY: {"key": valley.key, "counted": 1}})
    with pytest.raises(SetupProblem, match="for development"):
        campaigns_command.refuse_elsewhere(replace(config, environment="production"))
