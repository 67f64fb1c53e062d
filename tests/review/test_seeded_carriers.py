"""The carriers of the demo have a history: a notice whose wait is over, approvals, a closed failure, a certificate."""

from datetime import datetime

import pytest

from consent.carrier import approvals, queries, rules, year
from consent.commands.demo import command as demo
from consent.config import Config
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.house import House
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.rulebook import Rulebook
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.time import Time

OWN, OTHERS = "cpni-for-own-communications-services", "cpni-for-third-parties-and-other-services"
# Who may be offered something because of their call records today, worked out by hand from the seeds.
MAY: dict[str, dict[tuple[str, str], tuple[str, str]]] = {
    "valley-smart-homes": {
        ("petra@customer.example", OWN): ("allow", "silence-counts"),  # a mail 42 days ago, and no word since
        ("ruth@customer.example", OWN): ("deny", "feature-refused"),  # said no two days before the notice
        ("simon@customer.example", OWN): ("allow", "feature-allowed"),  # said yes
        ("simon@customer.example", OTHERS): ("deny", "feature-withdrawn"),  # said yes, and took it back
        ("tilda@customer.example", OTHERS): ("allow", "feature-allowed"),  # said yes last year
        ("ursula@customer.example", OWN): ("deny", "feature-refused"),  # said no last year
        ("petra@customer.example", OTHERS): ("deny", "feature-off"),  # silence never gives that
    },
    "voxvalley": {
        ("iris@developer.example", OWN): ("allow", "silence-counts"),
        ("amina@developer.example", OWN): ("deny", "feature-refused"),
        ("pavel@developer.example", OTHERS): ("allow", "feature-allowed"),
        ("yusuf@developer.example", OWN): ("allow", "feature-allowed"),
    },
}


def test_the_carriers_of_the_demo_have_a_year_behind_them_and_the_others_nothing(
    config: Config,
    time: Time,
) -> None:
    demo.prepare(config, time.now())
    house, now = House.open(config), time.now()
    try:
        with house.db.read() as tx:
            tenants = organizations.every(tx)
        for tenant in tenants:
            rulebook = house.governing.now(tenant.id, now).rulebook
            if tenant.slug in MAY:
                answers_are(house, tenant, rulebook, now)
                registers_are(house, tenant, rulebook, now)
            else:
                assert not rulebook.carrier.on
                with house.db.read(tenant.id) as tx:
                    assert (
                        queries.rounds(tx, tenant.id) == [] == queries.in_state(tx, house.keyring, tenant.id, "closed")
                    )
    finally:
        house.close()


def answers_are(house: House, tenant: Tenant, rulebook: Rulebook, now: datetime) -> None:
    """Each use of each person's call records is answered as the list says."""
    found = {}
    for address, use in MAY[tenant.slug]:
        tagged = subjects.tagged(house.keyring, tenant.id, canonical("email", address))
        with house.db.read(tenant.id) as tx:
            said = approvals.may_use(tx, tenant.id, rulebook, use, "email", tagged.tag64, now).verdict
        found[address, use] = (said.answer, said.reasons[0].code)
    assert found == MAY[tenant.slug]


def registers_are(house: House, tenant: Tenant, rulebook: Rulebook, now: datetime) -> None:
    """A failure was closed in time, accounts were changed, and the worksheet of last year is whole."""
    today = local_date(now, zone(rulebook.organization.zone))
    with house.db.read(tenant.id) as tx:
        closed = queries.in_state(tx, house.keyring, tenant.id, "closed")
        last = year.gather(tx, house.keyring, tenant.id, rulebook, today.year - 1, today)
        this = year.gather(tx, house.keyring, tenant.id, rulebook, today.year, today)
    (failure,) = (one for one in closed if one.kind == rules.FAILURE)
    assert failure.due_on is not None and failure.closed_on is not None and failure.works_again_on is not None
    assert failure.closed_on <= failure.due_on and not rules.lacks(
        rules.letter(rulebook.carrier, rulebook.organization, failure.words)
    )
    assert last.missing == () and last.filed is not None and last.filed.closed_on is not None and last.due is not None
    assert last.filed.closed_on <= last.due.day
    assert sum(sum(one.values()) for one in last.approvals.values()) >= 1
    assert sum(this.changes.values()) >= 1 and [one.use for one in this.rounds] == [OWN]


@pytest.mark.parametrize("day", ["2027-01-10", "2028-02-29"])
def test_a_demo_begun_after_the_turn_of_a_year_is_made_as_on_any_other_day_and_files_nothing_ahead_of_its_day(
    config: Config,
    time: Time,
    day: str,
) -> None:
    time.at = datetime.fromisoformat(f"{day}T18:00:00+00:00")
    demo.prepare(config, time.now())
    house = House.open(config)
    try:
        with house.db.read() as tx:
            tenant = organizations.find(tx, "voxvalley")
        with house.db.read(tenant.id) as tx:
            found = queries.about(tx, house.keyring, tenant.id, f"certificate:{int(day[:4]) - 1}")
        assert found is not None and found.closed_on is not None
        assert found.closed_on.isoformat() == min(day, f"{day[:4]}-02-25")
    finally:
        house.close()
