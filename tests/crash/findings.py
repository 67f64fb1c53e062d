"""What is wrong after the rest: something lost, doubled, invented, misread, unsent or not as the ledger says."""

from collections import Counter
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import bodies, disclosures, keys
from consent.preferences import rules
from consent.preferences import service as preferences
from tests.crash.gateway import Gateway, sent_texts
from tests.crash.installation import SLUG, Installation, NotServing

_WAITING = Sql(
    "SELECT (SELECT count(*) FROM ledger_pending WHERE organization_id = :org)"
    " + (SELECT count(*) FROM job WHERE organization_id = :org AND done_at IS NULL)"
)
EVENTS = Sql(
    "SELECT e.stream_id, e.event_id, e.body, d.ciphertext, d.key_version, k.wrapped_key FROM ledger_event e"
    " JOIN contact_point c ON c.organization_id = e.organization_id AND c.id = e.stream_id"
    " JOIN stream_key k ON k.organization_id = e.organization_id AND k.stream_id = e.stream_id"
    " LEFT JOIN ledger_disclosure d ON d.organization_id = e.organization_id AND d.event_id = e.event_id"
    " AND d.name = 'facts' WHERE e.organization_id = :org ORDER BY e.stream_id, e.stream_seq"
)
_JOBS = Sql("SELECT id, kind, outcome, last_error FROM job WHERE organization_id = :org")


def waiting(installation: Installation) -> int:
    """How many events wait for their seal and how many jobs to be done."""
    with installation.house.db.read(installation.tenant.id) as tx:
        row = tx.one(_WAITING, {"org": installation.tenant.id})
    return int(row[0]) if row is not None else 0


def look(installation: Installation, gateway: Gateway) -> list[str]:
    """Every way in which the stored state contradicts what the gateway was told; empty if all is well."""
    found = _texts(installation, gateway)
    with installation.house.db.read(installation.tenant.id) as tx:
        found += _ledger(tx, installation, gateway)
        found += _replies(tx, installation)
    if left := waiting(installation):
        found.append(f"{left} events or jobs still wait")
    for command in (("ledger", "verify"), ("preferences", "rebuild", "--organization", SLUG, "--check")):
        try:
            installation.ask(*command)
        except NotServing as error:
            found.append(str(error))
    return found


def _texts(installation: Installation, gateway: Gateway) -> list[str]:
    """The gateway's log against the list that an operator would print."""
    listed = installation.ask("sms", "messages", "--organization", SLUG, "--ids").split()
    stored = Counter(listed)
    found = [f"refused: {one}" for one in gateway.refused]
    found += [f"never taken: {sid}" for sid in gateway.tried if sid not in gateway.acknowledged]
    found += [f"acknowledged and lost: {sid}" for sid in gateway.acknowledged if sid not in stored]
    found += [f"stored {times} times: {sid}" for sid, times in stored.items() if times > 1]
    found += [f"never brought: {sid}" for sid in stored if sid not in gateway.tried]
    return found


def _ledger(tx: Tx, installation: Installation, gateway: Gateway) -> list[str]:
    """Each text is one event, and means what it said."""
    found: list[str] = []
    told: Counter[str] = Counter()
    organization_id = installation.tenant.id
    for _stream, event_id, body, sealed, version, wrapped in tx.all(EVENTS, {"org": organization_id}):
        leaf = bodies.parse(bytes(body))
        if leaf.source != "webhook" or sealed is None:
            continue
        key = installation.house.keyring.stream_key(organization_id, bytes(wrapped))
        plain = keys.open_facts(key, bytes(sealed), organization_id, as_id(event_id), "facts", version)
        for fact in disclosures.unpack(plain):
            if fact.name == "provider_msg_id":
                sid = str(fact.value)
                told[sid] += 1
                if (meant := gateway.tried.get(sid)) != leaf.data["intent"]:
                    found.append(f"{sid} ({meant}) was taken for {leaf.data['intent']}")
    found += [f"in the ledger {times} times: {sid}" for sid, times in told.items() if times > 1]
    return found + [f"not in the ledger: {sid}" for sid in gateway.acknowledged if sid not in told]


def _replies(tx: Tx, installation: Installation) -> list[str]:
    """One confirmation for each STOP that silenced somebody, none for any other, and nothing sent twice."""
    organization_id = installation.tenant.id
    answers = {}  # event -> job
    found: list[str] = []
    for job_id, kind, outcome, error in tx.all(_JOBS, {"org": organization_id}):
        if outcome != "sent":
            found.append(f"job {as_id(job_id)} ({kind}) is {outcome}: {error}")
        if kind == "reply.stop":
            answers[as_id(job_id)] = str(as_id(job_id))  # an answer has the id of the text it answers
    sent = Counter(str(line["client_ref"]) for line in sent_texts(installation.outbox))
    found += [f"job {job} was sent {times} times" for job, times in sent.items() if times > 1]
    silencing = _silencing(tx, organization_id)
    found += [f"no confirmation for {event}" for event in silencing if sent[answers.get(event, "")] != 1]
    return found + [f"a confirmation too many: {event}" for event in answers if event not in silencing]


def _silencing(tx: Tx, organization_id: UUID) -> set[UUID]:
    """The events that stopped a number which was not stopped, told from the history alone."""
    found: set[UUID] = set()
    state: rules.State = {}
    current = None
    for stream_id, event_id, body, *_ in tx.all(EVENTS, {"org": organization_id}):
        if stream_id != current:
            current, state, facts = stream_id, {}, []
        facts += preferences.facts_of([bytes(body)])
        before, state = _stopped(state), rules.fold(facts)
        if _stopped(state) and not before:
            found.add(as_id(event_id))
    return found


def _stopped(state: rules.State) -> bool:
    standing = state.get(rules.NUMBER)
    return standing is not None and standing.state == "withdrawn"
