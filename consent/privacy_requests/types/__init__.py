"""The types of request, a file each: how people call it, what is gone through, how it may end, what its doing is.

To add one: write its file, and its line here.
"""

from collections.abc import Callable

from consent.privacy_requests.types import (
    access_categories,
    access_specific,
    appeal,
    childs_data,
    complaint,
    correction,
    deletion,
    direct_marketing,
    documentation,
    limit_use,
    logging_off,
    objection,
    opt_out_of_sale,
    platform_policies,
    portability,
    restriction,
    usage_log_file,
    usage_total,
)
from consent.privacy_requests.types.base import Doing, Item, RequestType, Sort

__all__ = ["ALL", "Doing", "Item", "RequestType", "Sort", "of", "words_in_sql"]

# In the order in which the page of requests shows them.
ALL: tuple[RequestType, ...] = (
    access_specific.TYPE,
    access_categories.TYPE,
    correction.TYPE,
    portability.TYPE,
    deletion.TYPE,
    opt_out_of_sale.TYPE,
    limit_use.TYPE,
    direct_marketing.TYPE,
    restriction.TYPE,
    objection.TYPE,
    usage_total.TYPE,
    usage_log_file.TYPE,
    childs_data.TYPE,
    platform_policies.TYPE,
    documentation.TYPE,
    logging_off.TYPE,
    appeal.TYPE,
    complaint.TYPE,
)
_BY_WORD = {word: one for one in ALL for word in one.words}


def of(request_type: str) -> RequestType:
    """The type behind the word of a policy or law; one that nobody named yet is answered by a person, after a check."""
    known = _BY_WORD.get(request_type)
    return known if known is not None else RequestType(request_type, (request_type,), Doing.LETTER, _UNNAMED)


def words_in_sql(chosen: Callable[[RequestType], bool]) -> str:
    """The words of these types as a list for a statement: it then reads no row of another type."""
    words = sorted(word for one in ALL if chosen(one) for word in one.words)
    return f"({', '.join(repr(word) for word in words)})"


_UNNAMED = deletion.TYPE.checklist[:2] + deletion.TYPE.checklist[4:5]
