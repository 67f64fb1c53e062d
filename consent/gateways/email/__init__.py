"""Mail: composed by us, handed to one server, one file per way out and one contract for all (base.py)."""

from consent.gateways.email.base import Attachment, Mail, Mailer, NotSent, Parcel
from consent.gateways.email.registry import load, names

__all__ = ["Attachment", "Mail", "Mailer", "NotSent", "Parcel", "load", "names"]
