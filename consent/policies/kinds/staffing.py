"""The kind about the company's own people: who may look at which data, and for what."""

from consent.policies.kinds import shapes as s
from consent.policies.kinds.base import Kind

STAFF_ACCESS = Kind(
    name="staff-access",
    meaning="Who in the company may look at what.",
    required={"role": s.word(), "data": s.words()},
    optional={"purpose": s.word_or_words, "purposes": s.words()},
    decides={"debug_data": s.words(), "needs": s.word("open-ticket"), "retention": s.period},
    sentence=lambda p, d: (
        f"Of our people {s.plain([p['role']])} may see {s.plain(p['data'])}"
        + (f", for {s.plain(s.as_list(p['purpose']))} only" if "purpose" in p else "")
        + "; every look is written down."
    ),
    doors=("privacy_requests.work", "staff"),
    evidence=("E-ACC",),
)

ALL = (STAFF_ACCESS,)
