"""The wording of a version, section by section, and whether a few words really stand under a heading."""

import re

SEPARATOR = " \u203a "  # the angle mark between a heading and its subheading

# Curly quotation marks become straight ones.
_STRAIGHT = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")


def sections(text: str) -> dict[str, str]:
    """The body under each heading, blanks evened out. A heading is named by its path below the title."""
    bodies: dict[str, list[str]] = {}
    path: list[tuple[int, str]] = []
    name = ""
    for line in _COMMENT.sub("", text).splitlines():
        heading = _HEADING.match(line)
        if heading is None:
            bodies.setdefault(name, []).append(line)
            continue
        level = len(heading[1])
        path = [(depth, title) for depth, title in path if depth < level] + [(level, heading[2])]
        below_title = [title for depth, title in path if depth > 1] or [heading[2]]
        name = SEPARATOR.join(below_title)
        bodies.setdefault(name, []).append(heading[2])  # a clause may be the heading itself
    return {name: _even(" ".join(lines)) for name, lines in bodies.items()}


def stands_in(words: str, body: str) -> bool:
    """Do these words occur in the body, whatever the line breaks and the kind of quotation marks?"""
    return _even(words).casefold() in body.casefold()


def straight(text: str) -> str:
    """The same text with straight quotation marks, letter for letter."""
    return text.translate(_STRAIGHT)


def _even(text: str) -> str:
    return " ".join(straight(text).split())
