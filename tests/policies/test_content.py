"""What the words of a text say: offers in three languages, links, shorteners, statements. All of it is data."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent.cli import main
from consent.policies import lexicon
from consent.policies.lexicon import LANGUAGES
from consent.policies.questions import Question
from tests.policies.house import NOW, POLICIES, TEXTS, Standing, codes, fact, rulebook

FILE = POLICIES / "words" / "content.toml"
OFFERS = {
    "en": ("20% off today", "Use promo code SAVE", "Special offers inside", "Limited-time price", "Sign up now",
           "Refer a friend", "$5 off", "one month: a free month", "Save up to 30", "Buy now", "Subscribe today"),
    "es": ("20% de descuento", "Use el código de descuento VER", "Oferta especial para usted", "Compre ahora",
           "Un mes gratis", "Ahorre hasta 30", "Grandes rebajas", "Nueva promoción"),
    "fr": ("20 % de rabais", "Votre code promo", "Offre spéciale", "Achetez maintenant", "Un mois gratuit",
           "Économisez jusqu'à 30", "-25 % ce soir", "Profitez de notre offre", "Chaises en solde"),
}  # fmt: skip
PLAIN = (
    "Invoice 7 over 45.00 is due on 1 December.",
    "Your technician arrives at 3 pm. Order 12 is on its way.",
    "The power is off in your street.",
    "Su factura de 45.00 vence el 1 de diciembre. La orden 12 va en camino.",
    "Votre facture de 45.00 est due. Le service est offert jusqu'a 5 h.",
    "Use code 4711 to sign in.",
)


@pytest.mark.parametrize(("language", "text"), [(one, text) for one in LANGUAGES for text in OFFERS[one]])
def test_an_offer_is_found_in_its_language_however_it_is_typed(language: str, text: str) -> None:
    words = lexicon.shipped()
    for spelled in (text, text.upper(), lexicon.plain(text)):
        found = words.offer(f"Hello. {spelled}!")
        assert found is not None
        assert found.language == language


@pytest.mark.parametrize("text", PLAIN)
def test_what_service_says_is_no_offer(text: str) -> None:
    assert lexicon.shipped().offer(text) is None


def test_every_entry_has_a_language_and_a_hint_that_its_words_hold() -> None:
    told = tomllib.loads(FILE.read_text("utf-8"))["offer"]
    assert {one["language"] for one in told} == set(LANGUAGES)
    assert all(one["hint"] and one["hint"] == lexicon.plain(one["hint"]) for one in told)
    assert all(lexicon.plain(word) == word.lower() for one in told for word in one["words"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your order: https://shop.example/7", "content-link"),
        ("See www.shop.example", "content-link"),
        ("See shop.example/orders", "content-link"),
        ("See https://bit.ly/3abc", "content-shortened-link"),
        ("See BIT.LY/3abc", "content-shortened-link"),
    ],
)
def test_a_link_in_a_service_text_is_a_reason_that_names_the_carriers_rule(text: str, code: str) -> None:
    question = Question(TEXTS, "outage", "sms", NOW, content=text)
    verdict = rulebook().may_contact(question, Standing(None, (fact(),)))
    assert (verdict.answer, codes(verdict)) == ("deny", [code])
    assert (verdict.reasons[0].law, verdict.reasons[0].clause) == (
        "TCR-CAMPAIGN-FIELDS", "The Campaign Registry, campaign fields"
    )  # fmt: skip


@pytest.mark.parametrize("text", ["Call 509-557-0508 at 3/4 past.", "Write to sales@valley.example.", "Now $5/month"])
def test_what_is_no_link_goes(text: str) -> None:
    question = Question(TEXTS, "outage", "sms", NOW, content=text)
    assert rulebook().may_contact(question, Standing(None, (fact(),))).answer == "allow"


def test_the_direct_answer_to_a_keyword_may_hold_a_link() -> None:
    question = Question(
        TEXTS, "keyword-reply", "sms", NOW, content="Choose at https://valley.example/p", answers_keyword=True
    )
    assert rulebook().may_contact(question, Standing(None, ())).answer == "allow"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Message frequency may vary. Msg & data rates may apply."),
        ("es", "La frecuencia de los mensajes varía. Se aplican tarifas de mensajes y datos."),
        ("fr", "La fréquence des messages varie. Des frais de messages peuvent s'appliquer."),
    ],
)
def test_statements_are_found_in_three_languages(language: str, text: str) -> None:
    words = lexicon.shipped()
    assert all(words.carries(text, one, language) for one in words.statements)
    assert not any(words.carries("Hello", one, language) for one in words.statements)


def test_lint_names_file_line_and_words(tmp_path: Path) -> None:
    file = tmp_path / "bill.txt"
    file.write_text("Your bill is ready.\nSave up to 30!\nSee https://bit.ly/x\n")
    done = CliRunner().invoke(main, ["sms", "lint", str(file)])
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[0].startswith(f'{file}:2: content-promotional: "save up to"')
    assert lines[1].startswith(f'{file}:3: content-shortened-link: "https://bit.ly/x"')
    assert len(lines) == 2


def test_lint_reads_standard_input_and_is_silent_about_nothing() -> None:
    done = CliRunner().invoke(main, ["sms", "lint"], input="Your technician arrives at 3 pm.\n")
    assert (done.exit_code, done.output) == (0, "Nothing to mend.\n")
    found = CliRunner().invoke(main, ["sms", "lint", "--json", "-"], input="20% off\n")
    assert found.exit_code == 1
    assert json.loads(found.stdout)[0]["line"] == 1


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * 1_100_000])
def test_lint_refuses_what_is_no_template(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes(body)
    done = CliRunner().invoke(main, ["sms", "lint", str(file)])
    assert done.exit_code == 1
    assert "Error" in done.output
