"""Where the outside world is: which IP addresses an outgoing request may be sent to."""

import ipaddress
from collections.abc import Iterable

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA IPv4 Special-Purpose Address Registry (RFC 6890 and successors), in full, and multicast.
REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; also some clouds' metadata
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",  # looks public, yet is Azure's host agent as seen from a virtual machine
    )
)
# Only this block is global unicast (RFC 4291 §2.4). What stands outside it (::/96, NAT64, unique-local,
# link-local, the former site-local fec0::/10, multicast, segment routing…) needs no line of its own.
GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: carries any IPv4 address inside
        "2620:4f:8000::/48",
        "3ffe::/16",  # the former 6bone
        "3fff::/20",
    )
)
ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # interface identifiers that carry an IPv4 address (RFC 5214 §6.1)


def is_public(address: str | IPAddress) -> bool:
    """Whether `address` (text or value) is a globally reachable unicast address; text that is none is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in REFUSED_V4)
    if ip.ipv4_mapped is not None:
        return is_public(ip.ipv4_mapped)
    if ip.scope_id is not None or ip not in GLOBAL_V6 or any(ip in network for network in REFUSED_V6):
        return False
    return (int(ip) >> 32) & 0xFFFF_FFFF not in ISATAP


def is_allowed(host: str, port: int, allowed: Iterable[str]) -> bool:
    """Whether an operator opened `host`: an entry is `host`, `host:port`, `[v6]` or `[v6]:port`."""
    shown = f"[{host}]" if ":" in host else host
    opened = {entry.strip().lower() for entry in allowed}
    return not opened.isdisjoint({host, shown, f"{shown}:{port}"})
