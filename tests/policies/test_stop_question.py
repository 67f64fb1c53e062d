"""The question of a STOP's confirmation is checked before it is published: what it offers, says and leaves out."""

from pathlib import Path

import pytest

from consent.policies.check import check
from tests.support.asking_pack import QUESTION, asking_pack


def findings(folder: Path, question: str) -> list[str]:
    """What check says of the pack with this question."""
    return [f"{one.key}: {one.message}" for one in check(asking_pack(folder, question))]


def test_a_question_that_names_its_answers_passes(tmp_path: Path) -> None:
    assert findings(tmp_path, QUESTION) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"PT2H"', '"soon"', 'stop.question.within: "within" must be a period'),
        ('within = "PT2H"\n', "", 'stop.question.within: "within" is missing'),
        ("2 = ", "STOP = ", '"STOP" is no answer: one digit from 1 to 9 is'),
        ("2 = ", "12 = ", '"12" is no answer'),
        ('"service-texts" }', '"weather" }', 'no program that texts is of the category "weather"'),
        ('"service-texts" }', '"marketing" }', "two answers or more, each for a category of its own"),
        (', 2 = "service-texts"', "", "two answers or more"),
        ("en = ", "fr = ", "texts are needed in exactly these languages: en"),
        (" or 2 (service)", "", 'the text does not say what the answer "2" does'),
        ("2 (service)", "20 (service)", 'the text does not say what the answer "2" does'),
        ("{{organization}}: You", "You", 'the text does not name "'),
        (
            "You get",
            "You " + "really " * 15 + "get",
            "and 160 is the most here",
        ),
        ("You get", "\U0001f642 You get", "outside the GSM alphabet"),
        ("You get no", "Get 20% off! You get no", "promotes nothing and holds no link"),
        ("You get no", "See https://shop.example/a You get no", "promotes nothing and holds no link"),
        ("{{organization}}", "{{company}}", 'there is no placeholder "company"'),
        ('"PT2H"', '"PT2H"\nask = true', 'stop.question.ask: "ask" is not known here'),
    ],
)
def test_a_question_that_must_not_be_asked_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in QUESTION
    told = findings(tmp_path, QUESTION.replace(old, new, 1))
    assert any(said in one for one in told), told
