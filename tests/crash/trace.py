"""`python -m tests.crash.trace`: the system calls of the server show a sync of the database before each 2xx."""

import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import requests

from tests.crash.__main__ import PLANTED
from tests.crash.gateway import Gateway
from tests.crash.installation import Installation

QUIET = ("-m", "tests.crash.quiet")
CALLS = "fsync,fdatasync,read,recvfrom,write,writev,pwrite64,sendto,sendmsg,openat"
PAUSE = 0.1  # seconds between texts: what belongs to one has ended before the next
STRACE = ("strace", "-f", "-yy", "-s", "24", "-e", f"trace={CALLS}", "-o")

_LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$")
_RESUMED = re.compile(r"^<\.\.\. (?P<call>\w+) resumed>")
_WAL = re.compile(r"^(?P<call>\w+)\(\d+<[^>]*-wal(?:<[^>]*>)?>")
_ASKED = re.compile(r'"POST /webhooks')
_ACKNOWLEDGED = re.compile(r'^(?:write|writev|sendto|sendmsg)\(\d+<(?:TCP|socket).*"HTTP/1\.1 2')


@dataclass
class Order:
    """What the calls show: answers, those given too soon, and writes since the last sync."""

    answers: int = 0
    too_soon: list[int] = field(default_factory=list)  # lines of the trace
    asked: bool = False  # a text has arrived and is not answered yet …
    written: bool = False  # … since it arrived, something was written …
    synced: bool = True  # … and after the last write a sync has ended


def read(trace: Path) -> Order:
    """Go through the calls in their order; a sync counts when it has returned."""
    order, begun = Order(), dict[str, str]()
    for number, line in enumerate(trace.read_text(errors="replace").splitlines(), 1):
        found = _LINE.match(line)
        if found is None:
            continue
        pid, rest = found["pid"], found["rest"]
        if resumed := _RESUMED.match(rest):
            if begun.pop(pid, "") in ("fsync", "fdatasync") and resumed["call"] in ("fsync", "fdatasync"):
                order.synced = rest.rstrip().endswith("= 0")
        elif wal := _WAL.match(rest):
            if wal["call"] in ("write", "pwrite64", "writev"):
                order.written, order.synced = True, False
            elif rest.endswith("<unfinished ...>"):
                begun[pid] = wal["call"]
            elif wal["call"] in ("fsync", "fdatasync"):
                order.synced = rest.rstrip().endswith("= 0")
        elif _ASKED.search(rest):
            order.asked, order.written = True, False
        elif order.asked and _ACKNOWLEDGED.match(rest):
            order.answers += 1
            if not (order.written and order.synced):
                order.too_soon.append(number)
            order.asked = False
    return order


def trace(folder: Path, texts: int, program: tuple[str, ...]) -> Order:
    """The order of calls while so many texts arrive, one after the other."""
    installation = Installation(folder, program=program)
    output = folder / "strace.txt"
    try:
        installation.start(prefix=(*STRACE, str(output)))
        gateway = Gateway(installation, seed=1, threads=0)
        with requests.Session() as http:
            http.trust_env = False
            for number in range(texts):
                words = "STOP" if number % 2 else "START"
                gateway.bring(http, f"SM{number:032x}", f"+1509555{number % 50 + 110:04d}", words)
                time.sleep(PAUSE)
        gateway.finish()
        if len(gateway.acknowledged) != texts:
            raise click.ClickException(f"Only {len(gateway.acknowledged)} of {texts} texts were acknowledged.")
    finally:
        installation.close()
    return read(output)


@click.command()
@click.option("--texts", default=100, show_default=True, type=click.IntRange(1))
def main(texts: int) -> None:
    """Exit status 0 only if each answer followed a sync, and answers before the commit were seen as such."""
    if shutil.which("strace") is None:
        raise click.ClickException("strace is not on this machine. Install it: apt-get install strace")
    orders = {}
    for name, program in (("serve", QUIET), ("planted", PLANTED)):
        with tempfile.TemporaryDirectory(prefix="consent-trace-") as place:
            (folder := Path(place) / "installation").mkdir()
            orders[name] = trace(folder, texts, program)
        order = orders[name]
        click.echo(f"{name}: {order.answers} answers, {len(order.too_soon)} before the database file was synced")
    good, planted = orders["serve"], orders["planted"]
    sys.exit(0 if good.answers >= texts and not good.too_soon and planted.too_soon else 1)


if __name__ == "__main__":
    main()
