"""What registers say for the codes of packs: where a policy holds, whose data it is, how data is protected.

What a pack calls otherwise has no words here and is shown as it was written, marked as English.
"""

from types import MappingProxyType

from consent.deadlines import Period
from consent.web.i18n import ngettext
from consent.web.messages import N_

# Surfaces and services. The name of a site needs no words: see `place` in web/words.html.
PLACES = MappingProxyType(
    {
        "1connect-portal": N_("Portal of building managers"),
        "account": N_("Accounts"),
        "billing": N_("Billing"),
        "cloud-services": N_("Cloud services"),
        "customer-support": N_("Customer support"),
        "internet-access": N_("Internet access"),
        "managed-networking": N_("Managed networks"),
        "managed-online-profiles": N_("Managed online profiles"),
        "messaging": N_("Messaging"),
        "network": N_("Network"),
        "other-portals": N_("Other portals"),
        "partner-portal": N_("Portal of partners"),
        "portals": N_("Portals"),
        "reseller-program": N_("Resellers"),
        "resident-app": N_("App of residents"),
        "services": N_("Services"),
        "sms-mms": N_("Text and picture messages"),
        "support": N_("Support"),
        "telephone": N_("Telephone"),
        "voip": N_("Telephone over the internet"),
        "website": N_("Website"),
    }
)
PERSONS = MappingProxyType(
    {
        "business-partner": N_("business partners"),
        "customer": N_("customers"),
        "end-user": N_("end users"),
        "owner": N_("owners"),
        "platform-user": N_("users of the platform"),
        "property-manager": N_("property managers"),
        "resident": N_("residents"),
        "super-user": N_("users with special rights"),
        "visitor": N_("visitors"),
        "website-visitor": N_("visitors of the website"),
    }
)
RECORDED_FOR = MappingProxyType(
    {
        "customer-support": N_("helping customers"),
        "disputes": N_("settling disputes"),
        "employee-training": N_("training staff"),
        "quality": N_("keeping up quality"),
        "quality-control": N_("checking quality"),
        "troubleshooting": N_("finding faults"),
    }
)
# How people on a recorded line learn of it, and which calls of the line are recorded (policies/recorded_lines.py).
TOLD_BY = MappingProxyType(
    {
        "announcement": N_("They are told"),
        "consent": N_("They are told and asked, and everybody has to say yes"),
    }
)
SELECTIONS = MappingProxyType(
    {
        "every-call": N_("Every call"),
        "on-demand": N_("Those that somebody on the call wants recorded"),
        "random": N_("Some, picked at random"),
    }
)
MEASURES = MappingProxyType(
    {
        "access-control": N_("Control of access"),
        "administrative": N_("Administrative safeguards"),
        "at-rest": N_("Encryption of what is stored"),
        "confidentiality-duty": N_("Duty of confidentiality"),
        "encrypted-password": N_("Encrypted passwords"),
        "encryption-where-appropriate": N_("Encryption where appropriate"),
        "in-transit": N_("Encryption on the way"),
        "network-security": N_("Security of the network"),
        "physical": N_("Physical safeguards"),
        "physical-access": N_("Control of physical access"),
        "policies": N_("Policies"),
        "procedures": N_("Procedures"),
        "restricted-access": N_("Restricted access"),
        "secure-server": N_("Secure servers"),
        "secure-transmission": N_("Secure transmission"),
        "secured-network": N_("Secured network"),
        "security-same-as-sensitive-customer-data": N_("The same security as for sensitive data of customers"),
        "ssl-encryption": N_("SSL encryption"),
        "ssl-optional": N_("SSL encryption as an option"),
        "storage-company-internal": N_("Storage within the company"),
        "technical": N_("Technical safeguards"),
        "training": N_("Training"),
        "vulnerability-scanning": N_("Scanning for vulnerabilities"),
    }
)
# Where an entry came from, for people.
SOURCES = MappingProxyType(
    {
        "staff": N_("Staff"),
        "page": N_("The person, on a page"),
        "webhook": N_("A gateway"),
        "api": N_("A system of ours"),
        "import": N_("An import"),
        "drp": N_("A data rights agent"),
        "system": N_("The service itself"),
    }
)


def lasting(period: str) -> str:
    """A period of ISO 8601 in words, in the language of the page: "6 months". Raises BadInput for no period."""
    found = Period.parse(period)
    years, months = divmod(found.months, 12)
    minutes, seconds = divmod(found.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = (
        (years, ngettext("%(num)s year", "%(num)s years", years)),
        (months, ngettext("%(num)s month", "%(num)s months", months)),
        (found.days, ngettext("%(num)s day", "%(num)s days", found.days)),
        (hours, ngettext("%(num)s hour", "%(num)s hours", hours)),
        (minutes, ngettext("%(num)s minute", "%(num)s minutes", minutes)),
        (seconds, ngettext("%(num)s second", "%(num)s seconds", seconds)),
    )
    return ", ".join(text % {"num": count} for count, text in parts if count)
