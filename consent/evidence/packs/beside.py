"""What lies beside the entries of a pack: policies, files of proof, requests, keys, checkpoints."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consent.deadlines import zones
from consent.errors import ConsentError
from consent.evidence.packs import checklist
from consent.evidence.packs.about import About
from consent.evidence.packs.entries import Ground
from consent.ledger import anchors, base64url, published
from consent.ledger import queries as ledger
from consent.ledger.bodies import instant
from consent.organizations.service import Tenant
from consent.policies import queries as policies
from consent.policies import service as governing
from consent.preferences import past, proof_types, proofs
from consent.preferences import queries as preferences
from consent.privacy_requests import queries as requests
from consent.privacy_requests import steps
from consent.privacy_requests.answers import certificates
from consent.retention import queries as retention


class Text(NamedTuple):
    """A published version with its wording."""

    policy: str
    version: str
    title: str
    sha256: str
    effective_at: datetime
    text: str
    commitments: str
    translations: Mapping[str, str]


def texts(ground: Ground, cited: set[tuple[str, str]]) -> list[Text]:
    """Every version that an entry names, and those that bound at the end; the oldest first within each policy."""
    place = (ground.organization_id,)
    with ground.db.read(*place) as tx:
        known = [*policies.published(tx, *place), *policies.withdrawn(tx, *place)]
        bound = {(one.policy, one.version) for one in governing.rulebook_at(tx, *place, ground.until).versions}
        return [
            Text(
                one.policy, one.version, one.title, base64url.encode(one.text_sha256), one.effective_at,
                *policies.sources(tx, *place, one.id), policies.translations(tx, *place, one.id),
            )
            for one in sorted(known, key=lambda one: (one.policy, one.effective_at, one.version))
            if (one.policy, one.version) in cited | bound
        ]  # fmt: skip


def state(ground: Ground, about: About) -> list[dict[str, Any]]:
    """What held for each place at the end of the pack, folded from its entries."""
    told = []
    with ground.db.read(ground.organization_id) as tx:
        book = governing.rulebook_at(tx, ground.organization_id, ground.until)
        for place in about.places:
            held = past.state_at(tx, ground.organization_id, place.id, ground.until)
            shown = preferences.preferences_json(held, book, place.channel)
            told.append(shown | {"settings": preferences.settings_json(held, ground.until)})
    return told


def disposed(ground: Ground) -> dict[str, Any] | None:
    """Why messages and decisions may be missing: the last time that such records went, and what says so."""
    with ground.db.read(ground.organization_id) as tx:
        gone = retention.deliveries_gone(tx, ground.organization_id)
    return None if gone is None else {"at": instant(gone.at), "category": gone.category, "because": list(gone.because)}


def checked(ground: Ground, told: checklist.History) -> list[dict[str, Any]]:
    """What laws and carriers ask to be on record, held against what there is."""
    with ground.db.read(ground.organization_id) as tx:
        pack = governing.rulebook_at(tx, ground.organization_id, ground.until).organization
    law, zone = governing.shipped_law(), zones.zone(pack.zone)
    return checklist.checklist(told, law, pack.jurisdictions, zone, ground.until)


def files(ground: Ground, entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """The files that came with consents, under names of their own; those that were erased are left out."""
    for line in entries:
        kept = line["data"].get("proof")
        if not isinstance(kept, str):
            continue
        about = str(line["data"].get("about", line["entry"]))
        try:
            with ground.db.read(ground.organization_id) as tx:
                media, content = proofs.content(tx, ground.keyring, ground.organization_id, UUID(about), UUID(kept))
        except (ConsentError, ValueError):
            continue
        kind = proof_types.KINDS.get(media)
        yield f"proof-files/{kept}{'.' + kind.ending.lstrip('.') if kind is not None else ''}", content


def asked(ground: Ground, tenant: Tenant, about: About) -> Iterator[tuple[str, bytes]]:
    """Each request with its timeline and outcomes, and its certificate where one was made."""
    with ground.db.read(ground.organization_id) as tx:
        found = [about.request] if about.request is not None else requests.of_contacts(
            tx, ground.organization_id, [one.id for one in about.places], tenant.zone, ground.until
        )  # fmt: skip
        for one in found:
            if datetime.fromisoformat(one["received_at"]) > ground.until:
                continue
            id_ = UUID(one["id"])
            line = [
                {"number": each.number, "kind": each.kind, "at": instant(each.at), "facts": dict(each.facts)}
                | {"by_member": str(each.by_member) if each.by_member is not None else None}
                | {"entry": str(each.entry_id) if each.entry_id is not None else None}
                for each in steps.timeline(tx, ground.organization_id, id_)
                if each.at <= ground.until
            ]
            told = {"request": one, "timeline": line, "outcomes": requests.outcomes(tx, ground.organization_id, id_)}
            yield f"requests/{id_}.json", (json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n").encode()
            closed = certificates.of_request(tx, ground.keyring, ground.organization_id, id_)
            if closed is not None and closed.made_at <= ground.until:
                yield f"requests/{id_}.certificate.jws", closed.statement.encode()


def keys(ground: Ground) -> Iterator[tuple[str, str]]:
    """The public keys, as the service publishes them."""
    mine = [ground.organization_id]
    yield "keys/jwks.json", json.dumps(published.jwks(ground.keyring, mine), indent=1) + "\n"
    yield "keys/log-keys.txt", "".join(f"{one}\n" for one in published.log_vkeys(ground.keyring, mine))


def checkpoints(ground: Ground) -> Iterator[tuple[str, bytes]]:
    """The newest signed checkpoint of each log, and what outsiders said of checkpoints."""
    with ground.db.read(ground.organization_id) as tx:
        for log in ledger.logs(tx, ground.organization_id):
            note = ledger.newest_note(tx, ground.organization_id, log.log_id)
            if note is None:
                continue
            size = ledger.checkpoint_of(note).size
            yield f"checkpoints/{log.log_id}-{size}.txt", note.encode()
            for anchor, data in anchors.until(tx, ground.organization_id, log.log_id, ground.until):
                yield f"checkpoints/{log.log_id}-{anchor.size}.{anchor.kind}.{anchor.at:%Y%m%dT%H%M%S}", data
