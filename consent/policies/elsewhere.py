"""Places that people meet beside the company's own and that its policy does not cover: who governs there instead."""

from dataclasses import dataclass

from consent.policies.programs import one_of
from consent.policies.reading import Table
from consent.policies.said import Named, Tongues, plain, spoken

SURFACE, SERVICE, BUILDING = "surface", "service", "building"
WHAT = (SURFACE, SERVICE, BUILDING)


@dataclass(frozen=True)
class Elsewhere(Named):
    """A surface, service or building of somebody else's; `sentence` says which document governs there.

    `document` is the policy beside ours that stands for it, where there is one; `url` leads to the wording itself.
    """

    key: str
    name: str
    sentence: str
    what: str
    document: str | None = None
    url: str | None = None


def read_elsewhere(key: str, table: Table, tongues: Tongues) -> Elsewhere:
    """One entry of the table `elsewhere`."""
    said = spoken(table, tongues, "name", "sentence")
    made = Elsewhere(
        key,
        plain(said, "name"),
        plain(said, "sentence"),
        table.text("what"),
        table.maybe("document"),
        table.maybe("url"),
        said=said,
    )
    one_of(table, "what", made.what, WHAT)
    if made.url is not None and not made.url.startswith("https://"):
        table.wrong("url", '"url" leads to a page people can read: it begins with https://')
    table.done()
    return made
