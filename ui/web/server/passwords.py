"""Who may log in: users and the scrypt hashes of their passwords, one `user:hash` a line.

A hash holds its own parameters and salt, in the usual form `$scrypt$ln=15,r=8,p=3$SALT$DIGEST` (base64 without
padding). Nothing of the file is ever printed: it could be a password, put there by mistake.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import UsageError

SHORTEST, LONGEST = 8, 1_000
"""Characters of a password."""
_LN, _R, _P = 15, 8, 3
"""2**15 blocks of 1 KiB, three times: 32 MiB, and about .2 s of one core."""
_SALT_BYTES, _DIGEST_BYTES = 16, 32
_MOST_BYTES = 1_000_000
_USER = re.compile(r"[\w.@+-]{1,64}")
_HASH = re.compile(r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,86})\$([A-Za-z0-9+/]{22,86})")
_MARK = ":$scrypt$"


@dataclass(frozen=True, slots=True)
class Hash:
    """One password's hash."""

    ln: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    def matches(self, password: str) -> bool:
        """Whether it is the hash of this password; takes the same time for every password."""
        return hmac.compare_digest(self._made(password), self.digest)

    def _made(self, password: str) -> bytes:
        return _scrypt(password, self.salt, self.ln, self.r, self.p, len(self.digest))


class Users:
    """Who may log in, and with which password."""

    def __init__(self, hashes: Mapping[str, Hash]) -> None:
        self._hashes = dict(hashes)
        pattern = next(iter(self._hashes.values()))
        salt, digest = secrets.token_bytes(len(pattern.salt)), secrets.token_bytes(len(pattern.digest))
        self._nobody = Hash(pattern.ln, pattern.r, pattern.p, salt, digest)

    def __len__(self) -> int:
        return len(self._hashes)

    def admits(self, user: str, password: str) -> bool:
        """Whether `user` exists and this is the password. An unknown user takes as long as a wrong password, about .2 s
        of one core: do not call this on an event loop."""
        known = self._hashes.get(user)
        matches = (known or self._nobody).matches(password[: LONGEST + 1])
        return matches and known is not None


def auth_line(user: str, password: str) -> str:
    """The line for the file that `--auth` names. Raises UsageError for a name or a password that cannot be used."""
    if not _USER.fullmatch(user):
        raise UsageError("a user's name has 1 to 64 letters, digits or . @ + - _: choose another")
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST:,} characters: choose another")
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _scrypt(password, salt, _LN, _R, _P, _DIGEST_BYTES)
    return f"{user}:$scrypt$ln={_LN},r={_R},p={_P}${_encoded(salt)}${_encoded(digest)}"


def read_users(source: str) -> Users:
    """The users in the file `source`, or in `source` itself where that holds a hash (from ATTEST_AUTH).

    Raises UsageError, in one line that shows no content, for a file that cannot be read, that other users may read or
    that holds no user, and for a line that is not `user:hash`.
    """
    inline = _MARK in source
    name = "ATTEST_AUTH" if inline else source
    hashes: dict[str, Hash] = {}
    for number, line in enumerate((source if inline else _private_text(Path(source))).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        user, _, stored = line.strip().partition(":")
        parsed = _parsed(stored)
        if parsed is None or not _USER.fullmatch(user):
            raise UsageError(
                f"{name}, line {number}: not a user and a hash (its content is not shown); "
                "make the line with: attest password USER"
            )
        if user in hashes:
            raise UsageError(f"{name}, line {number}: this user stands on an earlier line, too; remove one of them")
        hashes[user] = parsed
    if not hashes:
        raise UsageError(f"{name} names no user; add one with: attest password USER >> {name}")
    return Users(hashes)


def _private_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name != "nt" and mode & 0o077:
                raise UsageError(f"{path} may be read by other users ({stat.filemode(mode)}); first: chmod 600 {path}")
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name a file of users with --auth") from None
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{path} is larger than {_MOST_BYTES:,} bytes: name a file of users with --auth")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text: name a file of users with --auth") from None


def _parsed(stored: str) -> Hash | None:
    parts = _HASH.fullmatch(stored)
    if parts is None:
        return None
    ln, r, p = int(parts[1]), int(parts[2]), int(parts[3])
    if not (10 <= ln <= 18 and 1 <= r <= 16 and 1 <= p <= 16 and 128 * r << ln <= 1 << 28):
        return None
    try:
        return Hash(ln, r, p, _decoded(parts[4]), _decoded(parts[5]))
    except binascii.Error:
        return None


def _scrypt(password: str, salt: bytes, ln: int, r: int, p: int, length: int) -> bytes:
    secret = unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=1 << ln, r=r, p=p, maxmem=(128 * r << ln) + (1 << 22), dklen=length)


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode().rstrip("=")


def _decoded(value: str) -> bytes:
    return base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
