"""Questions read from standard input, a JSON object a line, each answered at once by a line."""

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from consent.errors import BadInput, ConsentError

LONGEST = 200  # characters of a key that an error repeats


def answer_lines(answer: Callable[[object], dict[str, Any]], command: str, example: str) -> bool:
    """Each line is answered in order; a bad one by its number and what is wrong. True when all were answered."""
    all_answered = True
    if sys.stdin is None:
        raise BadInput(f"Standard input is closed; hand the questions in: {command} --json-lines < questions.jsonl")
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            said = answer(_object(line, example))
        except ConsentError as error:
            where = f"{error.field}: " if error.field and f'"{error.field}"' not in error.detail else ""
            said = {"line": number, "error": f"{where}{error.detail}"}
            all_answered = False
        click.echo(json.dumps(said))  # ASCII: whatever was asked can be written to any terminal or pipe
        sys.stdout.flush()
    return all_answered


def _object(line: bytes, example: str) -> object:
    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadInput(f"the line is not JSON; write one object a line, such as {example}") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A key given twice is a slip: neither value is better than the other."""
    made: dict[str, object] = {}
    for key, value in pairs:
        if key in made:
            named = key[:LONGEST]
            raise BadInput(f'"{named}" is given twice', field=named)
        made[key] = value
    return made
