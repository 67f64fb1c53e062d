"""The drill: erase, opt out, back up, erase more, opt out more, destroy, restore."""

from uuid import UUID

from consent.privacy_requests.tasks import people, shredding
from tests.backup.conftest import Site
from tests.support import traces
from tests.support.systems import Systems
from tests.support.valley import consent_of

GONE_BEFORE, GONE_AFTER = "+15095550111", "+15095550112"
STOPPED_BEFORE, STOPPED_AFTER, NEW_AND_STOPPED = "+15095550121", "+15095550122", "+15095550123"
STAYS, UNSEALED = "+15095550131", "+15095550132"
CASE = UUID(int=9)


def erase(site: Site, systems: Systems, address: str) -> None:
    """Nothing of them is left here."""
    house = site.open()
    with house.db.read(site.tenant.id) as tx:
        person = people.of_contact(tx, house.keyring, site.tenant.id, UUID(systems.lookup(address)))
    assert person is not None
    shredding.erase_all(site.shredder(), person, CASE, site.time.now())


def systems_of(site: Site) -> Systems:
    """Valley's own systems at this house."""
    return Systems(site.app().test_client(), site.tenant)


def test_t_56_a_restore_brings_nobody_erased_back_loses_no_opt_out_and_the_log_says_what_it_lacks(
    site: Site,
) -> None:
    client = site.app().test_client()
    systems, twilio = Systems(client, site.tenant), site.tenant.gateway(client)
    for address in (GONE_BEFORE, GONE_AFTER, STOPPED_BEFORE, STOPPED_AFTER, STAYS):
        systems.consent(address=address)
    erase(site, systems, GONE_BEFORE)
    assert twilio.text("STOP", sender=STOPPED_BEFORE).status_code == 200
    site.seal()
    systems.consent(address=UNSEALED)  # it waits in the backup, and its log will never be signed again
    backup, keys = site.back_up()
    erase(site, systems, GONE_AFTER)
    systems.consent(address=NEW_AND_STOPPED)
    for address in (STOPPED_AFTER, NEW_AND_STOPPED):
        assert twilio.text("STOP", sender=address).status_code == 200
    site.seal()
    wanted = [traces.sought(site.open().keyring, site.tenant.id, {"sms": one}, ()) for one in (GONE_BEFORE, GONE_AFTER)]

    site.destroy()
    begun = site.begin(backup, keys)
    assert begun.exit_code == 0, begun.output
    client = site.app().test_client()
    late = site.tenant.gateway(client).text("STOP", sender=STAYS, sid="SM" + "f" * 32)
    assert late.status_code == 200  # kept for later
    answer = client.post("/api/v1/decisions", json={}, headers=site.tenant.headers)
    assert answer.status_code == 503 and "restored" in answer.get_json()["detail"]
    refused = client.post("/api/v1/consents", json=consent_of(address="+15095550134"), headers=site.tenant.headers)
    assert refused.status_code == 503 and "restored" in refused.get_json()["detail"]
    assert client.get(f"/{site.tenant.slug}/privacy").status_code == 200
    site.close()

    finished = site.finish()
    assert finished.exit_code == 0, finished.output
    assert "lacks what was published last" in finished.output
    assert "1 erased again, 2 refused again" in finished.output
    house, systems = site.open(), systems_of(site)
    for one in wanted:
        assert not {name for name in traces.find(house, site.tenant.id, one) if "contact_point" in name}
    for address in (STOPPED_BEFORE, STOPPED_AFTER, NEW_AND_STOPPED, STAYS):
        assert not systems.may(address=address), address
    verified = site.run("ledger", "verify")
    assert verified.exit_code == 0, verified.output
    assert site.finish().exit_code == 1  # there is none under way
    assert systems.may(address=UNSEALED)
    assert systems.consent(address="+15095550133")
