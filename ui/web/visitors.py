"""Who asks: the network address that a request came from, and the window in which the page is open.

Neither proves who somebody is; both only keep one visitor's share apart from another's.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """`address`: as `network` gives it; `window`: the session that the page in one window has."""

    address: str
    window: str


def network(address: str | None) -> str:
    """What counts as one address: an IPv4 address; the /64 of an IPv6 address, because one household has all of it; all
    loopback addresses together."""
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return "127.0.0.1"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
