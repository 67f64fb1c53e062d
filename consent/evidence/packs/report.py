"""The readable part of a pack: one self-contained page, the same as a PDF, and what to do with it all."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from consent.evidence.packs.beside import Text
from consent.evidence.packs.words import HAPPENED
from consent.privacy_requests.answers.words import Speaker
from consent.web import pdf, spoken
from consent.web.messages import N_
from consent.web.pdf import Line, Section

TEMPLATES = Path(__file__).parent.parent / "templates"
# fpdf2 holds a whole document in memory: what comes after so many of a sort stands in the page and the data alone.
MOST = 600
TITLE, CHANGED = N_("Evidence"), N_("The rest stands in report.html.")
GONE = N_(
    "Records of what was sent when, or held back, are deleted once their time is over; this was last done on %(day)s."
)
FACTS = {
    "address": N_("Address or number"),
    "person": N_("Person"),
    "msg_text": N_("Text"),
    "provider_msg_id": N_("Number of the message at the gateway"),
    "ip": N_("IP address"),
    "ip_absent_reason": N_("Why there is no IP address"),
    "client": N_("Browser"),
    "staff": N_("Name"),
    "note": N_("Note"),
    "payload_sha256": N_("Hash of the file"),
    "payload": N_("What the gateway sent"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a report is made of; `told` is pack.json."""

    told: Mapping[str, Any]
    checklist: list[dict[str, Any]]
    entries: Iterable[dict[str, Any]]
    decisions: Iterable[dict[str, Any]]
    messages: Iterable[dict[str, Any]]
    staff: Callable[[], Iterable[dict[str, Any]]]
    texts: list[Text]


def readme(language: str) -> str:
    """How the pack is read and checked."""
    return spoken.render(TEMPLATES, "evidence/pack_readme.txt", spoken.language_of(language))


def page(shown: Shown, language: str) -> Iterator[str]:
    """The report as one file without any address to fetch from, a part at a time."""
    language = spoken.language_of(language)
    speaker = Speaker(spoken.say(language), language)
    return spoken.stream(
        TEMPLATES, "evidence/pack.html", language, **_words(speaker),
        told=shown.told, checklist=shown.checklist, entries=shown.entries, decisions=shown.decisions,
        messages=shown.messages, staff=shown.staff, texts=shown.texts, cited=_anchor,
    )  # fmt: skip


def document(shown: Shown, made_at: datetime, language: str) -> bytes:
    """The same in short, as a PDF."""
    language = spoken.language_of(language)
    speaker = Speaker(spoken.say(language), language)
    say, told = speaker.say, shown.told
    about = told["about"]
    under = " · ".join(one for one in (told["organization"]["name"], about["shown_as"], told["made_at"]) if one)
    head = [Line(say(N_("Made by")), told["made_by"]), Line(say(N_("Why")), told["why"])]
    head += [Line(say(N_("As of")), told["as_of"])] if told["as_of"] else []
    head += [Line(name.replace("_", " "), str(count)) for name, count in told["counts"].items()]
    sections = [
        Section(say(N_("At a glance")), tuple(head)),
        *(_duties(say, one) for one in shown.checklist),
        _section(say, say(N_("What happened")), (_entry_line(speaker, one) for one in shown.entries)),
        _section(say, say(N_("Decisions")), (_decision_line(one) for one in shown.decisions)),
        _section(say, say(N_("Messages")), chain(_gone_lines(say, told), map(_message_line, shown.messages))),
        _section(say, say(N_("Acts of staff")), (_entry_line(speaker, one) for one in shown.staff())),
        _section(say, say(N_("Policies")), (Line(f"{one.policy} {one.version}", one.sha256) for one in shown.texts)),
    ]
    return pdf.made(say(TITLE), under, [one for one in sections if one.lines], made_at, language=language)


def _words(speaker: Speaker) -> dict[str, Any]:
    return {
        "happened": lambda one: speaker.known(HAPPENED.get(one["type"]), one["type"]),
        "fact": lambda name: speaker.known(FACTS.get(name), name),
        "code": lambda value: speaker.known(None, str(value)),
    }


def _section(say: Callable[[str], str], title: str, lines: Iterable[Line]) -> Section:
    kept = list(islice(lines, MOST + 1))
    return Section(title, tuple(kept[:MOST] + ([Line("…", say(CHANGED))] if len(kept) > MOST else [])))


def _duties(say: Callable[[str], str], regime: Mapping[str, Any]) -> Section:
    """What a law asks to be on record, and the entries that lack it."""
    words = {
        "met": say(N_("on record")),
        "missing": say(N_("missing")),
        "nothing": say(N_("nothing here that it is about")),
    }
    lines = []
    for one in regime["duties"]:
        lacking = ", ".join(f"{gap['entry']} ({gap['lacks']})" for gap in one["gaps"][:MOST])
        lines.append(
            Line(one["law"], " · ".join(part for part in (one["title"], words[one["state"]], lacking) if part))
        )
    return Section(regime["title"], tuple(lines))


def _entry_line(speaker: Speaker, one: Mapping[str, Any]) -> Line:
    said = [speaker.known(HAPPENED.get(one["type"]), one["type"]).text, *one["programs"]]
    said += [str(one["facts"][name]) for name in ("msg_text", "staff", "note") if name in one["facts"]]
    cited = " ".join(str(one["data"][name]) for name in ("policy", "policy_version") if name in one["data"])
    return Line(one["occurred_at"], " · ".join(part for part in (*said, cited, one["entry"]) if part))


def _decision_line(one: Mapping[str, Any]) -> Line:
    answer = one["answer"]
    reasons = [str(each["text"]) for each in answer.get("reasons", ())]
    return Line(one["at"], " · ".join([answer["answer"], one["program"], one["message_class"], *reasons]))


def _message_line(one: Mapping[str, Any]) -> Line:
    said = [one["program"] or "", one["message_class"] or "", *(each["status"] for each in one["reports"])]
    return Line(one["at"], " · ".join(part for part in said if part))


def _gone_lines(say: Callable[..., str], told: Mapping[str, Any]) -> Iterator[Line]:
    gone = told["disposed"]
    if gone:
        yield Line(gone["at"], " · ".join([say(GONE) % {"day": gone["at"]}, gone["category"], *gone["because"]]))


def _anchor(policy: object, version: object) -> str:
    """Where the wording of a version stands in the page."""
    return f"policy-{policy}-{version}".replace(" ", "-")
