"""Consent that a purchase implies (CASL): until when it lasts for each customer, and one question before it ends."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consent.cli import main
from consent.db import Sql
from consent.house import House
from consent.subjects import service as subjects
from consent.timed import sending
from tests.conftest import Prepared
from tests.support.databases import ON_POSTGRESQL
from tests.support.organizations import SMARTT, VOX, Five
from tests.support.telling import ANA, BEN, HAL, IVY, Desk
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL

PROGRAM = "tailored-marketing"
HEAD = "address,last_purchase_on,last_inquiry_on,jurisdiction,language\n"
LIST = f"{HEAD}{ANA},2024-12-01,,CA-BC,fr\n{BEN},2026-06-01,,CA-BC,\n{HAL},2020-01-01,,CA-ON,\n"

Run = Callable[..., list[dict[str, str]]]


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


@pytest.fixture
def call(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, in the house of the test."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", PUBLIC_URL)

    def called(people: str | bytes, *more: str, slug: str = SMARTT, program: str = PROGRAM) -> Result:
        return CliRunner().invoke(main, ["programs", "running-out", slug, program, "-", *more], input=people)

    return called


@pytest.fixture
def run(call: Callable[..., Result]) -> Run:
    """What it says of each."""

    def ran(people: str, *more: str) -> list[dict[str, str]]:
        done = call(people, *more)
        assert done.exit_code == 0, done.output
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return ran


@pytest.fixture
def at(house: House, five: Five, time: Time) -> Desk:
    """Smartt, on 21 November 2026."""
    return Desk(house, five[SMARTT], time)


def told(found: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(one["address"], one["last_day"], one["why_not"] or one["may_be_asked"]) for one in found]


def test_each_has_the_last_day_on_which_consent_is_implied(at: Desk, run: Run) -> None:
    at.say(PROGRAM, IVY)
    found = run(f"{LIST}{IVY},2024-12-01,,CA-BC,\n", "--within", "P60D")
    assert told(found) == [
        (ANA, "2026-12-01", "yes"), (BEN, "2028-06-01", "later"), (HAL, "", "implied-over"),
        (IVY, "2026-12-01", "agreed"),
    ]  # fmt: skip
    assert {one["asked"] for one in found} == {"no"}
    sending.post(at.house)
    assert at.mails() == []


def test_whoever_may_be_asked_is_asked_once_in_their_language_with_who_asks(at: Desk, run: Run) -> None:
    found = run(LIST, "--within", "P60D", "--ask")
    assert [one["asked"] for one in found] == ["yes", "no", "no"]
    assert told(run(LIST, "--within", "P60D", "--ask"))[0] == (ANA, "2026-12-01", "asked-before")
    sending.post(at.house)
    ((to, subject),) = at.mails()
    assert to == ANA and "pouvons-nous continuer à vous écrire" in subject
    said = (at.house.config.data_dir / "dev-mails.jsonl").read_text("utf-8")
    assert "Henning Drive" in said and "1er d" in said and "unsubscribe" in said
    (entry,) = at.leaves("notice.asked")
    assert entry.source == "system"
    assert (entry.data["until"], str(entry.stream)) == ("2026-12-01", at.systems.lookup(ANA, "email"))


def test_a_refusal_after_the_list_was_made_holds_the_question_back(at: Desk, run: Run) -> None:
    run(LIST, "--within", "P60D", "--ask")
    at.say(PROGRAM, ANA, "refused")
    sending.post(at.house)
    assert at.mails() == []
    assert told(run(LIST))[0] == (ANA, "2026-12-01", "refused")


def test_the_question_does_not_leave_when_the_last_day_is_over(at: Desk, run: Run, time: Time) -> None:
    run(LIST, "--within", "P60D", "--ask")
    time.at += timedelta(days=11)
    sending.post(at.house)
    assert at.mails() == []


def test_a_list_that_is_read_wrongly_writes_nothing(at: Desk, call: Callable[..., Result], tmp_path: Path) -> None:
    for people, line in (
        ("name\nana\n", "line 1"), (f"{HEAD}nobody,2024-12-01,,CA-BC,\n", "line 2, address"),
        (f"{HEAD}{ANA},2024-12-01,,CA-BC,\n{BEN},soon,,CA-BC,\n", "line 3, last_purchase_on"),
        (f"{HEAD}{ANA},,soon,CA-BC,\n", "line 2, last_inquiry_on"),
        (f"{HEAD}{ANA},2024-12-01,,XX,\n", "line 2, jurisdiction"),
        (f"{HEAD}{ANA},2024-12-01,,CA-BC,fr-CA\n", "line 2, language"),
    ):  # fmt: skip
        done = call(people, "--ask")
        assert done.exit_code == 1 and line in done.output, done.output
    assert at.leaves("notice.asked") == []
    assert call(LIST, program="unheard-of").exit_code == 1
    assert "--within" in call(LIST, "--within", "soon").output


def test_without_a_postal_address_nobody_is_asked(five: Five, house: House, call: Callable[..., Result]) -> None:
    done = call(LIST, "--ask", slug=VOX, program="promotional-email")
    assert done.exit_code == 1 and "postal_address" in done.output


@ON_POSTGRESQL  # SQLite has one writer: no run comes between
def test_of_two_runs_at_once_one_asks(at: Desk, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    at.say("newsletter", ANA)
    real = subjects.contact
    begun: list[bool] = []
    other: list[dict[str, str]] = []

    def contact(*given: Any, **more: Any) -> Any:
        """The other run is through between the look of this one and its lock."""
        if not begun:
            begun.append(True)
            with ThreadPoolExecutor() as beside:
                other[:] = beside.submit(run, LIST, "--within", "P60D", "--ask").result()
        return real(*given, **more)

    monkeypatch.setattr("consent.notices.implied.subjects.contact", contact)
    mine = run(LIST, "--within", "P60D", "--ask")
    assert [one["asked"] for one in other] == ["yes", "no", "no"]
    assert told(mine)[0] == (ANA, "2026-12-01", "asked-before")
    assert len(at.leaves("notice.asked")) == 1


def test_whoever_is_not_asked_is_not_made_known_by_the_list(at: Desk, run: Run) -> None:
    run(LIST, "--within", "P60D", "--ask")
    with at.house.db.read(at.id) as tx:
        assert tx.one(Sql("SELECT count(*) FROM contact_point WHERE organization_id = :o"), {"o": at.id}) == (1,)


def test_on_a_terminal_it_shows_how_far_it_is(
    at: Desk, call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, int | None]] = []

    @contextmanager
    def progress(items: Iterable[object], label: str, length: int | None = None) -> Iterator[Iterable[object]]:
        shown.append((label, length))
        yield items

    monkeypatch.setattr("consent.commands.programs.progress", progress)
    assert call(LIST).exit_code == call(LIST, "--ask").exit_code == 0
    assert shown == [("Looking", 3), ("Asking", 3)]


def test_nobody_is_asked_where_the_list_of_who_was_asked_cannot_be_written(
    at: Desk, call: Callable[..., Result], run: Run, tmp_path: Path
) -> None:
    done = call(LIST, "--within", "P60D", "--ask", "--out", str(tmp_path / "no-such-folder" / "list.csv"))
    assert done.exit_code == 1 and "no-such-folder" in done.output
    assert at.leaves("notice.asked") == []
    assert [one["asked"] for one in run(LIST, "--within", "P60D", "--ask")] == ["yes", "no", "no"]


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (b"address,jurisdiction\nann\xe9@x.example,CA-BC\n", "UTF-8"),
        (b"address,jurisdiction," + b"x" * 200_000 + b"\nann@x.example,CA-BC,\n", "no CSV"),
    ],
)
def test_what_is_no_csv_in_utf_8_is_refused_in_words(
    at: Desk, call: Callable[..., Result], people: bytes, said: str
) -> None:
    done = call(people)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit) and said in done.output, done.output
