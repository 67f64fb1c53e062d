"""What there is to fetch for a request, for the page on which somebody follows it."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.privacy_requests.answers import certificates, downloads, jobs


class Ready(NamedTuple):
    """Paths of ours: where the answer is fetched, and where the certificate is read; empty for what is not there."""

    answer: str = ""
    certificate: str = ""


def of(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, slug: str, found: Iterable[Mapping[str, Any]], now: datetime
) -> dict[str, Ready]:
    """What is ready, by the id of the request."""
    return {
        str(one["id"]): _of(tx, keyring, organization_id, slug, uuid.UUID(str(one["id"])), now)
        for one in found
        if one["state"] in ("approved", "fulfilled", "denied")
    }


def _of(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, slug: str, request_id: uuid.UUID, now: datetime) -> Ready:
    waiting = downloads.of_request(tx, organization_id, request_id, now)
    certified = certificates.of_request(tx, keyring, organization_id, request_id) is not None
    return Ready(
        f"/{slug}/requests/answers/{waiting[0].id}" if waiting else "",
        jobs.path_of(keyring, organization_id, slug, request_id) if certified else "",
    )
