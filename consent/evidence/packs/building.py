"""A pack from its first file to its last, in an order that is always the same, in memory that does not grow."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from consent.evidence.packs import beside, check, check_signatures, check_zip, checklist, entries, reading, report
from consent.evidence.packs.about import About
from consent.evidence.packs.archive import Archive, Aside, aside
from consent.evidence.packs.entries import Ground, Receipts
from consent.ledger.bodies import instant
from consent.organizations.service import Tenant
from consent.privacy_requests.answers.packing import Sink

FORMAT = "consent-pack/1"
# In a pack the checker is one file: what it imports of ours stands in the place of the import.
_PARTS = (check_signatures, check_zip)


def _in_one(checker: ModuleType, parts: Iterable[ModuleType]) -> str:
    text = Path(str(checker.__file__)).read_text("utf-8")
    for part in parts:
        before, _import, after = text.partition(f"from {part.__name__} import ")
        text = before + Path(str(part.__file__)).read_text("utf-8") + after.partition("\n")[2]
    return text


CHECKER = _in_one(check, _PARTS)


@dataclass(frozen=True, slots=True)
class Head:
    """Who asked for the pack and why, and of which instant it tells; `as_of` is None for the present."""

    made_at: datetime
    by: str
    why: str
    as_of: datetime | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the files of a pack are made of, put aside once."""

    entries: Aside
    decisions: Aside
    messages: Aside

    def cited(self) -> set[tuple[str, str]]:
        """The versions of policies that entries and decisions name."""
        told = [one["data"] for one in self.entries] + [one["answer"] for one in self.decisions]
        return {(str(one["policy"]), str(one["policy_version"])) for one in told if "policy_version" in one}

    def staff(self) -> Iterator[dict[str, Any]]:
        """The entries that tell what staff did."""
        return (one for one in self.entries if by_staff(one))

    def wordings(self) -> dict[str, str]:
        """The texts that entries name, by their hash."""
        return {digest: text for one in self.entries for digest, text in one["wordings"].items()}


def build(ground: Ground, tenant: Tenant, about: About, head: Head, out: Sink, scratch: Path) -> dict[str, int]:
    """The whole pack is in `out`; what it holds is counted. `scratch` takes what is put aside, encrypted."""
    with ExitStack() as stack:
        lines, decided, sent = (stack.enter_context(aside(scratch)) for _ in range(3))
        parts = Parts(
            lines.fill(_about_request(entries.told(ground, about), about)),
            decided.fill(_of_places(reading.decisions, ground, about)),
            sent.fill(_of_places(reading.messages, ground, about)),
        )
        return _write(ground, tenant, about, head, parts, Archive(out, head.made_at))


def _write(ground: Ground, tenant: Tenant, about: About, head: Head, parts: Parts, archive: Archive) -> dict[str, int]:
    texts, wordings = beside.texts(ground, parts.cited()), parts.wordings()
    asked = list(beside.asked(ground, tenant, about))
    counts = {"entries": parts.entries.count, "decisions": parts.decisions.count, "messages": parts.messages.count}
    counts |= {"staff_acts": sum(1 for _ in parts.staff()), "wordings": len(wordings), "policies": len(texts)}
    told = _head_json(tenant, about, head, counts, beside.state(ground, about), texts)
    told["disposed"] = beside.disposed(ground) if about.request is None else None
    checked = beside.checked(ground, checklist.history(parts.entries, parts.messages))
    shown = report.Shown(told, checked, parts.entries, parts.decisions, parts.messages, parts.staff, texts)
    archive.add("README.txt", report.readme(head.language))
    archive.add("report.html", report.page(shown, head.language))
    archive.add("report.pdf", report.document(shown, head.made_at, head.language))
    archive.add("pack.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    archive.add("checklist.json", json.dumps(checked, ensure_ascii=False, indent=1) + "\n")
    archive.add_lines("entries.jsonl", parts.entries)
    made = Receipts(ground)
    for number, line in enumerate(parts.entries, 1):
        bundle = made.bundle(line)
        if bundle is not None:
            archive.add(f"bundles/{number:06}.json", json.dumps(bundle, ensure_ascii=False, indent=1) + "\n")
    archive.add_lines("decisions.jsonl", parts.decisions)
    archive.add_lines("messages.jsonl", parts.messages)
    archive.add_lines("gateway.jsonl", (call for one in parts.entries if (call := gateway_call(one)) is not None))
    archive.add_lines("staff-acts.jsonl", parts.staff())
    for digest, words in sorted(wordings.items()):
        archive.add(f"wordings/{digest}.txt", words)
    for text in texts:
        folder = f"policies/{text.policy}/{text.version}"
        archive.add(f"{folder}/text.md", text.text)
        archive.add(f"{folder}/commitments.toml", text.commitments)
        for language, translated in text.translations.items():
            archive.add(f"{folder}/text.{language}.md", translated)
    for name, content in (*beside.files(ground, parts.entries), *asked, *beside.checkpoints(ground)):
        archive.add(name, content)
    for name, said in beside.keys(ground):
        archive.add(name, said)
    archive.add("check.py", CHECKER)
    claims = {"iss": ground.public_url, "iat": int(head.made_at.timestamp()), "organization": tenant.slug}
    archive.close(claims | {"counts": counts}, ground.keyring.receipt_key(ground.organization_id, head.made_at))
    return counts


def gateway_call(line: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is kept of what a gateway brought, after card numbers and the like were blotted out; None for no call."""
    if line["source"] != "webhook":
        return None
    data, facts = line["data"], line["facts"]
    said = {"entry": line["entry"], "recorded_at": line["recorded_at"], "gateway": data.get("gateway", "")}
    said |= {name: facts[name] for name in ("address", "provider_msg_id", "msg_text", "payload") if name in facts}
    said |= {name: line[name] for name in (entries.PAYLOAD_MISSING, entries.WITHHELD) if name in line}
    return said | {name: data[name] for name in ("sender", "code", "masked", "intent", "why") if name in data}


def by_staff(line: Mapping[str, Any]) -> bool:
    """Did somebody of the staff do this, or something that they asked for?"""
    return line["source"] == "staff" or "account" in line["data"] or "staff" in line["facts"]


def _about_request(lines: Iterable[dict[str, Any]], about: About) -> Iterator[dict[str, Any]]:
    """Of a request, the entries that name it and no others."""
    if about.request is None:
        yield from lines
        return
    mine = about.request["id"]
    for one in lines:
        if one["entry"] == about.request["entry"] or mine in one["data"].values():
            yield one


def _of_places(read: Any, ground: Ground, about: About) -> Iterator[dict[str, Any]]:
    """What is on record for each place; nothing for a request, which is about no message."""
    if about.request is None:
        for place in about.places:
            yield from read(ground.db, ground.organization_id, place, ground.until)


def _head_json(
    tenant: Tenant, about: About, head: Head, counts: dict[str, int], state: list[dict[str, Any]],
    texts: list[beside.Text],
) -> dict[str, Any]:  # fmt: skip
    return {
        "format": FORMAT,
        "organization": {"key": tenant.slug, "name": tenant.name},
        "about": {
            "kind": about.kind,
            "shown_as": about.masked,
            "addresses": sorted({one.address for one in about.places if one.address is not None}),
            "channels": [one.channel for one in about.places],
            "request": about.request,
        },
        "whole_streams": about.request is None,
        "made_at": instant(head.made_at),
        "as_of": instant(head.as_of) if head.as_of is not None else None,
        "made_by": head.by,
        "why": head.why,
        "counts": counts,
        "state": state,
        "policies": [
            {"policy": one.policy, "version": one.version, "title": one.title, "sha256": one.sha256}
            | {"effective_at": instant(one.effective_at)}
            for one in texts
        ],
    }
