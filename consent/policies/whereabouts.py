"""Where somebody may be, by what is known of a number: the words that gate, hours and numbering share."""

from typing import NamedTuple


class Area(NamedTuple):
    """Places (ISO 3166-2) that share an area code or prefix, and every zone in use there."""

    places: tuple[str, ...]
    zones: tuple[str, ...]


Whereabouts = tuple[Area, ...]
NOWHERE: Whereabouts = ()  # nobody knows what time it is there
