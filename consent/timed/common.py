"""What the timed jobs share: who they are, whom they serve, and a session of HTTP for each thread."""

import os
import socket
import threading
import uuid

from consent.gateways.sms import calls
from consent.gateways.sms.base import HttpSession
from consent.house import House
from consent.organizations import service as organizations

ME = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
_local = threading.local()


def tenants(house: House) -> list[uuid.UUID]:
    """Every organization."""
    with house.db.read() as tx:
        return [tenant.id for tenant in organizations.every(tx)]


def http() -> HttpSession:
    """One session per thread: connections are kept, and none is shared."""
    session: HttpSession | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = calls.new_session()
    return session
