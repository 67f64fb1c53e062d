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


def _is_near(one: IPv4Address | IPv6Address) -> bool:
    return one.is_loopback or one.is_private or one.is_link_local


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        read = ip_address(text)
    except ValueError:
        return None
    mapped = read.ipv4_mapped if isinstance(read, IPv6Address) else None
    return mapped or read
