"""What a correction needs before it goes on: something written down for each class of data that is to be put right."""

from collections.abc import Iterable

from consent.db import Sql, Tx
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.casework.outcomes import Outcome
from consent.privacy_requests.moves import NotNow
from consent.web.messages import N_

ITEM = "change-written-down"
UNWRITTEN = N_("Write down first what stands there and what shall stand there.")

_WRITTEN = Sql(
    "SELECT DISTINCT category FROM correction_change"
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY category"
)


def written(tx: Tx, case: Case) -> tuple[str, ...]:
    """The classes of data for which a change is written down."""
    return tuple(row[0] for row in tx.all(_WRITTEN, {"organization_id": case.organization_id, "request_id": case.id}))


def refuse_unwritten(tx: Tx, case: Case, decided: Iterable[Outcome]) -> None:
    """NotNow where a class of data is to be put right and nobody wrote down how: it would wait for ever."""
    granted = {one.category for one in decided if one.what == "do"}
    if granted - set(written(tx, case)):
        raise NotNow(UNWRITTEN)
