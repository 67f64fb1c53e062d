"""An organization's colour and mark: read from organization.toml, legible by measure, written as a stylesheet. Pure."""

import colorsys
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from consent.policies.logo import wrong_with
from consent.policies.reading import Table

# WCAG 2.2, 1.4.3: text against what lies behind it, at the size of running text.
LEAST = 4.5
# The tokens of web/static/consent.css that the colour stands beside; a test holds them to that file.
LIGHT_GROUNDS, DARK_GROUNDS = ("#ffffff", "#f4f6f8"), ("#12171d", "#1c232b")
ON_LIGHT, ON_DARK = "#ffffff", "#0d1720"
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Brand:
    """What a page of the organization wears; `dark` is the colour where the reader's device is dark."""

    colour: str
    dark: str
    logo: str | None = None  # the SVG itself

    @property
    def stylesheet(self) -> str:
        """The tokens of our stylesheet that differ for this organization."""
        by_day = f":root {{ --action: {self.colour}; --on-action: {ON_LIGHT}; --link: {self.colour}; }}\n"
        by_night = f":root {{ --action: {self.dark}; --on-action: {ON_DARK}; --link: {self.dark}; }}\n"
        return f"{by_day}@media (prefers-color-scheme: dark) {{\n{by_night}}}\n"

    @property
    def mark(self) -> str:
        """Changes with colours and logo, so that browsers may keep both for ever."""
        return hashlib.sha256(f"{self.stylesheet}{self.logo}".encode()).hexdigest()[:12]


def read_brand(table: Table, file: Table) -> Brand | None:
    """The brand a table describes, None where there is none; `file` holds the logo it names, once that was read."""
    if not table.data:
        return None
    colour, dark = table.text("colour"), table.maybe("dark_colour")
    table.maybe("logo")
    svg = file.maybe("svg")
    if svg is not None and (wrong := wrong_with(svg)):
        file.wrong("svg", f"the logo {wrong}")
    file.done()
    for key, value, grounds in (("colour", colour, (*LIGHT_GROUNDS, ON_LIGHT)),
                                ("dark_colour", dark, (*DARK_GROUNDS, ON_DARK))):  # fmt: skip
        if value:
            _legible(table, key, value, grounds)
    table.done()
    if not _COLOUR.fullmatch(colour):
        return None
    return Brand(colour, dark or nearest_legible(colour, (*DARK_GROUNDS, ON_DARK)), svg)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def legible(colour: str, grounds: Iterable[str]) -> bool:
    """Whether text of this colour may stand on each of these grounds, or such text on it."""
    return all(contrast(colour, one) >= LEAST for one in grounds)


def nearest_legible(colour: str, grounds: tuple[str, ...]) -> str:
    """The colour of the same hue whose lightness differs least and that is legible on each of these grounds."""
    hue, light, full = colorsys.rgb_to_hls(*(one / 255 for one in _rgb(colour)))
    by_distance = sorted(range(256), key=lambda step: abs(step / 255 - light))
    shades = (_hex(colorsys.hls_to_rgb(hue, step / 255, full)) for step in by_distance)
    return next((one for one in (colour, *shades) if legible(one, grounds)), "#000000")


def _legible(table: Table, key: str, value: str, grounds: tuple[str, ...]) -> None:
    if not _COLOUR.fullmatch(value):
        table.wrong(key, f'"{value}" is no colour; write six small hexadecimal digits, such as #14508f')
    elif not legible(value, grounds):
        ratio = min(contrast(value, one) for one in grounds)
        near = nearest_legible(value, grounds)
        table.wrong(
            key,
            f"{value} reaches a contrast of {ratio:.2f} to 1 on our pages, and text needs {LEAST} (WCAG 2.2 AA); "
            f"the nearest colour that does is {near}",
        )


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(one * 255):02x}" for one in parts)


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [one / 255 for one in _rgb(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
