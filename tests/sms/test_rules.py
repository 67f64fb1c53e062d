"""What whole-message keywords ask of us, and what they do not."""

import pytest

from consent.sms.rules import WORDS, Intent, classify

PER_SE = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"]


@pytest.mark.parametrize("word", PER_SE)
def test_each_word_of_the_federal_rule_stops(word: str) -> None:
    """47 CFR 64.1200(a)(10) lists seven."""
    for said in (word, word.upper(), word.title(), f" {word}. ", f"“{word}!”", f"\n{word}\t"):
        assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize("word", ["STOPALL", "STOP ALL", "STOP-ALL", "OPTOUT", "OPT-OUT", "UNSUB", "REMOVE", "TD"])
def test_the_carriers_further_words_stop(word: str) -> None:
    assert classify(word).intent is Intent.STOP


@pytest.mark.parametrize(
    ("said", "language"),
    [
        *[(word, "fr") for word in ("ARRET", "Arrêt", "arre\u0302t", "ARRÊTER", "désabonner", "DESABONNER")],
        *[(word, "es") for word in ("ALTO", "parar", "PARE", "cancelar", "Baja")],
        ("SAIR", None),
        ("unsubscribe", "en"),
    ],
)
def test_stop_is_understood_in_the_language_it_is_said_in(said: str, language: str | None) -> None:
    found = classify(said)
    assert (found.intent, found.language) == (Intent.STOP, language)


@pytest.mark.parametrize(
    ("said", "language"), [("HELP", "en"), ("info?", "en"), ("AIDE", "fr"), ("Ayuda", "es"), ("H E L P", "en")]
)
def test_help_is_understood(said: str, language: str) -> None:
    found = classify(said)
    assert (found.intent, found.language) == (Intent.HELP, language)


@pytest.mark.parametrize(
    ("said", "language"),
    [("START", "en"), ("unstop", "en"), ("Début", "fr"), ("iniciar", "es"), ("ALTA", "es"), ("start!", "en")],
)
def test_start_is_understood(said: str, language: str) -> None:
    found = classify(said)
    assert (found.intent, found.language) == (Intent.START, language)


@pytest.mark.parametrize("said", ["YES", "y", "Yes!", "1", "C", "ok", "JOIN", "oui", "sí", "resume"])
def test_an_answer_to_a_question_is_no_start(said: str) -> None:
    assert classify(said).intent is Intent.OTHER


@pytest.mark.parametrize("said", ["S T A R T", "u n s t o p", "un stop", "st-art", "startt"])
def test_a_start_is_not_guessed(said: str) -> None:
    assert classify(said).intent is Intent.OTHER


@pytest.mark.parametrize(
    "said",
    [
        "S T O P",
        "S.T.O.P.",
        "s-t-o-p",
        "stoppp",
        "STOOOOP",
        "Stopp",
        "stop stop STOP",
        "🛑 STOP 🛑",
        "stop🙏🏽",
        "(stop)",
        "*stop*",
        "‘stop’",
        "«stop»",
        "¡Stop!",
        "ＳＴＯＰ",
        "Ⓢⓣⓞⓟ",
        "🆂🆃🅾🅿",
        "🇸🇹🇴🇵",
        "ꜱᴛᴏᴘ",
        "ЅТОР",  # Cyrillic letters
        "s̶t̶o̶p̶",
        "st\u00f3p",
        "st\u200bop",
        "s\u00adtop",
        "\ufeffstop\u202c",
        "\u2066stop\u2069",
        "stop\x00",
        "stop" + " " * 5000,
        "😀" * 3000 + "stop",
        "STOP\n\nSent from my iPhone",
        "Stop\nEnvoyé de mon iPhone",
        "stop\n-- \nA. Person",
    ],
)
def test_stop_is_found_whatever_is_done_to_it(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize("said", ["stop help", "help stop", "START STOP", "stop, start", "info / stop"])
def test_stopping_beats_starting_and_asking(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize(
    "said",
    [
        "start \U0001f6d1",
        "\U0001f6ab START",
        "START \u274c",
        "start \U0001f595",
        "s\u0336t\u0336a\u0336r\u0336t\u0336",
        "start \u26d4\ufe0f",
    ],
)
def test_a_start_with_a_sign_against_it_gives_nothing_back(said: str) -> None:
    assert classify(said).intent is Intent.AMBIGUOUS


@pytest.mark.parametrize("said", ["Did you start sending me messages again", "who said start texting me again"])
def test_who_speaks_of_a_start_asks_for_none(said: str) -> None:
    assert classify(said).intent is Intent.OTHER


@pytest.mark.parametrize(
    "said",
    [
        "STOP 12345",
        "STOP x3",
        "STOP per TCPA",
        "START NO STOP",
        "Nah stop",
        "who is this stop",
        "nvm stop",
        "STOP NOW OR ELSE",
    ],
)
def test_a_clear_word_at_the_edge_of_what_no_rule_reads_suspends_until_somebody_has_read_it(said: str) -> None:
    assert classify(said).intent is Intent.AMBIGUOUS


@pytest.mark.parametrize("said", ["STOP -Maria", "STOP means stop", "STOP, thanks, John"])
def test_a_stop_that_is_signed_or_insists_is_a_stop(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize(
    "said",
    [
        "stop 14 on the route",
        "stop the outage",
        "we are at the last stop of the bus line",
        "STOP THE LEAK IN 4B PLEASE",
    ],
)
def test_a_word_for_stopping_that_has_an_object_suspends_nothing(said: str) -> None:
    assert classify(said).intent is Intent.OTHER


def test_two_keywords_that_do_not_agree_and_do_not_stop_are_for_a_person() -> None:
    assert classify("start help").intent is Intent.OTHER


@pytest.mark.parametrize(
    "said",
    [
        "can you stop by at 3",
        "cancel my appointment",
        "don't stop the alerts",
        "END of month works",
        "help me restart my router",
        "stoop",
        "стоп日本",
        "日本 stop",
        "nonstop",
        "ending",
        "q u i e t",
        "stop" * 200,
        "hello",
    ],
)
def test_a_sentence_is_left_to_a_person(said: str) -> None:
    assert classify(said).intent is Intent.OTHER


@pytest.mark.parametrize("said", ["", " ", "\n", "😀", "…", "\u200b", "!!!", "\x00"])
def test_a_text_without_words_asks_nothing(said: str) -> None:
    found = classify(said)
    assert (found.intent, found.why) == (Intent.OTHER, "The message has no words.")


@pytest.mark.parametrize(
    "said",
    [
        "NETWORK MSG: the recipient's phone is switched off",
        "network msg: you have replied unstop",
        "NETWORK MSG: You have replied UNSTOP and will receive messages again. Reply STOP to end them.",
    ],
)
def test_the_networks_own_texts_ask_nothing(said: str) -> None:
    found = classify(said)
    assert found.intent is Intent.OTHER
    assert "network" in found.why


def test_a_refusal_that_the_network_has_on_file_is_a_stop() -> None:
    found = classify('NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number.')
    assert found.intent is Intent.STOP
    assert "on file" in found.why


@pytest.mark.parametrize(
    "said",
    [
        "Liked “Reply STOP to cancel”",
        'Loved "STOP"',
        "Emphasized “STOP”",
        "👍 to “ Reply STOP ”",
        "Reacted 👍 to “STOP”",
        "A aimé « STOP »",
        "Le gustó “STOP”",
        "Liked “" + "Reply STOP. " * 100 + "”",
    ],
)
def test_a_reaction_that_quotes_our_footer_asks_nothing(said: str) -> None:
    found = classify(said)
    assert found.intent is Intent.OTHER
    assert "quotes" in found.why


def test_the_gateways_stop_counts_whatever_the_text_says() -> None:
    assert classify("no more please", provider="STOP").intent is Intent.STOP
    assert classify("START", provider="STOP").intent is Intent.STOP


def test_the_gateways_help_counts_where_the_text_says_nothing() -> None:
    assert classify("que?", provider="HELP").intent is Intent.HELP
    assert classify("stop", provider="HELP").intent is Intent.STOP


def test_the_gateways_start_is_no_start_by_itself() -> None:
    assert classify("YES", provider="START").intent is Intent.OTHER
    assert classify("START", provider="START").intent is Intent.START


def test_a_word_that_all_languages_use_is_answered_in_the_callers() -> None:
    assert classify("stop").language == "en"
    assert classify("stop", "fr").language == "fr"
    assert classify("arret", "en").language == "fr"


def test_the_reason_names_word_and_source_and_repeats_nothing_else() -> None:
    assert classify("Opt-Out!").why == 'The whole message is the keyword "opt out" (47 CFR 64.1200(a)(10)).'
    assert "appointment" not in classify("cancel my appointment").why


def test_every_keyword_is_written_as_it_is_looked_up() -> None:
    for intent, _, _, words in WORDS:
        for word in words:
            assert classify(word).intent is intent, word


def test_no_word_has_two_meanings() -> None:
    words = [word for *_, words in WORDS for word in words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    "pattern",
    [
        "😀",
        "e\u0301\u0316",
        "\u0316\u0301",
        " ",
        "\u200b",
        "s.",
        "stop ",
        "é\n",
        "\ufdfa",
        "с",
        "a\n",
        ".",
        "Ⓢ",
        "🆂",
        "\x00",
    ],
)
@pytest.mark.timeout(10)
def test_a_hostile_text_is_read_in_linear_time(pattern: str) -> None:
    """S06. A million characters take a moment; anything that grows faster than the text would take minutes."""
    expected = Intent.STOP if pattern == "stop " else Intent.OTHER
    assert classify((pattern * 1_000_000)[:1_000_000]).intent is expected
