"""Words and periods read aloud, for the plain sentences."""

import re
from collections.abc import Iterable

# Words that are not written in small letters when read aloud.
_SPOKEN = {
    "sms": "SMS", "mms": "MMS", "ip": "IP", "voip": "VoIP", "urls": "URLs", "uri": "URI", "cvv": "CVV", "puds": "PUDs",
    "autopay": "AutoPay", "tld": "top level domain", "av": "audio and video", "ssl": "SSL", "isp": "internet provider",
    "url": "URL", "1connect": "1Connect", "app": "App", "google": "Google", "adsense": "AdSense", "nyc": "NYC",
}  # fmt: skip


def _read(value: str) -> str:
    """One word read aloud; the name of a site stays as it is typed."""
    if "." in value:
        return value
    return " ".join(_SPOKEN.get(part, part) for part in value.split("-"))


def plain(values: Iterable[object]) -> str:
    """A list read aloud: commas, "and" before the last, hyphens as blanks."""
    said = [_read(str(one)) for one in values]
    if not said:
        return "nothing"
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def plain_texts(values: Iterable[object]) -> str:
    """Texts read aloud as they are written: commas, "and" before the last."""
    said = [str(one) for one in values]
    if not said:
        return "nothing"
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def opening(said: str) -> str:
    """The same words with a capital letter at the start."""
    return said[:1].upper() + said[1:]


_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute", "TS": "second"}


def spoken(value: str) -> str:
    """A period in words: P90D is "90 days", PT5M is "5 minutes"."""
    if value == "unlimited":
        return "without end"
    days, _, hours = value.removeprefix("P").partition("T")
    said = [
        f"{count} {_UNITS[prefix + unit]}{'' if count == '1' else 's'}"
        for prefix, half in (("", days), ("T", hours))
        for count, unit in re.findall(r"(\d+)([A-Z])", half)
    ]
    return " and ".join(said)
