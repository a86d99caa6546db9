"""The names that the server answers to, and whether a request comes from its own page.

Another site can let its own name point at this machine (DNS rebinding); requests of its pages then carry that name in
Host. So the server answers only to names that its owner has given, on any port. They are compared as they are written;
nothing is looked up.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from vectorstore.errors import UsageError

_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost"})
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?)(?::([0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without port, always means this machine."""
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Hosts:
    """What is accepted as Host. `names`: in the form that `normal` gives. `https`: those of them that a proxy in front
    of the server serves by https. `loopback`: also accepts every name and address that always means this machine."""

    names: frozenset[str] = frozenset()
    https: frozenset[str] = frozenset()
    loopback: bool = False

    def refusal(self, headers: Headers) -> str | None:
        """Why a request with these headers is not answered, in one line; None where it is answered."""
        given = headers.getlist("host")
        parts = _HOST.fullmatch(given[0]) if len(given) == 1 else None
        if parts is None:
            return "This request does not name the server properly."
        name = normal(parts[1])
        if name in self.names or (self.loopback and is_loopback(name)):
            return None
        if self.loopback and not self.names:
            return "This server answers to localhost only: open it by the address that it printed."
        return "This server does not go by this name: open it by a name that its owner has allowed."

    def scheme(self, headers: Headers, scheme: str) -> str:
        """The scheme that the visitor's browser used, http or https, for a request that arrived here by `scheme`."""
        parts = _HOST.fullmatch(headers.get("host", ""))
        return "https" if parts is not None and normal(parts[1]) in self.https else scheme

    def is_foreign(self, headers: Headers, scheme: str) -> bool:
        """Whether a browser says that another site's page sent this request, which arrived here by `scheme`."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        origins = headers.getlist("origin")
        own = _origin(f"{self.scheme(headers, scheme)}://{headers.get('host', '')}")
        return bool(origins) and (len(origins) > 1 or own is None or _origin(origins[0]) != own)


def allowed(named: Iterable[str], *, own: Iterable[str] = (), loopback: bool = False) -> Hosts:
    """The hosts that `--allowed-host` names: each a name, an address, or `https://name` for a name that a proxy serves
    by https; and the names `own`. Raises UsageError for anything else."""
    names, https = set(own), set()
    for given in named:
        secure = given.lower().startswith("https://")
        bare = given[len("https://") :] if secure else given
        try:
            name = str(ipaddress.ip_address(bare.strip("[]")))
        except ValueError:
            parts = _HOST.fullmatch(bare)
            if parts is None or parts[2] is not None:
                raise UsageError(
                    f"--allowed-host {given!r}: give a name or an address without port, or https:// and a name"
                ) from None
            name = normal(bare)
        names.add(name)
        if secure:
            https.add(name)
    return Hosts(frozenset(names), frozenset(https), loopback)


def normal(name: str) -> str:
    """One spelling for equal names and addresses: lower case, addresses in their shortest form, no brackets."""
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return name.lower()


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, name and port of an Origin; None for `null` and for what is not an origin."""
    try:
        parts = urlsplit(url)
        host = _HOST.fullmatch(parts.netloc)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or host is None or url.lower() != f"{parts.scheme}://{parts.netloc}".lower():
        return None
    return parts.scheme, normal(host[1]), port if port is not None else _PORTS[parts.scheme]
