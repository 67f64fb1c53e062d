"""What the timed jobs share: who they are, whom they serve, and a session of HTTP for each thread."""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterable

from consent.gateways.sms import calls
from consent.gateways.sms.base import HttpSession
from consent.house import House
from consent.organizations import service as organizations
from consent.web.logs import log, traced

ME = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
_local = threading.local()


def tenants(house: House) -> list[uuid.UUID]:
    """Every organization."""
    with house.db.read() as tx:
        return [tenant.id for tenant in organizations.every(tx)]


def for_each(
    house: House, job: str, do: Callable[[uuid.UUID], object], busy: Iterable[uuid.UUID] | None = None
) -> None:
    """It was done for every organization, or for those that are `busy`; a fault with one stands in the log and keeps
    no other waiting.
    """
    for organization_id in tenants(house) if busy is None else busy:
        try:
            do(organization_id)
        except Exception as error:  # whatever is wrong with one must not stop the others
            log.error("timed_job_failed", job=job, organization=str(organization_id), **traced(error))


def http() -> HttpSession:
    """One session per thread: connections are kept, and none is shared."""
    session: HttpSession | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = calls.new_session()
    return session
