"""What organization.toml says of stops: how far one may be read, which text it answers, who else sends."""

from collections.abc import Mapping
from dataclasses import dataclass

from consent.policies.kinds import shapes as s
from consent.policies.programs import CHANNELS, one_of
from consent.policies.reading import Table

REACHES = ("program", "category", "everything")  # from the narrowest to the widest


@dataclass(frozen=True)
class SenderSystem:
    """A system outside this service that sends for the organization and must be told of a revocation."""

    id: str
    name: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class StopQuestion:
    """What the one confirmation of a STOP may ask instead of only confirming (47 CFR 64.1200(a)(12)).

    `within`: how long after the STOP an answer counts. `answers`: each word with the category of messages it names.
    """

    within: str
    answers: Mapping[str, str]
    texts: Mapping[str, str]  # the whole confirmation with its question, per language


@dataclass(frozen=True)
class StopSettings:
    """`reach`: no STOP is read as narrower. `answered_within`: how old the text may be that a STOP answers."""

    reach: str = "everything"
    answered_within: str | None = None
    question: StopQuestion | None = None  # none: a STOP is confirmed and nothing is asked


WIDEST = StopSettings()


def read_stop(table: Table) -> StopSettings:
    """The settings a table describes; without one every STOP is read in the widest way."""
    question = table.table("question", required=False)
    made = StopSettings(
        table.text("reach", "everything"),
        table.maybe("answered_within"),
        _question(question) if "question" in table.data else None,
    )
    one_of(table, "reach", made.reach, REACHES)
    if made.answered_within is not None and (wrong := s.period(made.answered_within)):
        table.wrong("answered_within", f'"answered_within" {wrong}')
    elif made.answered_within is None and made.reach != "everything":
        table.wrong("answered_within", '"answered_within" is missing; say how old the text may be that a STOP answers')
    table.done()
    return made


def _question(table: Table) -> StopQuestion:
    made = StopQuestion(table.text("within"), table.texts("answers"), table.texts("text"))
    if made.within and (wrong := s.period(made.within)):
        table.wrong("within", f'"within" {wrong}')
    table.done()
    return made


def read_sender_system(table: Table) -> SenderSystem:
    """The system a table describes."""
    made = SenderSystem(table.text("id"), table.text("name"), table.words("channels"))
    for channel in made.channels:
        one_of(table, "channels", channel, CHANNELS)
    table.done()
    return made
