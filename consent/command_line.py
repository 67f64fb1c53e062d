"""What all commands share: how they answer, how they fail, how long work shows that it goes on."""

import errno
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

import click

from consent.errors import ConsentError

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


class Lazy(click.Group):
    """A group whose subcommands are imported when they are run: `places` maps a name to `module:attribute`."""

    def __init__(self, *args: Any, places: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command by name."""
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported now."""
        return self.load(name) if name in self.places else super().get_command(ctx, name)

    def load(self, name: str) -> click.Command:
        """The command of that name, imported now."""
        module, _, attribute = self.places[name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from their one-line texts, without importing any."""
        rows = [(name, self.places[name][1]) for name in sorted(self.places)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


_OUTPUT_GONE = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # a closed pipe is click's own matter


def says_what_is_wrong(command: Callable[P, R]) -> Callable[P, R]:
    """A refusal becomes one sentence on standard error and exit status 1, never a trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ConsentError as error:
            where = f"{error.field}: " if error.field else ""
            raise click.ClickException(f"{where}{error.detail}") from error
        except OSError as error:
            if error.errno not in _OUTPUT_GONE:
                raise
            raise click.ClickException(f"The output cannot be written: {error.strerror}.") from error

    return run


def print_json(value: object) -> None:
    """The value as JSON, indented for a person on a terminal, on one line in a pipe."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None, default=str))


def print_table(rows: Iterable[tuple[object, ...]], header: tuple[str, ...], empty: str) -> None:
    """Rows under a header, in columns; `empty` where there are none."""
    lines = [tuple(str(cell) for cell in row) for row in rows]
    if not lines:
        click.echo(empty)
        return
    widths = [max(len(line[at]) for line in [header, *lines]) for at in range(len(header))]
    for line in [header, *lines]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@contextmanager
def progress(items: Iterable[T], label: str, length: int | None = None) -> Iterator[Iterable[T]]:
    """The items with a progress bar on a terminal, and without one in a pipe."""
    if not sys.stderr.isatty():
        yield items
        return
    with click.progressbar(items, label=label, length=length, file=sys.stderr) as bar:
        yield bar
