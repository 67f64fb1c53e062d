"""Whether a text holds an offer: the wording that makes a message promotion, whatever class it is filed under."""

import re

# Wording that makes a message promotion, whatever class it is filed under. A false alarm holds one message back
# until a person has looked; a miss would break a promise that no consent can mend.
_OFFER_WORDS = (
    r"\d ?% (?:off|discount)",
    r"\$ ?\d+(?:\.\d\d)? off\b",
    r"\b(?:discount|promo|promotion|promotional|voucher) codes?\b",
    r"\bcoupons?\b",
    r"\b(?:special|exclusive) (?:offer|deal|price|discount)s?\b",
    r"\blimited[- ]time\b",
    r"\bbuy (?:now|one)\b",
    r"\b(?:upgrade|order|sign up|subscribe) (?:now|today)\b",
    r"\bsave (?:up to|\$ ?\d)",
    r"\bfree (?:gift|trial|month)\b",
    r"\brefer a friend\b",
    r"\b(?:on sale|black friday)\b",
)
_OFFER = re.compile("|".join(_OFFER_WORDS))


# A text without any of these holds none of the above; looking for them costs a hundredth of looking for the rest.
_HINTS = (
    "%", " off", "discount", "promo", "voucher", "coupon", "special", "exclusive", "limited", "buy ", "upgrade ",
    "order ", "sign up", "subscribe ", "save ", "free ", "refer a", "on sale", "black friday",
)  # fmt: skip


def holds_offer(text: str) -> bool:
    """Does the text hold an offer, so that it is promotion however it is labelled?"""
    said = text.lower()
    for hint in _HINTS:
        if hint in said:
            return _OFFER.search(said) is not None
    return False
