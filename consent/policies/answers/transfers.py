"""One transfer of data as it is asked about. What is not said about it counts against it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Transfer:
    """Which fields of which class of data go to whom for what, and everything a condition may ask about."""

    data: str
    recipient: str
    purpose: str
    fields: tuple[str, ...] = ()
    met: frozenset[str] = frozenset()  # conditions and contract terms that are on file, by the words of the policy
    sale_refused: bool | None = None  # does a refusal of sale and sharing stand, of this person? None: nobody looked
    use_limited: bool = False  # a limit on the use of sensitive data stands
    sensitive: bool = False  # health, precise place, identity documents and their like
    consent: str | None = None  # "enrolment" or "this-transfer": when the person agreed, if that is on record
    ground: str | None = None
    instrument: str | None = None  # the order or request of an authority
    country: str | None = None
    approver: str | None = None
    reason: str | None = None
    reference: str | None = None  # the person's own inquiry, order or ticket
    chosen: bool = False  # the person or customer chose or connected this recipient
    person: str | None = None  # the role of the person
    building: str | None = None
    recipient_building: str | None = None
    unit: str | None = None
    recipient_unit: str | None = None
    identifying: bool = True
    owners: int | None = None  # of how many customers the file holds rows
    compelled: bool | None = None
    name: str | None = None  # the recipient's own name, for a register
    location: str | None = None
    subprocessor: bool | None = None
    transfer_basis: str | None = None
    shown: frozenset[str] = frozenset()  # terms of others that were shown to the person
    kinds: frozenset[str] = frozenset()  # what the recipient is, by the words of consent.policies.recipients
