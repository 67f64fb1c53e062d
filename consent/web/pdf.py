"""Facts under headings as a PDF, with pictures where there are any. fpdf2 is loaded when one is made."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fpdf import FPDF

WRITTEN_IN = "cp1252"  # what the fonts that every PDF reader has can show: English, French and Spanish
NAME_WIDTH = 46  # millimetres of the column with the names of the facts
LINE, SMALL, GAP = 5, 9, 2


class Line(NamedTuple):
    """One fact and its name, and the language it is in where that is not the one of the whole."""

    name: str
    text: str
    language: str = ""


class Section(NamedTuple):
    """Facts under one heading."""

    title: str
    lines: tuple[Line, ...]


def made(
    title: str,
    under: str,
    sections: Sequence[Section],
    now: datetime,
    *,
    language: str = "en",
    pictures: Sequence[tuple[str, Path]] = (),
) -> bytes:
    """The PDF; `under` is the line below its title, and each picture has a page of its own with its caption."""
    from fpdf import FPDF

    pdf = FPDF(format="letter")
    pdf.core_fonts_encoding = WRITTEN_IN
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_creator("Consent")
    pdf.set_creation_date(now)
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", 18)
    pdf.multi_cell(0, 9, _plain(title), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", "", SMALL)
    pdf.multi_cell(0, LINE, _plain(under), align="L", new_x="LMARGIN", new_y="NEXT")
    for section in sections:
        _section(pdf, section)
    for caption, picture in pictures:
        _picture(pdf, caption, picture)
    return bytes(pdf.output())


def _section(pdf: "FPDF", section: Section) -> None:
    pdf.ln(GAP * 2)
    pdf.set_font("Helvetica", "B", 13)
    pdf.multi_cell(0, 8, _plain(section.title), align="L", new_x="LMARGIN", new_y="NEXT")
    for name, text, _language in section.lines:
        if pdf.will_page_break(LINE * 3):
            pdf.add_page()
        pdf.set_font("Helvetica", "B", SMALL)
        top, page = pdf.get_y(), pdf.page
        pdf.multi_cell(NAME_WIDTH, LINE, _plain(name), align="L", new_x="LMARGIN", new_y="NEXT")
        lowest = pdf.get_y()
        pdf.set_font("Helvetica", "", SMALL)
        pdf.set_xy(pdf.l_margin + NAME_WIDTH + GAP, top)
        pdf.multi_cell(0, LINE, _plain(text), align="L", new_x="LMARGIN", new_y="NEXT")
        if pdf.page == page and pdf.get_y() < lowest:
            pdf.set_y(lowest)
        pdf.ln(1)


def _picture(pdf: "FPDF", caption: str, picture: Path) -> None:
    pdf.add_page()
    pdf.set_font("Helvetica", "B", SMALL)
    pdf.cell(0, LINE, _plain(caption), new_x="LMARGIN", new_y="NEXT")
    pdf.image(str(picture), w=pdf.epw, h=pdf.eph - LINE * 3, keep_aspect_ratio=True, alt_text=caption)


def _plain(text: str) -> str:
    """Only signs that the fonts have; what they lack shows as a question mark instead of ending the program."""
    return text.encode(WRITTEN_IN, "replace").decode(WRITTEN_IN)
