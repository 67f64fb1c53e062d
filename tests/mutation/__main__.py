"""`python -m tests.mutation`: change every promise and every rule of law, and tell which change no test noticed."""

import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from tests.mutation import later, running
from tests.mutation.kills import STRENGTH
from tests.mutation.mutants import LAW, Mutant, files, mutants
from tests.mutation.running import Outcome

POLICIES = Path(__file__).resolve().parents[2] / "policies"
ORGANIZATIONS = ("valley-smart-homes", "1valet", "valtt", "voxvalley", "smartt", LAW)


@click.command()
@click.option("--organization", type=click.Choice(ORGANIZATIONS), multiple=True, help="Only this pack, or the law.")
@click.option("--only", default="", help="Only mutants whose name begins so: VSH-26, or 'VSH-26 parameters.channel'.")
@click.option("--sample", type=click.IntRange(1), help="So many of each organization, drawn by --seed.")
@click.option("--seed", default=1, show_default=True, help="Another seed draws another sample.")
@click.option("--resume", type=click.Path(exists=True, path_type=Path), help="An earlier --out: its kills are kept.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="How many at a time.")
@click.option("--deleted", is_flag=True, help="Only those in which a whole promise or rule is gone.")
@click.option("--doors", is_flag=True, help="Tests over a whole house are asked too, and first: slow.")
@click.option("--past-literals", "past", is_flag=True, help="Literals beside a promise are not asked: what is left?")
@click.option("--out", type=click.Path(path_type=Path), help="Keep every outcome there, one line of JSON each.")
def mutate(
    organization: tuple[str, ...],
    only: str,
    sample: int | None,
    seed: int,
    resume: Path | None,
    workers: int,
    deleted: bool,
    past: bool,
    doors: bool,
    out: Path | None,
) -> None:
    """Exit status 0 only if some test notices every change, but for those listed in later.toml."""
    began = time.monotonic()
    chosen = [one for one in _chosen(organization, only, sample, seed) if not (deleted and one.where)]
    known = _known(resume, {one.name for one in chosen}) if resume is not None else []
    chosen = [one for one in chosen if one.name not in {kept.name for kept in known}]
    if not chosen and not known:
        raise click.ClickException("No mutant has such a name.")
    place = Path(tempfile.mkdtemp(prefix="consent-mutation-"))
    try:
        _run(chosen, place, workers, past=past, doors=doors)
        found = _told(place)
    finally:
        if out is not None:
            told = [running.as_line(one) + "\n" for one in (*known, *_told(place))]
            out.write_text("".join(told), "utf-8")
        shutil.rmtree(place, ignore_errors=True)
    outcomes = sorted((*known, *found), key=lambda one: (one.organization, one.name))
    listed = {(one.commitment, one.parameter): one.door for one in later.entries()}
    survivors = [one for one in outcomes if one.killed is None]
    unlisted = [one for one in survivors if (one.identity, one.where) not in listed]
    for line in _table(outcomes, unlisted):
        click.echo(line)
    for one in survivors:
        door = listed.get((one.identity, one.where))
        click.echo(f"survives: {one.organization}: {one.name}" + (f" (asked by {door}, to be built)" if door else ""))
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    click.echo(f"{len(outcomes)} mutants in {minutes} min {seconds} s")
    if len(found) != len(chosen):
        raise click.ClickException(f"{len(chosen) - len(found)} mutants were not run; see the lines above.")
    sys.exit(1 if unlisted else 0)


def _chosen(organization: tuple[str, ...], only: str, sample: int | None, seed: int) -> list[Mutant]:
    everything = [one for one in mutants(files(POLICIES)) if not organization or one.organization in organization]
    everything = [one for one in everything if not only or f"{one.name} ".startswith(f"{only} ") or one.name == only]
    if sample is None:
        return everything
    draw = random.Random(seed)
    by_organization = [[one for one in everything if one.organization == name] for name in ORGANIZATIONS]
    return [one for group in by_organization for one in draw.sample(group, min(sample, len(group)))]


def _run(chosen: Sequence[Mutant], place: Path, workers: int, **how: bool) -> None:
    """Each worker is a process of its own with every second mutant; outcomes come back through files."""
    children = []
    for number in range(min(workers, len(chosen))):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = _work(chosen[number::workers], place, number, **how)
            finally:
                os._exit(status)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _told(place: Path) -> list[Outcome]:
    """The outcomes that the workers have written down."""
    lines = [line for file in sorted(place.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [Outcome(**json.loads(line)) for line in lines]


def _known(file: Path, names: set[str]) -> list[Outcome]:
    """The kills of an earlier run among these mutants; who survived then is run anew."""
    told = [Outcome(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]
    return [one for one in told if one.killed is not None and one.name in names]


def _work(share: Sequence[Mutant], place: Path, number: int, **how: bool) -> int:
    (folder := place / str(number)).mkdir()
    log = (folder / "pytest.log").open("w", encoding="utf-8")
    with (place / f"{number}.jsonl").open("w", encoding="utf-8") as file:

        def tell(outcome: Outcome) -> None:
            file.write(running.as_line(outcome) + "\n")
            file.flush()

        os.dup2(log.fileno(), 1)
        status = running.run(share, POLICIES, folder, tell, **how)
    if status:
        click.echo((folder / "pytest.log").read_text("utf-8")[-2000:], err=True)
    return status


def _table(outcomes: Sequence[Outcome], unlisted: Sequence[Outcome]) -> Iterable[str]:
    """Noticed at a door, by an answer of the rules, by a register of literals alone, by the check; or by nobody."""
    yield f"{'':<20}{'mutants':>9}{'door':>9}{'answer':>9}{'register':>9}{'check':>9}{'later':>9}{'nobody':>9}"
    for name in (*ORGANIZATIONS, "all"):
        mine = [one for one in outcomes if name in ("all", one.organization)]
        if not mine:
            continue
        killed = Counter("door" if one.at_a_door else one.killed for one in mine)
        survive = sum(1 for one in unlisted if name in ("all", one.organization))
        kills = "".join(f"{killed[kill]:>9}" for kill in ("door", *STRENGTH))
        yield f"{name:<20}{len(mine):>9}{kills}{killed[None] - survive:>9}{survive:>9}"


if __name__ == "__main__":
    mutate()
