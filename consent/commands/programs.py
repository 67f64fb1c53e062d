"""`consent programs`."""

import sys
from pathlib import Path
from typing import TextIO

import click

from consent import clock
from consent import config as configuration
from consent.app import create_app
from consent.command_line import progress, says_what_is_wrong
from consent.commands import screenshots
from consent.db import revision
from consent.errors import BadInput
from consent.house import House
from consent.notices import implied
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.organization import Program
from consent.policies.rulebook import Rulebook
from consent.preferences.opt_in import snippet, vetting
from consent.web import csv_files, pdf


@click.group()
def programs() -> None:
    """Programs and their public pages: what carriers ask for, a form for the company's own site.

    \b
    Example:
      consent programs vetting-pack valley-smart-homes --out ./vetting
    """


@programs.command("running-out")
@click.argument("organization")
@click.argument("program")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--class", "message_class", metavar="KEY", help="The sort of message; the program's first if left out.")
@click.option("--within", metavar="PERIOD", help="Only those whose last day comes within it, such as P60D, are near.")
@click.option("--ask", is_flag=True, help="Ask whoever may be asked, once, by mail; otherwise nothing is written.")
@click.option("--out", type=click.File("w", encoding="utf-8", lazy=True), default="-", help="Where the CSV goes.")
@says_what_is_wrong
def running_out(
    organization: str, program: str, file: TextIO, message_class: str | None, within: str | None, ask: bool, out: TextIO
) -> None:
    """List until when a purchase or an inquiry implies consent to a program by mail, and who may be asked to go on.

    FILE is a CSV of your customers with the columns address, last_purchase_on, last_inquiry_on, jurisdiction and
    language (the days as 2026-11-22, the place as CA-BC); - reads standard input. The answer is a CSV: address, last
    day, asked, why not. With --ask each of them whose consent is still implied is asked once, and never again.

    \b
    Example:
      consent programs running-out smartt tailored-marketing customers.csv --within P60D --out list.csv
      consent programs running-out smartt tailored-marketing customers.csv --within P60D --ask --out list.csv
    """
    config = configuration.load()
    house = House.open(config)
    now = clock.now()
    try:
        revision.check(house.db)
        tenant, rulebook = _of(house, organization)
        in_force = house.governing.now(tenant.id, now)
        (one,) = _chosen(rulebook, program)
        classes = one.message_classes
        if implied.EMAIL not in one.channels:
            raise BadInput("This program sends no mail: its people are asked another way.", field="program")
        if message_class is not None and message_class not in classes:
            raise BadInput(f"The program has no such class. Classes are: {', '.join(classes)}.", field="--class")
        by = implied.near(now, within, rulebook.organization)
        asked = implied.Ask(one, message_class or classes[0], by, config.public_url)
        people = list(implied.read(_text(file), rulebook.organization.languages[0]))
        out.write("")  # opens it: whoever was asked is in the outbox, and the list of them must not fail behind that
        with progress(people, "Asking" if ask else "Looking", len(people)) as shown:
            if ask:
                lines = list(
                    implied.ask_all(
                        lambda work: house.db.write(work, tenant.id), house.keyring, in_force, asked, shown, now
                    )
                )
            else:
                with house.db.read(tenant.id) as tx:
                    lines = [implied.look(tx, house.keyring, in_force, asked, person, now) for person in shown]
    finally:
        house.close()
    rows = [(one.address, one.last_day, _yes(not one.why), _yes(one.asked), one.why) for one in lines]
    out.write(csv_files.lines([("address", "last_day", "may_be_asked", "asked", "why_not"), *rows]))


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError:
        raise BadInput("This is not in UTF-8. Excel writes it as “CSV UTF-8”.", field="file") from None


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


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
