"""How well texts are read: our own corpus line by line, the blind part in figures, and what the rules may not be."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import consent.sms.wording
from consent.sms.rules import Intent, classify
from consent.sms.wording.folding import folded
from consent.sms.wording.sentences import _PATTERNS, LANGUAGES
from tests.corpus.reading import FOLDER, figures, lines

# Held out, and read otherwise than labelled; each stays here until a rule reads it.
READ_OTHERWISE = {
    ("just no", "other"),
    ("c'est spam stop ou pas?", "other"),
}
# The same of the further sentences: refusals that name nothing, a death, and what is asked for somebody else.
FURTHER_READ_OTHERWISE = {
    ("no thanks", "other"),
    ("Non merci", "other"),
    ("don't call my work, call my cell", "other"),
    ("my dad passed away and I need to change the name on the account", "ambiguous"),
    (
        "Hola soy la hija de doña Carmen, ella ya falleció, por favor no manden más mensajes a su teléfono",
        "stop",
    ),
}
# Others read it as a stop: it is one of the keywords.
EARLIER_READ_OTHERWISE = {("ya basta", "stop")}
# Exasperation of one or two words or by a word that a guard takes; a resend that may be meant once; a question why.
LATER_READ_OTHERWISE = {
    ("seriously? again?", "other"),
    ("you people never quit", "other"),
    ("vous pouvez me renvoyer vos messages", "other"),
    ("why am I on this text list, what is it", "other"),
}
# Written by somebody who has not seen the rules; the figures of an empty part would reach every floor.
BLIND = "blind.tsv"


def test_our_own_texts_are_read_as_labelled() -> None:
    wrong = {(one.text, one.read_as) for one in lines("own.tsv") if one.read_as != one.intent}
    assert wrong == READ_OTHERWISE


def test_the_further_texts_are_read_as_labelled() -> None:
    further = lines("further.tsv")
    assert {(one.text, one.read_as) for one in further if one.read_as != one.intent} == FURTHER_READ_OTHERWISE
    assert len({(one.text, one.language) for one in further}) == len(further)


@pytest.mark.parametrize(
    ("name", "otherwise"), [("earlier.tsv", EARLIER_READ_OTHERWISE), ("later.tsv", LATER_READ_OTHERWISE)]
)
def test_the_earlier_and_the_later_texts_are_read_as_labelled(name: str, otherwise: set[tuple[str, str]]) -> None:
    part = lines(name)
    assert {(one.text, one.read_as) for one in part if one.read_as != one.intent} == otherwise


def test_what_was_written_while_tuning_is_read_as_labelled() -> None:
    """More than two thousand sentences on which the rules were made general; they count in no figure."""
    asked = [line.partition(": ") for line in (FOLDER / "tuning.txt").read_text(encoding="utf-8").splitlines()]
    assert len(asked) > 2_000
    assert [text for intent, _, text in asked if classify(text).intent != intent] == []


def test_our_own_corpus_is_large_and_has_three_languages() -> None:
    own = lines("own.tsv")
    assert len(own) >= 650
    assert {one.language for one in own} == {"en", "es", "fr", "mixed"}
    assert len({(one.text, one.language) for one in own}) == len(own)


def test_the_blind_part_is_read_well_enough() -> None:
    """Figures only: no text of it is ever printed. The floors are the aim that docs/sms-wording.md names."""
    found = figures(lines(BLIND))
    assert found.keywords.percent >= 99.5
    assert found.sentences.percent >= 97.0
    assert found.false_stops.percent <= 1.0
    assert found.read_as_start == 0


def test_the_blind_part_is_large_and_has_three_languages() -> None:
    blind = lines(BLIND)
    assert len(blind) >= 300
    assert {"en", "es", "fr"} <= {one.language for one in blind}
    assert {"keyword", "sentence"} <= {one.kind for one in blind}


@pytest.mark.parametrize("name", ["own.tsv", "further.tsv", "earlier.tsv", "later.tsv", BLIND])
def test_no_stop_is_read_as_a_start(name: str) -> None:
    assert figures(lines(name)).read_as_start == 0


@pytest.mark.parametrize(
    "said",
    ["I never asked you to start texting me again", "no quiero volver a recibir sus mensajes", "do not opt me back in"],
)
def test_nothing_that_refuses_is_read_as_a_start(said: str) -> None:
    assert classify(said).intent is not Intent.START


@pytest.mark.parametrize("name", ["own.tsv", "further.tsv", "earlier.tsv", "later.tsv", BLIND])
def test_no_text_of_the_corpus_stands_in_the_rules(name: str) -> None:
    """A rule is about kinds of words; a sentence of the corpus in it would be learning by heart."""
    files = sorted(Path(consent.sms.wording.__file__).parent.glob("*.py"))
    source = " ".join(" ".join(one.read_text().split()) for one in files)
    texts = [" ".join(re.findall(r"[^\W_]+", folded(one.text))) for one in lines(name)]
    long_enough = [one for one in texts if one.count(" ") >= 2]
    assert len(long_enough) > 100
    # Plainly first, which is quick: hardly any is there even as a part of words.
    found = [one for one in long_enough if one in source]
    assert sum(bool(re.search(rf"(?<![^\W_]){one}(?![^\W_])", source)) for one in found) == 0


_ORDINARY = (
    "shop step top spot and ends quiet quite quilt suit unit bend send mend spend stoop slop swop strop stow ended"
    " ending remote remover cancer cancels cancelled chancel revolve unstoppable subscribe resubscribe describe"
    " parada altos bajas parte padre alta arrets secret areas ballet massage contract texture alert alters help-desk"
)


@pytest.mark.parametrize("word", _ORDINARY.split())
def test_an_ordinary_word_is_no_misspelt_stop(word: str) -> None:
    assert classify(word).intent is not Intent.STOP


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("please stop texting me", "en"),
        ("ya no me escriban por favor", "es"),
        ("arrêtez de m'écrire", "fr"),
    ],
)
def test_the_answer_is_in_the_language_of_the_words(said: str, language: str) -> None:
    assert (classify(said).intent, classify(said).language) == (Intent.STOP, language)


@pytest.mark.parametrize(
    "said",
    ["stop everything", "don't contact me in any way", "no me contacten de ninguna manera", "cessez tout contact"],
)
def test_words_about_all_contact_say_so(said: str) -> None:
    found = classify(said)
    assert found.intent is Intent.STOP
    assert found.everything


@pytest.mark.parametrize("said", ["stop texting me", "unsubscribe me please", "deja de mandarme mensajes"])
def test_a_stop_to_texts_is_not_about_all_contact(said: str) -> None:
    found = classify(said)
    assert (found.intent, found.everything) == (Intent.STOP, False)


@pytest.mark.parametrize("said", ["Delete my data", "borra mis datos", "supprimez mes données"])
def test_asking_for_deletion_alone_is_no_stop(said: str) -> None:
    found = classify(said)
    assert (found.intent, found.erasure) == (Intent.OTHER, True)
    assert "deleted" in found.why


def test_asking_to_see_or_to_correct_ones_data_is_read_in_three_languages() -> None:
    asked = {
        "access": (
            ("What data do you have on me?", "en"),
            ("I'd like a copy of the personal information you have about me", "en"),
            ("quelles données avez-vous sur moi ?", "fr"),
            ("envoyez-moi une copie de mes données", "fr"),
            ("¿Qué datos tienen sobre mí?", "es"),
            ("quiero ver mis datos personales", "es"),
        ),
        "correction": (
            ("please correct my address", "en"),
            ("you have my name wrong", "en"),
            ("mon nom est faux", "fr"),
            ("corrijan mi dirección", "es"),
        ),
    }
    for wish, texts in asked.items():
        for said, language in texts:
            found = classify(said)
            assert (found.intent, found.asks, found.language) == (Intent.OTHER, (wish,), language), said
    for said in ("What time do you have?", "My address is 5 Main St", "send me the details", "STOP", "what is wrong"):
        assert classify(said).asks == (), said
    both = classify("stop texting me and send me a copy of my data")
    assert (both.intent, both.asks) == (Intent.STOP, ("access",))


def test_asking_for_deletion_and_silence_is_both() -> None:
    found = classify("delete my data and stop texting me")
    assert (found.intent, found.erasure) == (Intent.STOP, True)


@pytest.mark.parametrize("said", ["wrong number", "número equivocado", "mauvais numéro", "I'm not Teresa"])
def test_a_wrong_number_is_a_stop_and_says_so(said: str) -> None:
    found = classify(said)
    assert (found.intent, found.wrong_number) == (Intent.STOP, True)


def test_every_reason_is_a_sentence_and_repeats_nothing_of_the_text() -> None:
    for line in lines("own.tsv"):
        why = classify(line.text).why
        assert why[0].isupper()
        assert why.endswith(".")
        if len(line.text) > 25:
            assert line.text not in why


def test_a_guard_gives_the_reason_where_nothing_else_is_asked() -> None:
    assert "visit" in classify("can you stop by at 3pm").why


def test_no_pattern_repeats_without_a_bound() -> None:
    """A row of n words is searched in n steps times a constant: every repetition ends after nine."""
    assert len(_PATTERNS.all) > 300
    for one in _PATTERNS.all:
        assert not set("*+") & set(one.regex.pattern), one.rule
        assert all(int(most) <= 9 for most in re.findall(r"\{\d,(\d+)\}", one.regex.pattern))


def test_every_kind_of_word_is_asked_for() -> None:
    """A table that no rule names is a table that somebody will extend in vain."""
    asked = " ".join(pattern for one in _PATTERNS.all for pattern in one.rule.patterns)
    named = set(re.findall(r"[A-Z]{2,}", asked))
    refusing = {"CEASE", "NO", "NEG", "NOES", "NE", "UNSUB", "REMOVE", "BAN"}
    for language in LANGUAGES:
        assert set(language.words) <= named | refusing


HOSTILE = (
    "stop by ",
    "dont ",
    "no me ",
    "why dont you ",
    "a ",
    "unsubscribx ",
    "ne ",
    "wrong number ",
    '"stop" ',
    "é, ",
    "<b ",
    "&lt;",
    "stoptextingme",
    "no me llegaran ",
    "another one of these ",
)


def _steps(work: Callable[[], object]) -> int:
    """Calls made while working: a count, not a clock."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("pattern", HOSTILE)
def test_twice_the_text_takes_at_most_twice_the_steps(pattern: str) -> None:
    once, twice = ((pattern * 25_000)[:size] for size in (25_000, 50_000))
    assert _steps(lambda: classify(twice)) <= 2.2 * _steps(lambda: classify(once)) + 500


@pytest.mark.parametrize("pattern", HOSTILE)
@pytest.mark.timeout(20)
def test_a_long_hostile_text_is_answered(pattern: str) -> None:
    """S06. A hundred thousand characters."""
    assert classify((pattern * 100_000)[:100_000]).intent in Intent


def test_a_refusal_at_the_end_of_a_long_text_is_read() -> None:
    assert classify("The gate was open again. " * 800 + "Please stop texting me.").intent is Intent.STOP
    assert classify("é" * 300_000 + "\nPlease stop texting me.").intent is Intent.STOP
