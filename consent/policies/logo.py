"""Which SVG may be a logo: shapes and colours alone, so that it does nothing and fetches nothing."""

import re
from xml.etree import ElementTree

LARGEST = 8_192  # bytes; a mark of a few shapes takes one
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {"svg", "g", "title", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_NUMBERS = {"viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points",
            "transform", "opacity", "fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray",
            "stroke-miterlimit"}  # fmt: skip
_WORDS = {"fill", "stroke", "fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin", "role", "aria-hidden"}
# Numbers, path commands and transforms in one, names and codes of colours in the other: no address fits in either.
_NUMBER = re.compile(r"[A-Za-z0-9\s,.()+-]{0,8000}", re.ASCII)
_WORD = re.compile(r"#?[A-Za-z0-9-]{1,32}", re.ASCII)


def wrong_with(svg: str) -> str | None:
    """What keeps this text from being a logo, None where nothing does."""
    if len(svg.encode()) > LARGEST:
        return f"has {len(svg.encode())} bytes; the most is {LARGEST}"
    if "<!" in svg or "<?" in svg or "'''" in svg:  # comments, document types and their entities, instructions
        return "holds a comment, a document type or an instruction; shapes are all it needs"
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - without a document type there are no entities
    except ElementTree.ParseError:
        return "is no well-formed SVG"
    if root.tag != f"{_SVG}svg" or "viewBox" not in root.attrib:
        return "is no SVG with a viewBox"
    return next((wrong for one in root.iter() if (wrong := _wrong(one))), None)


def _wrong(one: ElementTree.Element) -> str | None:
    name = one.tag.removeprefix(_SVG)
    if name not in _SHAPES:
        return f'holds "{name}"; only shapes may stand in it'
    for key, value in one.attrib.items():
        form = _NUMBER if key in _NUMBERS else _WORD if key in _WORDS else None
        if form is None:
            return f'holds the attribute "{key}", which no shape needs'
        if not form.fullmatch(value) or "url" in value.lower():
            return f'gives "{key}" a value that is no number and no colour'
    return None
