"""Texts in unusual dress: a start that is a threat, words without blanks, marks of a page, other languages."""

import pytest

from consent.sms.rules import Intent, classify


@pytest.mark.parametrize(
    "said",
    [
        "start texting me again and watch the reviews",
        "I want to receive your texts again like I want the plague",
        "put me back on your text list, you absolute muppets",
        "vuelvan a mandarme mensajes, a ver si se atreven",
        "recommencez à m'envoyer des textos, pour voir",
    ],
)
def test_a_wish_with_other_words_beside_it_waits_for_a_person(said: str) -> None:
    found = classify(said)
    assert (found.intent, "beside" in found.why) == (Intent.AMBIGUOUS, True)


@pytest.mark.parametrize("said", ["start texting me again = lawsuit", "text this number again and I will sue you"])
def test_a_lawsuit_announced_over_the_next_text_is_a_stop(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize("said", ["stopit", "pleasestop", "STOPTEXTING", "arretezsvp", "plsremoveme"])
def test_words_written_into_one_another_are_taken_apart(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize(
    "said", ["nonstop", "doorstop", "stopover", "stopwatch", "backstop", "cancellation", "busstops"]
)
def test_a_word_that_only_holds_another_is_left_whole(said: str) -> None:
    assert classify(said).intent is Intent.OTHER


@pytest.mark.parametrize(
    "said", ["<b>STOP</b>", "<p>Please stop</p>", "&lt;STOP&gt;", '<div class="x">stop<br/></div>']
)
def test_the_marks_of_a_page_are_taken_off(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize(
    "said", ["стоп", "СТОП!", "停止", "退订", "スト​ップ", "중지", "توقف", "dừng lại", "Στοπ", "itigil"]
)
def test_a_word_for_stopping_in_another_language_is_a_stop(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize("said", ["Reply STOP", "my answer is stop", "respondo STOP por favor", "je réponds ARRET"])
def test_who_says_that_they_answer_stop_has_answered_it(said: str) -> None:
    assert classify(said).intent is Intent.STOP


@pytest.mark.parametrize("said", ["text me the end date", "my answer is yes", "send help", "escribo para mi hermana"])
def test_an_answer_that_holds_no_stop_is_none(said: str) -> None:
    assert classify(said).intent is not Intent.STOP
