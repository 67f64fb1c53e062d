"""The certificate as page to keep, as PDF and as mail, in the language of the person."""

from consent.deadlines import zones
from consent.outbox.mail import Attachment, Mail
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers import certificates
from consent.privacy_requests.answers.certificate import Gone
from consent.privacy_requests.answers.certificate_text import Text, goes_last, text_of
from consent.privacy_requests.answers.certificates import TEMPLATES, Certificate
from consent.privacy_requests.answers.words import Speaker
from consent.web import pdf, spoken

HTML, PDF, JSON = "text/html; charset=utf-8", "application/pdf", "application/json"


def text(one: Certificate, language: str, url: str, pack: OrganizationPack, gone: Gone | None = None) -> Text:
    """What it says in that language, by the names the organization has; `url` is the public address of the service.

    `gone` tells that what was still there when it was signed has gone.
    """
    language = spoken.language_of(language)
    speaker = Speaker(spoken.say(language), language, pack)
    check, where = f"{url}/check?of={pack.slug}&lang={language}", zones.zone(pack.zone)
    return text_of(one.claims, speaker, check, where, gone=gone)


def page(one: Certificate, language: str, url: str, pack: OrganizationPack, gone: Gone | None = None) -> bytes:
    """One self-contained HTML file."""
    return spoken.render(TEMPLATES, "answers/file.html", language, text=text(one, language, url, pack, gone)).encode()


def document(one: Certificate, language: str, url: str, pack: OrganizationPack, gone: Gone | None = None) -> bytes:
    """A PDF of the same lines."""
    said = text(one, language, url, pack, gone)
    return pdf.made(said.title, said.under, said.sections, one.made_at, language=spoken.language_of(language))


def mail(one: Certificate, proof: bytes, url: str, address: str, pack: OrganizationPack) -> Mail:
    """The mail that brings it: the files, the page on which it stands, and no word that is not in it."""
    told = one.claims["certificate"]
    shown = {"text": text(one, one.language, url, pack), "address": address, "goes_last": goes_last(told)}
    shown |= {"organization": told["organization"]["name"]}
    plain = spoken.render(TEMPLATES, "answers/certificate_mail.txt", one.language, **shown)
    subject, _, words = plain.partition("\n")
    html = spoken.render(TEMPLATES, "answers/certificate_mail.html", one.language, **shown)
    files = (
        Attachment(certificates.name_of(one, "html"), "text/html", page(one, one.language, url, pack)),
        Attachment(certificates.name_of(one, "pdf"), PDF, document(one, one.language, url, pack)),
        Attachment(certificates.name_of(one, "json"), JSON, proof),
    )
    return Mail(subject.strip(), words.strip() + "\n", html, files)
