"""`consent programs`."""

import sys
from pathlib import Path

import click

from consent import clock
from consent import config as configuration
from consent.app import create_app
from consent.command_line import says_what_is_wrong
from consent.commands import screenshots
from consent.db import revision
from consent.errors import BadInput
from consent.house import House
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.organization import Program
from consent.policies.rulebook import Rulebook
from consent.preferences.opt_in import snippet, vetting
from consent.web import pdf


@click.group()
def programs() -> None:
    """Programs and their public pages: what carriers ask for, a form for the company's own site.

    \b
    Example:
      consent programs vetting-pack valley-smart-homes --out ./vetting
    """


@programs.command("vetting-pack")
@click.argument("organization")
@click.argument("program", required=False)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder; made anew.")
@click.option("--language", default="en", show_default=True, help="In which the pack and the pictures are.")
@click.option("--no-screenshots", is_flag=True, help="Make the PDF without pictures of the page.")
@says_what_is_wrong
def vetting_pack(organization: str, program: str | None, out: Path, language: str, no_screenshots: bool) -> None:
    """Write a PDF for the review of a 10DLC campaign or a toll-free number, with pictures of the program's page.

    Without PROGRAM one for each program that texts. Pictures need Chromium or Chrome on the PATH; where none is found
    the PDF is made without, and the exit status is 1 unless --no-screenshots asked for that.

    \b
    Example:
      consent programs vetting-pack valley-smart-homes account-service-notifications --out ./vetting
    """
    config = configuration.load()
    house = House.open(config)
    try:
        revision.check(house.db)
        tenant, rulebook = _of(house, organization)
        chosen = _chosen(rulebook, program)
        out.mkdir(parents=True, exist_ok=True)
        with screenshots.served(create_app(house)) as served:
            complete = [
                _pack(rulebook, tenant, one, config.public_url, served, out, language, not no_screenshots)
                for one in chosen
            ]
    finally:
        house.close()
    if not all(complete):
        click.echo(
            "No pictures of the page: no Chromium or Chrome on the PATH, or it could not start. Install one and run"
            " this again, or ask with --no-screenshots.",
            err=True,
        )
        sys.exit(1)


@programs.command("snippet")
@click.argument("organization")
@click.argument("program")
@click.option("--language", default="en", show_default=True, help="In which the form and the page are.")
@says_what_is_wrong
def snippet_command(organization: str, program: str, language: str) -> None:
    """Print the HTML of a form for the company's own site that opens the page of a program. No script, no cookie.

    \b
    Example:
      consent programs snippet valley-smart-homes account-service-notifications
    """
    config = configuration.load()
    house = House.open(config)
    try:
        revision.check(house.db)
        tenant, rulebook = _of(house, organization)
        [found] = _chosen(rulebook, program)
    finally:
        house.close()
    click.echo(snippet.form(config.public_url, tenant.slug, found, _page_language(rulebook, language)))


def _of(house: House, slug: str) -> tuple[Tenant, Rulebook]:
    with house.db.read() as tx:
        tenant = organizations.find(tx, slug)
    return tenant, house.governing.now(tenant.id, clock.now()).rulebook


def _chosen(rulebook: Rulebook, key: str | None) -> list[Program]:
    every = rulebook.organization.programs
    if key is None:
        texting = [one for one in every if "sms" in one.channels]
        if not texting:
            raise BadInput("This organization has no program that texts; name one: " + _named(every), field="program")
        return texting
    found = rulebook.program(key)
    if found is None:
        raise BadInput("There is no program of this name; there are: " + _named(every), field="program")
    return [found]


def _named(every: tuple[Program, ...]) -> str:
    return ", ".join(one.key for one in every)


def _page_language(rulebook: Rulebook, language: str) -> str:
    spoken = rulebook.organization.page_languages
    if language not in spoken:
        raise BadInput(f"No page is shown in this language; those are: {', '.join(spoken)}.", field="language")
    return language


def _pack(
    rulebook: Rulebook,
    tenant: Tenant,
    program: Program,
    public_url: str,
    served: str,
    out: Path,
    language: str,
    wants_pictures: bool,
) -> bool:
    """The files of one program lie in the folder; False where pictures were wanted and could not be made."""
    path = f"/{tenant.slug}/programs/{program.key}"
    language = _page_language(rulebook, language)
    base, pictures, complete = f"{tenant.slug}-{program.key}", [], True
    if wants_pictures:
        browser = screenshots.browser()
        for name, size in screenshots.SIZES.items():
            target = out / f"{base}-{name}.png"
            target.unlink(missing_ok=True)
            if browser is None or not screenshots.take(browser, f"{served}{path}?lang={language}", size, target):
                complete = False
                continue
            pictures.append((f"{public_url}{path} ({name})", target))
            click.echo(str(target))
    sections = vetting.sections_of(
        rulebook, program, public_url + path, f"{public_url}/{tenant.slug}/privacy", language
    )
    target = out / f"{base}.pdf"
    title = f"{tenant.name}: {program.name_in(language)}"
    now = clock.now()
    under = f"Made {now:%Y-%m-%d} from the settings and the policy in force."
    target.write_bytes(pdf.made(title, under, sections, now, language=language, pictures=pictures))
    click.echo(str(target))
    return complete
