"""Where the server listens, who can reach it there, and what the owner must say about that.

A loopback address can only be reached from this machine, and needs nothing. For any other, the owner says who may come
in (`--auth`, or `--no-auth`: everybody) and by which names the server is reached (`--allowed-host`).

But: a proxy on this machine can open a loopback address to the world, and that cannot be seen from here.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ui.web.server.hosts import Hosts, allowed, is_loopback, normal
from ui.web.server.login import Login
from ui.web.server.passwords import read_users
from vectorstore.errors import AttestError, UsageError


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in, and how. `line` tells the owner; None where there is nothing to tell."""

    hosts: Hosts
    login: Login | None
    url: str
    line: str | None


def access(
    listener: socket.socket, host: str, *, auth: str | None, no_auth: bool, allowed_hosts: Sequence[str]
) -> Access:
    """Who may come in through `listener`, which is bound to `host`. `auth` as in `read_users`; `allowed_hosts` as in
    `allowed`.

    Raises UsageError where the server can be reached from other machines and it is not said who may come in or by which
    name, where both `auth` and `no_auth` are given, and what `read_users` and `allowed` raise.
    """
    bound, port = listener.getsockname()[:2]
    where = ipaddress.ip_address(bound.partition("%")[0])
    where = getattr(where, "ipv4_mapped", None) or where
    beyond = not where.is_loopback
    if auth is not None and no_auth:
        raise UsageError("--auth and --no-auth contradict each other: give one of them")
    if beyond and auth is None and not no_auth:
        raise UsageError(
            f"--host {host} can be reached from other machines: say who may come in with --auth FILE "
            "(its lines are made by: attest password USER), or give --no-auth to let everybody in"
        )
    own = set() if where.is_unspecified else {normal(str(where)), normal(host)}
    hosts = allowed(allowed_hosts, own={name for name in own if not is_loopback(name)}, loopback=not beyond)
    if beyond and not hosts.names:
        raise UsageError(
            f"--host {host} stands for every address of this machine: say by which name or address people open it "
            "with --allowed-host NAME"
        )
    users = read_users(auth) if auth is not None else None
    # a browser sends a cookie to every port of a machine, so that the port is in its name
    login = Login(users, cookie=f"attest_session_{port}") if users is not None else None
    url = _url(host if not beyond or not where.is_unspecified else allowed_hosts[0], port)
    return Access(hosts, login, url, _line(port, beyond=beyond, users=len(users) if users is not None else None))


def address(host: str, port: int) -> str:
    """The address to open in a browser for a server that listens on `host`."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that is bound before anything slow is done, so that a taken port is reported at once. Raises AttestError
    where the port is taken, UsageError for a host that is not this machine's."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise UsageError(f"{host!r} is no address of this machine: use --host 127.0.0.1") from None
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
            listener.listen(128)
        except OSError as error:
            raise _refused(host, port, error) from None
        yield listener


def _url(host: str, port: int) -> str:
    return host if host.lower().startswith("https://") else address(host.strip("[]"), port)


def _line(port: int, *, beyond: bool, users: int | None) -> str | None:
    if users is None:
        everybody = (
            f"anyone who can reach this machine on port {port} may ask and add documents: started with --no-auth"
        )
        return everybody if beyond else None
    who = f"{users} {'user' if users == 1 else 'users'}"
    if not beyond:
        return f"whoever is on this machine and logs in ({who}) may ask and add documents"
    return (
        f"whoever can reach this machine on port {port} and logs in ({who}) may ask and add documents; nothing is "
        "encrypted unless a proxy with TLS stands before it"
    )


def _refused(host: str, port: int, error: OSError) -> AttestError:
    if error.errno == errno.EADDRINUSE:
        return AttestError(f"port {port} is in use: stop what listens there, or choose another with --port")
    if error.errno == errno.EACCES:
        return AttestError(f"port {port} needs rights that this user does not have: choose one above 1023 with --port")
    return UsageError(f"{host!r} is no address of this machine ({error.strerror}): use --host 127.0.0.1")
