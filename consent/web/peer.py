"""Whose machine a request comes from, as far as it can be known."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import request


def caller_address() -> str | None:
    """The caller's address, or None where a proxy of ours hides it.

    `X-Forwarded-For` is believed only from a neighbour (this machine, a private network), and only its last member,
    the one the neighbour itself has seen: everything before it a stranger may have written.
    """
    neighbour = _read(request.remote_addr or "")
    if neighbour is None:
        return None
    if not _is_near(neighbour):
        return str(neighbour)
    forwarded = _read(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
    return str(forwarded) if forwarded is not None else None


def network_of(address: str) -> str:
    """The network that one household or office has: a single IPv4 address, or an IPv6 /64 (RFC 6177)."""
    read = ip_address(address)
    return str(ip_network((read, 64), strict=False)) if isinstance(read, IPv6Address) else str(read)


def groups_of(address: str) -> tuple[str, str, str]:
    """The network of `network_of`, and the two wider ones that one customer of a provider may command.

    Of IPv6 a /48 and a /32, which providers assign to a site and get themselves (RFC 6177); of IPv4 a /24 and a /16.
    """
    read = ip_address(address)
    wider = (48, 32) if isinstance(read, IPv6Address) else (24, 16)
    site, area = (str(ip_network((read, length), strict=False)) for length in wider)
    return network_of(address), site, area


def caller_network() -> str:
    """The network that the caller's tries are counted for; all callers whom a proxy of ours hides are one."""
    address = caller_address()
    return network_of(address) if address is not None else ""


def _is_near(one: IPv4Address | IPv6Address) -> bool:
    return one.is_loopback or one.is_private or one.is_link_local


def _read(text: str) -> IPv4Address | IPv6Address | None:
    if not text:  # nothing was forwarded: how it mostly is
        return None
    try:
        read = ip_address(text)
    except ValueError:
        return None
    mapped = read.ipv4_mapped if isinstance(read, IPv6Address) else None
    return mapped or read
