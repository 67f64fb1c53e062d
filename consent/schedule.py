"""Every timed job and when it runs."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from cronsim import CronSim

from consent import clock
from consent.house import House
from consent.timed import arriving, entered, incidents, notices, outside, requests, retention, sending, upkeep
from consent.web.logs import log, traced


@dataclass(frozen=True, slots=True)
class Timed:
    """A job that runs soon after the start and then again and again; safe to run twice at once.

    `when` is how many seconds after it ended, or a cron expression in UTC; `when_on_sqlite` where a file, which the
    web process itself serves, wants another pace.
    """

    name: str
    when: float | str
    run: Callable[[House], None]
    when_on_sqlite: float | None = None


# Where webhooks and uploads arrive, spool and files are worked off; everything else any process may do.
LOCAL: tuple[Timed, ...] = (Timed("drain", 0.25, arriving.drain), Timed("imports", 2.0, arriving.work_off_imports))

TIMED: tuple[Timed, ...] = (
    *LOCAL,
    Timed("seal", 1.0, upkeep.seal, when_on_sqlite=2.0),  # ledger A7
    Timed("keep-opt-outs", 1.0, outside.keep_opt_outs, when_on_sqlite=2.0),
    Timed("hand-over-checkpoints", "19 * * * *", outside.hand_over_checkpoints),
    Timed("destroy-old-keys", "11 3 * * *", outside.destroy_old_keys),
    Timed("deliver", 0.5, sending.deliver),
    Timed("post", 0.5, sending.post),
    Timed("reconcile", 15.0, arriving.reconcile_gateways),  # looks whose five minutes are over
    Timed("tell", 1.0, sending.tell),
    Timed("tell-agents", 5.0, sending.tell_agents),
    Timed("ask-for-blocks", 2.0, sending.ask_for_blocks),
    Timed("tell-people", 10.0, notices.tell_people),
    Timed("look-back", "29 * * * *", notices.look_back),
    Timed("activate", "* * * * *", upkeep.activate),
    Timed("count-evidence", 60.0, upkeep.count_evidence),
    Timed("count-figures", 60.0, upkeep.count_figures),
    Timed("ask-reassigned", "41 * * * *", upkeep.ask_reassigned),
    Timed("forget-answers", "23 * * * *", upkeep.forget_answers),
    Timed("carry-out", 5.0, requests.carry_out),
    Timed("escalate-requests", "*/15 * * * *", requests.escalate_requests),
    Timed("look-after-requests", "7 * * * *", requests.look_after_requests),
    Timed("tell-of-incidents", 5.0, incidents.tell_of_incidents),
    Timed("warn-of-incidents", "*/5 * * * *", incidents.warn_of_incidents),
    Timed("forget-visits", "*/10 * * * *", upkeep.forget_visits),
    Timed("notice-scanners", 30.0, upkeep.notice_scanners),
    Timed("mail-certificates", 5.0, requests.mail_certificates),
    Timed("give-answers", 5.0, requests.give_answers),
    Timed("tidy-answers", "*/10 * * * *", requests.tidy_answers),
    Timed("look-again-at-records", 5.0, retention.look_again),
    Timed("follow-consents", "*/5 * * * *", retention.follow_consents),
    Timed("dispose", "*/10 * * * *", retention.dispose),
    Timed("forget-texts", "17 * * * *", retention.forget_texts),
    Timed("forget-deliveries", "19 * * * *", retention.forget_deliveries),
    Timed("notice-missed-limits", "11 * * * *", retention.notice_missed_limits),
    Timed("warn-of-limits", "13 * * * *", retention.warn_of_limits),
    Timed("forget-given-up", "*/5 * * * *", entered.forget_given_up),
    Timed("forget-presses", "37 * * * *", upkeep.forget_presses),
)

SELDOM = 5.0  # seconds: what runs as rarely or more rarely is in no hurry at the start of a process
BETWEEN_FIRST_RUNS = 0.25  # seconds
LONGEST_AFTER_FAILURE = 30.0  # seconds that a job which failed waits beside its usual pause


def start(house: House, stop: threading.Event, timed: Iterable[Timed] = TIMED) -> list[threading.Thread]:
    """Each timed job on a thread of its own, until `stop` is set.

    What seldom runs begins one job after the other: all at once they would take the processor from the first texts.
    """
    turns, threads = count(1), []
    for job in timed:
        after = 0.0 if isinstance(job.when, float) and job.when < SELDOM else BETWEEN_FIRST_RUNS * next(turns)
        threads.append(threading.Thread(target=_repeat, args=(job, house, stop, after), name=job.name, daemon=True))
    for thread in threads:
        thread.start()
    return threads


def _repeat(job: Timed, house: House, stop: threading.Event, after: float) -> None:
    when = job.when if job.when_on_sqlite is None or house.db.is_postgresql else job.when_on_sqlite
    stop.wait(after)
    while not stop.is_set():
        try:
            if not house.db.restoring():  # nothing is sent, sealed or worked off from a state that lacks the newest no
                job.run(house)
        except Exception as error:  # a job that failed once runs again; the log says why it failed
            log.error("timed_job_failed", job=job.name, **traced(error))
            stop.wait(min(pause(when, clock.now()) * 5, LONGEST_AFTER_FAILURE))
        stop.wait(pause(when, clock.now()))


def pause(when: float | str, now: datetime) -> float:
    """Seconds until a job that is over runs next."""
    if isinstance(when, str):
        return (next(CronSim(when, now)) - now).total_seconds()
    return when
