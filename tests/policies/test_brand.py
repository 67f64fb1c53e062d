"""What an organization's pages wear: legible colours, a mark that is shapes alone, a frame around every page."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from consent.policies.brand import (
    DARK_GROUNDS,
    LEAST,
    LIGHT_GROUNDS,
    ON_DARK,
    ON_LIGHT,
    contrast,
    legible,
    nearest_legible,
)
from consent.policies.check import check
from consent.policies.logo import LARGEST, wrong_with
from consent.policies.organization import parse_organization
from consent.policies.packs import load_organization
from consent.web.layout import STATIC
from tests.policies.house import POLICIES, VALLEY, copy_of_valley, replace

SHIPPED = sorted(one.parent for one in POLICIES.glob("*/organization.toml"))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{}</svg>'
DOORS = ("", "/privacy", "/privacy/trace", "/privacy/1999")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("colour", ["#ff8833", "#ffff00", "#cccccc", "#14508f"])
def test_the_nearest_colour_passes_and_a_passing_one_is_its_own_nearest(colour: str) -> None:
    for grounds in ((*LIGHT_GROUNDS, ON_LIGHT), (*DARK_GROUNDS, ON_DARK)):
        near = nearest_legible(colour, grounds)
        assert all(contrast(near, one) >= LEAST for one in grounds)
        assert near == colour or not legible(colour, grounds)


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    by_day, by_night = re.findall(r":root \{(.*?)\}", (STATIC / "consent.css").read_text("utf-8"), re.DOTALL)[:2]
    for tokens, (ground, raised), on in ((by_day, LIGHT_GROUNDS, ON_LIGHT), (by_night, DARK_GROUNDS, ON_DARK)):
        assert f"--ground: {ground};" in tokens
        assert f"--raised: {raised};" in tokens
        assert f"--on-action: {on};" in tokens


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda one: one.name)
def test_a_shipped_brand_is_legible_by_day_and_by_night_and_survives_being_stored(folder: Path) -> None:
    pack = load_organization(folder)
    assert pack.brand is not None
    assert pack.brand.logo is not None
    assert legible(pack.brand.colour, LIGHT_GROUNDS)
    assert legible(pack.brand.dark, DARK_GROUNDS)
    assert parse_organization(pack.source).brand == pack.brand


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('colour = "#2b6a3f"', 'colour = "#7cc893"', "the nearest colour that does is #"),
        ('colour = "#2b6a3f"', 'colour = "green"', '"green" is no colour'),
        ('dark_colour = "#7cc893"', 'dark_colour = "#2b6a3f"', "needs 4.5"),
        ('logo = "logo.svg"', 'logo = "../logo.svg"', "is no name of a file here"),
        ('logo = "logo.svg"', 'logo = "mark.svg"', "The file is missing"),
    ],
)
def test_a_brand_nobody_can_read_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / "organization.toml", old, new)
    assert any(said in one.message for one in check(pack)), check(pack)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="https://elsewhere.example/x.png"/>',
        '<rect onload="alert(1)"/>',
        '<rect style="fill:red"/>',
        '<rect fill="url(#a)"/>',
        '<path d="M0 0url(x)"/>',
        '<a xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:alert(1)"/>',
        "<foreignObject/>",
        "<!-- words -->",
        "<text>words</text>",
        "<g>",
        f'<path d="{"M0 0" * (LARGEST // 4)}"/>',
    ],
)
def test_a_logo_is_shapes_alone(inside: str, tmp_path: Path) -> None:
    assert wrong_with(SVG.format(inside))
    assert wrong_with(SVG.format('<path d="M1 2l3 4z" fill="#fff"/>')) is None
    pack = copy_of_valley(tmp_path)
    (pack / "logo.svg").write_text(SVG.format(inside), "utf-8")
    assert any(one.key == "brand.logo" for one in check(pack))


@pytest.mark.parametrize(
    "svg", ["", "words", "<svg/>", '<!DOCTYPE x [<!ENTITY a "b">]><svg/>', SVG.replace("viewBox", "id")]
)
def test_what_is_no_svg_is_no_logo(svg: str) -> None:
    assert wrong_with(svg)


@pytest.mark.parametrize("door", DOORS)
def test_every_page_of_an_organization_wears_its_name_and_mark_and_offers_its_pages(
    client: FlaskClient, door: str
) -> None:
    page = client.get(f"/valley-smart-homes{door}").text
    header, footer = page[: page.index("<main")], page[page.index("</main>") :]
    assert "<span>Valley Smart Homes</span>" in header
    (logo,) = re.findall(r'<img src="([^"]+)"', header)
    (sheet,) = re.findall(r'href="(/valley-smart-homes/brand[^"]+)"', header)
    assert client.get(logo).content_type == "image/svg+xml"
    assert load_organization(VALLEY).brand is not None
    assert "--action: #2b6a3f" in client.get(sheet).text
    assert 'href="/valley-smart-homes/privacy"' in footer
    assert "mailto:sales@valleysmarthomes.com" in footer


def test_the_marks_file_can_do_nothing_where_it_is_opened_by_itself(client: FlaskClient) -> None:
    answer = client.get("/valley-smart-homes/logo.svg")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_first_page_leads_to_what_there_is_and_to_a_person(client: FlaskClient) -> None:
    page = client.get("/valley-smart-homes").text
    assert 'href="/valley-smart-homes/privacy"' in page
    assert "<strong>STOP</strong>" in page
    assert "tel:509-557-0508" in page


@pytest.mark.parametrize("path", ["/nobody", "/nobody/brand.css", "/nobody/logo.svg", "/Staff", "/a%00b"])
def test_a_name_nobody_bears_is_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "brand.css" not in answer.text


def test_a_browser_that_asks_for_privacy_is_told_that_it_is_honoured(client: FlaskClient) -> None:
    said = "asks us not to sell or share"
    answer = client.get("/valley-smart-homes/privacy", headers={"Sec-GPC": "1"})
    assert said in answer.text
    assert "Sec-GPC" in answer.headers["Vary"]
    assert said not in client.get("/valley-smart-homes/privacy").text
    assert "Sec-GPC" in client.get("/valley-smart-homes/privacy").headers["Vary"]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_page_that_is_not_there_says_what_to_do_and_leads_back(client: FlaskClient, language: str) -> None:
    answer = client.get(f"/valley-smart-homes/nothing/at/all?lang={language}")
    assert answer.status_code == 404
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    assert f'href="/valley-smart-homes?lang={language}"' in main
    assert main.count("<h2>") == 1
