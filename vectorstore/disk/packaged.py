"""Files that ship with attest: each is checked against the SHA-256 in FILE.sha256 beside it when it is read.

The note has the form of `sha256sum`, and is written with the file by the command that makes it (`eval.lab.calibrate`,
`assistant.reader`). The message about a damaged file says how to get it back.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from importlib import metadata
from pathlib import Path

from vectorstore.embedding.derived import pip
from vectorstore.errors import AttestError

ROOT = Path(__file__).parents[2]


def packaged(file: Path) -> bytes:
    """The content of a packaged file. Raises AttestError where it is not the one that its note tells."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _damaged(file, error.strerror or str(error)) from error
    if hashlib.sha256(content).hexdigest() != published_sha256(file):
        raise _damaged(file, f"its content is not what {note_of(file).name} tells")
    return content


def published_sha256(file: Path) -> str:
    """The SHA-256 that the file should have, 64 hexadecimal digits. Raises AttestError where the note is damaged."""
    try:
        written = note_of(file).read_text("ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(note_of(file), getattr(error, "strerror", None) or "not a note of this kind") from error
    if len(written) != 2 or written[1] != file.name or len(written[0]) != 64 or set(written[0]) - set(_DIGITS):
        raise _damaged(note_of(file), "not a note of this kind")
    return written[0]


def write_note(file: Path) -> None:
    """Writes the note of a packaged file that has just been made."""
    note_of(file).write_text(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n", "ascii")


def note_of(file: Path) -> Path:
    """Where the file's SHA-256 is written."""
    return file.with_name(file.name + ".sha256")


_DIGITS = "0123456789abcdef"


def _damaged(file: Path, reason: str) -> AttestError:
    return AttestError(f"A file of attest itself is damaged: {file} ({reason}). {_restore(file)}")


def _restore(file: Path) -> str:
    """How to get the file back, as attest was installed: from a checkout, from a file or folder, from an index."""
    pair = [file, note_of(file)] if file.suffix != ".sha256" else [file.with_suffix(""), file]
    if (ROOT / ".git").exists():
        names = [path.relative_to(ROOT).as_posix() for path in pair]
        return f"Run: {shlex.join(['git', '-C', str(ROOT), 'checkout', 'HEAD', '--', *names])}"
    # Sources may hold an attest.egg-info too, which a build has left there; only what is installed has a RECORD.
    found = metadata.distributions(name="attest", path=[str(ROOT)])
    installed = next((distribution for distribution in found if distribution.read_text("RECORD")), None)
    if installed is None:
        return f"Put {' and '.join(path.name for path in pair)} back from the archive that {ROOT} was unpacked from."
    try:
        url = json.loads(installed.read_text("direct_url.json") or "{}").get("url")
    except ValueError:
        url = None
    if not url:
        return f"Reinstall attest {installed.version} from where it was installed."
    return pip("install", "--force-reinstall", "--no-deps", url)
