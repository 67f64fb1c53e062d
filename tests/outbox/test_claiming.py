"""What is due goes in the order in which it became due, whatever order the database answers in."""

import os
from datetime import timedelta

from consent import clock
from consent.db import Tx
from consent.house import House
from consent.outbox import service as outbox
from tests.support.valley import Tenant


def test_what_became_due_first_is_claimed_first(house: House, valley: Tenant) -> None:
    now, key = clock.now(), os.urandom(32)
    due = [now - timedelta(seconds=seconds) for seconds in range(6)]  # the row written last was due first

    def write(tx: Tx) -> None:
        for place, when in enumerate(due):
            outbox.enqueue(tx, valley.id, key, outbox.Draft("sms", "reply", f"r{place}", {}, run_at=when), now)

    house.db.write(write, valley.id)
    claimed = house.db.write(lambda tx: outbox.claim(tx, valley.id, "sms", "me", now), valley.id)
    assert [job.run_at for job in claimed] == sorted(due)
