"""How long codes, links and visits hold, and how often one may ask. Pure: no database, no request, no clock."""

from datetime import datetime, timedelta

# OWASP ASVS 5.0, 6.5 and 6.6: a code or link that was asked for holds ten minutes, and five tries.
HOLDS_FOR = timedelta(minutes=10)
TRIES = 5
# OWASP ASVS 5.0, 7.3: a visit ends after half an hour without a look, and after four hours whatever happens.
IDLE_FOR = timedelta(minutes=30)
AT_MOST = timedelta(hours=4)


def visit_is_over(began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a visit that began and was last seen then has ended by itself; one from the future has, too."""
    return now - seen_at > IDLE_FOR or now - began_at > AT_MOST or seen_at < began_at
