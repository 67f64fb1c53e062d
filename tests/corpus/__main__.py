"""`make wording`: how well the rules read the corpus, in figures. Texts are never printed."""

from collections.abc import Iterable

from tests.corpus.reading import Line, figures, lines

LANGUAGES = ("en", "es", "fr", "mixed")
HEAD = (
    *("part", "language", "lines", "stop by keyword", "stop in a sentence", "stop or doubt"),
    *("other read as stop", "stop read as start", "as labelled"),
)


def rows(name: str, part: list[Line]) -> list[tuple[str, ...]]:
    """One row for all languages, one for each."""
    return [_row(name, "all", part)] + [_row(name, one, [x for x in part if x.language == one]) for one in LANGUAGES]


def _row(name: str, language: str, part: list[Line]) -> tuple[str, ...]:
    found = figures(part)
    return (
        *(name, language, str(len(part)), str(found.keywords), str(found.sentences), str(found.suppressed)),
        *(str(found.false_stops), str(found.read_as_start), str(found.exact)),
    )


def table(cells: Iterable[tuple[str, ...]]) -> str:
    """A table as the pages of docs/ have them."""
    head, *rest = [f"| {' | '.join(one)} |" for one in cells]
    return "\n".join([head, "|" + "---|" * len(HEAD), *rest])


def main() -> None:
    """Print the table: our own corpus, tuned and held out, the further, earlier and later texts, and the blind part."""
    own = lines("own.tsv")
    print(
        table(
            [
                HEAD,
                *rows("own, tuned", [one for one in own if not one.held_out]),
                *rows("own, held out", [one for one in own if one.held_out]),
                *rows("further", lines("further.tsv")),
                *rows("earlier", lines("earlier.tsv")),
                *rows("later", lines("later.tsv")),
                *rows("blind", lines("blind.tsv")),
            ]
        )
    )


if __name__ == "__main__":
    main()
