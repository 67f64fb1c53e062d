"""Which internet addresses lie outside: everything that somebody else's webhook may be at. Pure.

The networks are those of the IANA special-purpose registries (RFC 6890) and of cloud providers' own services. Spelt out
here, so that the answer does not change with the Python that asks.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

INSIDE_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598; some clouds keep their metadata here
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the platform's own service on every Azure machine
        "169.254.0.0/16",  # link-local, RFC 3927; metadata of most clouds
        "172.16.0.0/12",  # private, RFC 1918
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.31.196.0/24",  # AS112, RFC 7535
        "192.52.193.0/24",  # AMT, RFC 7450
        "192.88.99.0/24",  # relays of 6to4, RFC 7526
        "192.168.0.0/16",  # private, RFC 1918
        "192.175.48.0/24",  # AS112, RFC 7534
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Outside is global unicast alone. Beyond it lie loopback, mapped and compatible IPv4 (::/96, ::ffff:0:0/96), NAT64
# (64:ff9b::/96 and 64:ff9b:1::/48), unique local (fc00::/7), link-local, site-local and multicast.
GLOBAL_6 = IPv6Network("2000::/3")
INSIDE_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4 carries an IPv4 address, which may be any, RFC 3056
        "2620:4f:8000::/48",  # AS112, RFC 7534
        "3fff::/20",  # documentation, RFC 9637
    )
)


def is_outside(address: str) -> bool:
    """Whether this is an address on the open internet; False for anything that is no plain address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in INSIDE_4)
    assert isinstance(found, IPv6Address)
    if found.scope_id is not None:
        return False
    return found in GLOBAL_6 and not any(found in network for network in INSIDE_6)
