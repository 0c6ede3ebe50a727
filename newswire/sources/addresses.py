"""Which addresses lie on the public internet."""

from __future__ import annotations

import ipaddress

_CARRIES_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""NAT64, and the old IPv4-compatible form: the last 32 bits are an IPv4 address."""
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA gives out for the internet. What lies elsewhere leads at most to a network's own
translators (RFC 8215's 64:ff9b:1::/48, RFC 2765's ::ffff:0:0:0/96), or nowhere."""


def is_public(address: str) -> bool:
    """Whether an address is public, the IPv4 address that may be carried in it as well.

    Raises:
        ValueError: it is no address.
    """
    return _is_public(ipaddress.ip_address(address.split("%")[0]))


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    carried = _carried(address)
    if carried is not None:
        return _is_public(carried)
    return address in _GLOBAL_UNICAST and address.is_global


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    teredo = address.teredo
    known = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
    if known is None and any(address in network for network in _CARRIES_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return known
