"""A database of the organization disposes of rows by their keys: what it cannot hold is said before anything goes."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from consent.gateways.stores.base import Receipt, Resume, StoreFailed
from consent.gateways.stores.webhook import Wires
from tests.privacy_requests.tasks.test_stores import BLANKED, TABLES, fill, left, sql_store

TASK = Resume(UUID(int=9))
CLASS = "account-contact"
BEYOND = (
    "crm_customer/²",
    "crm_customer/" + "9" * 26,
    "crm_customer/-" + "9" * 26,
    "crm_customer/one",
    "crm_customer/",
)


def test_a_class_or_a_reference_that_no_table_has_is_never_counted_as_gone(crm: sa.Engine, wires: Wires) -> None:
    fill(crm)
    store = sql_store(wires)
    for references, category, code in (
        (["crm_customer/4"], "message-text-in-out", "no-such-category"),
        (["4"], CLASS, "no-such-reference"),
        (["other_table/4", "crm_customer/4"], CLASS, "no-such-reference"),
    ):
        with pytest.raises(StoreFailed) as failed:
            store.dispose(references, category, "deleted", TASK)
        assert (failed.value.code, failed.value.for_good) == (code, True)
    assert len(left(crm)) == 5


def test_a_key_that_no_row_can_have_is_told_by_itself_and_the_others_go(crm: sa.Engine, wires: Wires) -> None:
    fill(crm)
    with pytest.raises(StoreFailed) as failed:
        sql_store(wires).dispose(["crm_customer/4", *BEYOND], CLASS, "deleted", TASK)
    assert failed.value.references == set(BEYOND)
    receipt = sql_store(wires).dispose(["crm_customer/4"], CLASS, "deleted", TASK)
    assert isinstance(receipt, Receipt) and [one for one, _ in left(crm)] == [1, 2, 3, 5]


def test_the_receipt_counts_the_rows_that_were_there(crm: sa.Engine, wires: Wires) -> None:
    fill(crm)
    asked = ["crm_customer/4", "crm_customer/5", "crm_customer/77"]
    counts = []
    for description in (BLANKED, TABLES, TABLES):
        receipt = sql_store(wires, description).dispose(asked, CLASS, "deleted", TASK)
        assert isinstance(receipt, Receipt)
        counts.append((receipt.count, receipt.proof))
    assert counts == [
        (2, "sql/1 tables, 2 rows of 3 references"),
        (2, "sql/1 tables, 2 rows of 3 references"),
        (0, "sql/1 tables, 0 rows of 3 references"),
    ]
