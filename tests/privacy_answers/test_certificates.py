"""The certificate: signed, sealed, readable in three languages, and provable when everything else is gone."""

import html
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from consent import clock
from consent.cli import main
from consent.db import Sql
from consent.db.types import as_id
from consent.evidence import bundles, offline
from consent.evidence.offline import DoesNotHold
from consent.house import House
from consent.ledger import base64url, bodies, jobs, keys, notes, published, queries
from consent.outbox import mail
from consent.outbox.service import JOB
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers import certificate, certificate_files, certificate_text, certificates
from consent.privacy_requests.answers import jobs as answer_jobs
from consent.privacy_requests.answers.certificate import Done, Gone, Result
from consent.subjects import service as subjects
from consent.web import spoken
from tests.privacy_answers.desk import ANA, REQUEST, Desk, facts_of
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant

_PAYLOAD = Sql("SELECT id, payload FROM job WHERE organization_id = :organization_id AND kind = 'mail.certificate'")
_SHRED = Sql(
    "UPDATE stream_key SET wrapped_key = NULL WHERE organization_id = :organization_id AND stream_id = :stream_id"
)


def seal(house: House, valley: Tenant) -> None:
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())


def pack_of(house: House, valley: Tenant) -> OrganizationPack:
    """Valley as its settings describe it now."""
    return house.governing.now(valley.id, clock.now()).rulebook.organization


def test_the_certificate_says_what_was_done_and_what_stays_and_of_a_long_proof_only_the_hash(time: Time) -> None:
    told = certificate.told(facts_of(time.at), "valley", "Valley", "privacy@valley.example")
    messages, billing = told["outcomes"]
    assert messages["backup_until"] == "2027-01-04"
    assert messages["done"][0]["count"] == 3
    assert messages["done"][0]["proof"].startswith("sha-256:")
    assert billing == {
        "category": "billing",
        "what": "keep",
        "ground": "tax-records",
        "clause": "VSH-58",
        "keep_until": "2033-12-31",
    }
    assert "verified_at" not in told
    other = certificate.told(facts_of(time.at, masked="b…@e…"), "valley", "Valley", "privacy@valley.example")
    assert certificate.digest(told) != certificate.digest(other)
    with pytest.raises(ValueError, match="no outcome"):
        certificate.told(facts_of(time.at, results=(certificate.Result("x", "lost"),)), "v", "V", "p")


def test_it_is_proved_offline_after_the_keys_of_its_person_are_gone(
    desk: Desk, house: House, valley: Tenant, time: Time, client: FlaskClient, tmp_path: Path
) -> None:
    contact = desk.contact()
    desk.certify(contact)
    seal(house, valley)
    house.db.write(lambda tx: tx.run(_SHRED, {"organization_id": valley.id, "stream_id": contact}), valley.id)
    with house.db.read(valley.id) as tx:
        one = certificates.of_request(tx, house.keyring, valley.id, REQUEST)
        assert one is not None
        proof = certificates.file_of(tx, valley.id, one)
    assert proof is not None
    assert ANA.encode() not in proof
    jwks = published.jwks(house.keyring, [valley.id])
    vkeys = published.log_vkeys(house.keyring, [valley.id])
    verified = offline.verify(bundles.read(proof), jwks, [notes.read_vkey(each) for each in vkeys])
    assert verified.claims["certificate"]["outcomes"][1]["keep_until"] == "2033-12-31"
    assert verified.checkpoint is not None
    files = {"bundle.json": proof, "jwks.json": json.dumps(jwks).encode(), "keys.txt": "\n".join(vkeys).encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    asked = ["receipts", "verify", str(tmp_path / "bundle.json"), "--jwks", str(tmp_path / "jwks.json")]
    done = CliRunner().invoke(main, [*asked, "--log-key", str(tmp_path / "keys.txt")])
    assert done.exit_code == 0, done.output
    assert "The certificate holds: deletion" in done.output and "billing: keep until 2033-12-31" in done.output


def test_a_certificate_that_was_changed_or_put_beside_another_entry_does_not_hold(
    desk: Desk, house: House, valley: Tenant, time: Time
) -> None:
    contact = desk.contact()
    first, second = desk.certify(contact), desk.certify(contact, reference="OTHER-00000")
    seal(house, valley)
    jwks = published.jwks(house.keyring, [valley.id])
    with house.db.read(valley.id) as tx:
        file = json.loads(certificates.file_of(tx, valley.id, first) or b"")
        stored = queries.event(tx, valley.id, second.id)
    assert stored is not None
    other = bodies.parse(stored.body)
    claims = json.loads(json.dumps(first.claims))
    claims["certificate"]["outcomes"][1]["keep_until"] = "2026-12-31"
    forged = certificate.sign(claims, house.keyring.receipt_key(valley.id, clock.now()))
    vkeys = [notes.read_vkey(each) for each in published.log_vkeys(house.keyring, [valley.id])]
    wrong = (("body", {"receipt": forged}), ("body", {"body": base64url.encode(other.body)}),
             ("receipt", {"receipt": file["receipt"][:-4]}))  # fmt: skip
    for step, changed in wrong:
        with pytest.raises(DoesNotHold) as broken:
            offline.verify(bundles.read(json.dumps(file | changed).encode()), jwks, vkeys)
        assert broken.value.field == step


def test_it_is_mailed_once_it_is_sealed_and_the_address_waits_until_the_mail_has_left(
    desk: Desk, house: House, valley: Tenant, time: Time
) -> None:
    contact = desk.contact()
    desk.certify(contact, language="fr")

    def post() -> int:
        return answer_jobs.mail_certificates(
            house.db, house.keyring, valley.id, pack_of(house, valley), PUBLIC_URL, clock.now()
        )

    def is_out() -> bool:
        with house.db.read(valley.id) as tx:
            return answer_jobs.is_out(tx, valley.id, REQUEST, clock.now())

    assert post() == 0  # nothing proves it yet
    seal(house, valley)
    assert (post(), post()) == (1, 0)
    with house.db.read(valley.id) as tx:
        ((job, payload),) = tx.all(_PAYLOAD, {"organization_id": valley.id})
        known = subjects.by_id(tx, house.keyring, valley.id, contact)
    assert known is not None and known.key is not None
    job_id = as_id(job)
    letter = mail.mail_of(json.loads(keys.open_facts(known.key, bytes(payload), valley.id, job_id, JOB)))
    assert letter.subject == "Ce que votre demande adressée à Valley Smart Homes est devenue"
    assert [one.name.rpartition(".")[2] for one in letter.attachments] == ["html", "pdf", "json"]
    assert b'<html lang="fr">' in letter.attachments[0].content
    assert letter.attachments[1].content.startswith(b"%PDF-")
    assert not is_out()
    done = Sql("UPDATE job SET done_at = :now, outcome = 'sent' WHERE organization_id = :organization_id AND id = :id")
    house.db.write(lambda tx: tx.run(done, {"organization_id": valley.id, "id": job_id, "now": clock.now()}), valley.id)
    assert is_out()


def test_a_mail_that_never_leaves_holds_the_deletion_up_for_a_week_only(
    desk: Desk, house: House, valley: Tenant, time: Time
) -> None:
    desk.certify(desk.contact())
    with house.db.read(valley.id) as tx:
        assert not answer_jobs.is_out(tx, valley.id, REQUEST, clock.now())
        assert answer_jobs.is_out(tx, valley.id, REQUEST, clock.now() + timedelta(days=8))


def test_the_page_of_a_certificate_opens_by_its_whole_address_and_by_no_other(
    desk: Desk, house: House, valley: Tenant, time: Time, client: FlaskClient
) -> None:
    one = desk.certify(desk.contact("+15095550142", "sms"), mail=False)
    address = answer_jobs.path_of(house.keyring, valley.id, valley.slug, REQUEST)
    for language, title in (("en", "What became of your request"), ("es", "Qué ha pasado con su solicitud")):
        page = client.get(f"{address}?lang={language}")
        assert page.status_code == 200
        assert title in page.text
    assert client.get(f"{address}?as=json").status_code == 404  # not sealed yet
    seal(house, valley)
    answer = client.get(f"{address}?as=json")
    assert answer.headers["Content-Disposition"].endswith('.json"')
    assert bundles.read(answer.data).receipt == one.statement
    assert client.get(f"{address}?as=pdf").data.startswith(b"%PDF-")
    assert client.get(f"{address[:-3]}xyz").status_code == 404
    assert client.get(address.replace("abcd", "abce")).status_code == 404


def test_page_and_pdf_say_the_same_lines_in_every_language(
    desk: Desk, house: House, valley: Tenant, time: Time
) -> None:
    one, pack = desk.certify(desk.contact()), pack_of(house, valley)
    for language in ("en", "fr", "es"):
        said = certificate_files.text(one, language, PUBLIC_URL, pack)
        page = certificate_files.page(one, language, PUBLIC_URL, pack).decode()
        assert all(section.title in page for section in said.sections)
        assert len(said.sections) == 4
        assert "VSH-58" in page and "https://authority.example" in page
        assert "<script" not in page and "http-equiv" not in page


def test_a_certificate_calls_data_grounds_and_systems_as_the_organization_does_in_the_language_of_the_reader(
    desk: Desk, house: House, valley: Tenant, time: Time
) -> None:
    done = Done("own", "erase", 2, clock.now())
    results = (
        Result("account-contact", "do", done=(done,)),
        Result("call-detail/billing-system", "keep", ground="tax", keep_until=date(2033, 12, 31)),
    )
    one, pack = desk.certify(desk.contact(), results=results), pack_of(house, valley)
    wanted = {
        "en": ("Account and contact details", "the records of this service", "Call details, from: billing system",
               "Why: tax records have to be kept."),
        "fr": ("Compte et coordonnées", "les données de ce service", "Détails des appels", "les documents fiscaux"),
        "es": ("Cuenta y datos de contacto", "los registros de este servicio", "Detalles de las llamadas", "fiscales"),
    }  # fmt: skip
    for language, words in wanted.items():
        page = html.unescape(certificate_files.page(one, language, PUBLIC_URL, pack).decode())
        assert [each for each in words if each not in page] == []
        assert "account contact" not in page and "account-contact" not in page


@pytest.mark.parametrize(
    ("language", "answered", "closed"),
    [
        ("en", "Your request is answered.", "Your request is closed."),
        ("fr", "Votre demande a reçu sa réponse.", "Votre demande est close."),
        ("es", "Su solicitud está respondida.", "Su solicitud está cerrada."),
    ],
    ids=["en", "fr", "es"],
)
def test_while_the_last_of_it_waits_the_mail_calls_it_answered_and_closed_only_where_nothing_waits(
    desk: Desk, house: House, valley: Tenant, time: Time, language: str, answered: str, closed: str
) -> None:
    pack, contact = pack_of(house, valley), desk.contact()
    for last, says, not_so in ((True, answered, closed), (False, closed, answered)):
        one = desk.certify(contact, language=language, results=(Result("account-contact", "do", last=last),))
        letter = certificate_files.mail(one, b"{}", PUBLIC_URL, f"{PUBLIC_URL}/x", pack)
        for text in (letter.text, html.unescape(letter.html)):
            assert says in text and not_so not in text


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_nothing_says_that_the_signature_proves_what_went_after_it(
    desk: Desk, house: House, valley: Tenant, time: Time, language: str
) -> None:
    one, pack = (
        desk.certify(desk.contact(), results=(Result("account-contact", "do", last=True),)),
        pack_of(house, valley),
    )
    say = spoken.say(language)
    for gone, says in (
        (None, certificate_text.LAST_TO_GO),
        (Gone(clock.now(), ("entry-1", "entry-2")), certificate_text.LAST_GONE),
        (Gone(clock.now()), certificate_text.LAST_GONE_UNPROVED),
    ):
        lines = [line.text for line in certificate_files.text(one, language, PUBLIC_URL, pack, gone).sections[3].lines]
        assert say(says) in lines
        assert ("entry-1\nentry-2" in lines) is (gone is not None and bool(gone.entries))
    if language != "en":
        assert say(certificate_text.LAST_GONE) != certificate_text.LAST_GONE
