"""What came in is put on record: the spool is drained, files are worked off, gateways' lists are read."""

from consent import clock
from consent.gateways.sms.base import HttpSession
from consent.house import House
from consent.imports import jobs as import_jobs
from consent.sms import reconcile
from consent.timed.common import http, tenants
from consent.web.logs import log


def drain(house: House) -> None:
    """What waited in the local spool is on record, if the database is back."""
    spool = house.spooling.spool
    if not spool.waiting():
        return
    done = house.spooling.drain()
    if done.recorded and done.empty:
        for organization_id in tenants(house):
            house.db.write(
                lambda tx, org=organization_id: reconcile.soon(tx, org, clock.now()),  # type: ignore[misc]
                organization_id,
            )
    if done.recorded or done.dropped or done.aside:
        log.warning("spool_drained", recorded=done.recorded, dropped=done.dropped, aside=done.aside, empty=done.empty)


def work_off_imports(house: House) -> None:
    """Uploaded files are recorded row by row; imports being undone are undone."""
    for organization_id in tenants(house):
        for done in import_jobs.work_off(
            house.db, house.keyring, house.governing, house.config.data_dir, organization_id
        ):
            log.info("import_ended", organization=str(organization_id), id=str(done))


def reconcile_gateways(house: House) -> None:
    """What gateways have and we have not is on record; not while anything that arrived waits to be put there."""
    if house.spooling.spool.waiting():
        return
    reconciler = reconciler_of(house, http())
    for organization_id in tenants(house):
        for account in reconciler.due(organization_id, clock.now()):
            reconciler.look(organization_id, account)


def reconciler_of(house: House, http: HttpSession) -> reconcile.Reconciler:
    """Reads the lists of gateways over this session."""
    return reconcile.Reconciler(
        house.db, house.keyring, house.governing, house.spooling.intake, house.load_gateway, http
    )
