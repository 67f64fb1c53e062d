"""A figure in a policy or law file changes what is done, with no code touched: each date worked by hand."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from consent.deadlines import zone
from consent.policies import rules
from consent.policies.answers.hours import Hours
from consent.policies.answers.requests import Asker, Requests
from consent.policies.answers.retention import Held, Retention
from consent.policies.kinds import sentence
from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.questions import Question, Standing
from consent.policies.rulebook import compile_rulebook
from consent.policies.version import PolicyVersionPack
from consent.policies.whereabouts import Area

POLICIES = Path(__file__).resolve().parents[2] / "policies"
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ASKED = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def edited(folder: Path, slug: str, file: str, old: str, new: str) -> Path:
    """A copy of the pack in which one figure is another."""
    pack = Path(shutil.copytree(POLICIES / slug, folder / slug))
    text = (pack / file).read_text("utf-8")
    assert text.count(old) >= 1, old
    (pack / file).write_text(text.replace(old, new, 1), "utf-8")
    return pack


def main_of(pack: Path) -> PolicyVersionPack:
    """The policy with the most commitments."""
    return max(load_versions(pack), key=lambda one: len(one.commitments))


def test_a_retention_period(tmp_path: Path) -> None:
    """Government id at Valtt: checked on 2026-11-20, thirty days end on 2026-12-20, twenty on 2026-12-10."""
    held = Held("government-id", {"check-done": date(2026, 11, 20)}, "US-NY", person="customer")
    file, old = "privacy-policy/2020-07-21/commitments.toml", 'government-id = { for = "P30D"'
    changed = edited(tmp_path, "valtt", file, old, 'government-id = { for = "P20D"')
    dates = [
        Retention(load_organization(pack), main_of(pack).commitments).due(held).due
        for pack in (POLICIES / "valtt", changed)
    ]
    assert dates == [date(2026, 12, 20), date(2026, 12, 10)]


def test_a_response_time(tmp_path: Path) -> None:
    """Access asked of 1VALET from Ontario on Friday 2026-11-20: thirty days end on 2026-12-20, ten on 2026-11-30."""
    file, old = "privacy-policy/2022-06-29/commitments.toml", 'deadline = "P30D"'
    text = (POLICIES / "1valet" / file).read_text("utf-8")
    changed = Path(shutil.copytree(POLICIES / "1valet", tmp_path / "1valet"))
    (changed / file).write_text(text.replace(old, 'deadline = "P10D"'), "utf-8")
    asker = Asker(frozenset({"resident"}), "CA-ON")
    dates = [
        Requests(load_organization(pack), main_of(pack).commitments).timetable("access", ASKED, asker).due
        for pack in (POLICIES / "1valet", changed)
    ]
    assert dates == [date(2026, 12, 20), date(2026, 11, 30)]


def test_a_message_class(tmp_path: Path) -> None:
    """Important updates of 1VALET may be refused; called marketing, they need more in Canada."""
    changed = edited(
        tmp_path, "1valet", "organization.toml",
        '[message_classes.important-update]\n',
        '[message_classes.important-update]\nmarketing = true\n',
    )  # fmt: skip
    law = load_law(POLICIES / "law")
    answers = []
    for pack in (POLICIES / "1valet", changed):
        book = compile_rulebook(load_organization(pack), load_versions(pack), law, NOW)
        question = Question("information", "important-update", "email", NOW)
        answers.append(book.may_contact(question, Standing(None, ())).answer)
    assert answers == ["allow", "deny"]


def test_a_lead_time(tmp_path: Path) -> None:
    """Announced in New York on 2026-11-21: thirty full days end with 12-21, forty-five with 2027-01-05."""
    file = "privacy-policy/2020-07-21/commitments.toml"
    changed = edited(tmp_path, "valtt", file, 'period = "P30D"', 'period = "P45D"')
    nature = rules.Nature(material=True, purposes=False)
    days = [
        rules.first_possible(main_of(pack).commitments, NOW, "America/New_York", nature)
        for pack in (POLICIES / "valtt", changed)
    ]
    eastern = zone("America/New_York")
    assert days == [datetime(2026, 12, 22, tzinfo=eastern), datetime(2027, 1, 6, tzinfo=eastern)]


def test_a_quiet_window_of_the_law(tmp_path: Path) -> None:
    """Half past seven in Miami: open while Florida's window ends at 20:00, closed once the file says 19:00."""
    law = Path(shutil.copytree(POLICIES / "law", tmp_path / "law"))
    file = law / "us-texts-states.toml"
    text = file.read_text("utf-8")
    old = 'window = [{ days = "mon-sun", from = "08:00", until = "20:00" }]'
    assert old in text
    file.write_text(text.replace(old, old.replace("20:00", "19:00"), 1), "utf-8")
    evening = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)  # 19:30 of the day before on the American east coast
    answers, told = [], []
    for place in (POLICIES / "law", law):
        rule = next(one for one in load_law(place) if one.id == "US-FL-QH")
        hours = Hours(load_organization(POLICIES / "valtt"), [rule])
        answers.append(hours.may_go("sms", evening, (Area(("US-FL",), ("America/New_York",)),)).answer)
        told.append(sentence(rule))
    assert answers == ["allow", "deny"]
    assert told[1] == told[0].replace("20:00", "19:00")
