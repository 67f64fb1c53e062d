"""`consent sms classify`, as it is typed and as programs ask it."""

import json

import pytest
from click.testing import CliRunner

from consent.cli import main


def lines(*asked: object) -> tuple[int, list[dict[str, object]]]:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in asked)
    done = CliRunner().invoke(main, ["sms", "classify", "--json-lines"], input=text)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_is_answered_in_order() -> None:
    code, answers = lines(
        {"text": "STOP"},
        {"text": "Can you stop by at 3pm?", "lang": "en"},
        {"text": "ne m\u2019envoyez plus rien", "lang": "fr-CA"},
        {"text": "", "lang": None},
    )
    assert code == 0
    assert [one["intent"] for one in answers] == ["stop", "other", "stop", "other"]
    assert all(set(one) == {"intent", "why"} for one in answers)


@pytest.mark.parametrize(
    ("bad", "wrong"),
    [
        ("no json", "not JSON"),
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ([1], "one JSON object"),
        ({"lang": "en"}, '"text" is missing'),
        ({"text": 4}, '"text" must be'),
        ({"text": "x" * 1_000_001}, "longer than"),
        ({"text": "stop", "lang": 4}, '"lang" must be'),
        ({"text": "stop", "lang": "klingon speakers"}, '"lang" must be'),
        ({"text": "stop", "language": "en"}, '"language" is not known'),
        ('{"text": "stop", "text": "start"}', "given twice"),
    ],
)
def test_a_bad_line_is_named_and_harms_no_other(bad: object, wrong: str) -> None:
    code, answers = lines({"text": "STOP"}, bad, {"text": "HELP"})
    assert code == 1
    assert [answers[0]["intent"], answers[2]["intent"]] == ["stop", "help"]
    assert answers[1]["line"] == 2
    assert wrong in str(answers[1]["error"])


def test_half_a_character_is_read_like_any_other() -> None:
    code, answers = lines('{"text": "\\ud83d stop"}')
    assert (code, answers[0]["intent"]) == (0, "stop")


def test_an_error_never_repeats_the_text() -> None:
    _, answers = lines({"text": ["my card is lost"]})
    assert "card" not in str(answers[0]["error"])


def test_a_text_is_answered_in_words_and_as_json() -> None:
    said = CliRunner().invoke(main, ["sms", "classify", "take me off this list"])
    assert (said.exit_code, said.output.split(":")[0]) == (0, "stop")
    asked = CliRunner().invoke(main, ["sms", "classify", "--json", "--lang", "fr", "Stop"])
    assert json.loads(asked.output)["intent"] == "stop"


def test_without_a_text_the_way_out_is_named() -> None:
    done = CliRunner().invoke(main, ["sms", "classify"])
    assert done.exit_code == 2
    assert "--json-lines" in done.output
