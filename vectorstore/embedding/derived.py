"""Networks that are made from packaged weights, and kept in the cache directory: found, checked, made again if need be.

A network's file carries the SHA-256 of its content in its name, STEM.SHA256.onnx, so that one rename puts the file and
its digest in place together. The content is hashed before it is loaded; a file that is wrong, cut short, missing or
unreadable is made again, in a process of its own. Whether a network computes the right thing is checked by whoever
opens it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from vectorstore.disk.filesum import filesum, streamsum
from vectorstore.errors import AttestError, StorageError

EXPORT_SECONDS = 600
DISK_REFUSED = 3
"""The exit code of an export that the disk refused."""
_TRIES = 8
_MEMORY = Path("/dev/shm")
_LIBRARIES = ("onnx", "onnxruntime", "sentence-transformers", "torch")
"""What an export imports, as attest's own requirements name it."""
_ANEW = "Make attest's Python environment anew, in the way in which it was made."

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network and how it is made: `python -m MODULE *ARGUMENTS FILE`. `what` is its name in messages, `stem` the
    beginning of its file's name, which holds what it is made from; `room` the bytes of disk that making it takes.
    `check` is called before it is made, and raises AttestError where what it is made from is not as published."""

    what: str
    stem: str
    module: str
    arguments: tuple[str, ...]
    room: int
    check: Callable[[], None]


_Identity = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Sound:
    """A file whose content was found right, and what tells whether the path still names that content."""

    file: Path
    identity: _Identity


def open_network(recipe: Recipe, load: Callable[[Path], Loaded]) -> Loaded:
    """What `load` makes of the network's file. `load` raises where the network does not load or does not compute what
    it should; the file is then made again, once.

    Raises what `recipe.check` raises; AttestError where the network cannot be made, or is not right even so;
    StorageError where no disk has room for it.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="hash") as pool:
        looking = pool.submit(_find, recipe)
        import onnxruntime  # noqa: F401  takes longer than the hash

        found = looking.result()
    made = distrust = False
    for _ in range(_TRIES):
        with contextlib.ExitStack() as until_loaded:
            if found is None:
                recipe.check()
                found, made = _make(recipe, until_loaded, distrust=distrust), True
            try:
                loaded = load(found.file)
            except MemoryError:
                raise
            except Exception as error:  # ONNX Runtime has no common error class
                if _identity_of(found.file) == found.identity:
                    if made:
                        raise AttestError(_wrong(recipe, error)) from error
                    found, distrust = None, True
                    continue
            else:
                if _identity_of(found.file) == found.identity:
                    _tidy(recipe)
                    return loaded
        found = _find(recipe)  # another process put a file in its place, or took it away
    raise AttestError(f"{recipe.what} changes while it is read. Run the command again when nothing else prepares it.")


def damaged_files(recipe: Recipe) -> list[Path]:
    """The files of this network that are not what was written, or cannot be read. Nothing is changed."""
    damaged = []
    for file in network_files(recipe):
        try:
            sound = _hashed(file) is not None
        except OSError:
            sound = False
        damaged += [] if sound else [file]
    return damaged


def cache_directories(*, make: bool = False) -> Iterator[Path]:
    """Where networks are looked for and kept: ATTEST_CACHE, or else the user's cache directory; then a private one
    under the system's temporary directory. `make`: those that are missing are made, and what cannot be is left out."""
    import platformdirs

    first = Path(os.environ.get("ATTEST_CACHE") or platformdirs.user_cache_dir("attest"))
    with contextlib.suppress(OSError):
        if make:
            first.mkdir(parents=True, exist_ok=True)
        if first.is_dir():
            yield first
    private = _private_directory(make=make)
    if private:
        yield private


def _private_directory(*, make: bool) -> Path | None:
    """One directory for each user, used only where nobody else can have put files into it."""
    user = str(os.getuid()) if hasattr(os, "getuid") else "user"  # elsewhere the temporary directory is the user's own
    try:
        directory = Path(tempfile.gettempdir()) / f"attest-cache-{user}"
        if make:
            directory.mkdir(mode=0o700, exist_ok=True)
        status = directory.lstat()
        private = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o077)
        return directory if directory.is_dir() and not directory.is_symlink() and private else None
    except OSError:
        return None


def network_files(recipe: Recipe, *directories: Path) -> list[Path]:
    """Where files of this network lie, checked or not: in these directories, or else where networks are kept."""
    found: list[Path] = []
    for directory in directories or tuple(cache_directories()):
        with contextlib.suppress(OSError):
            found += sorted(directory.glob(f"{recipe.stem}.*.onnx"))
    return found


def _find(recipe: Recipe, *directories: Path) -> _Sound | None:
    """A sound file of the network. Those with other content are removed; what cannot be read now is left."""
    for file in network_files(recipe, *directories):
        with contextlib.suppress(OSError):
            identity = _hashed(file)
            if identity is not None:
                return _Sound(file, identity)
            file.unlink()
    return None


def _hashed(file: Path) -> _Identity | None:
    """What identifies the file, where its content has the SHA-256 that its name says."""
    with file.open("rb", buffering=0) as stream:
        identity = _identity(os.fstat(stream.fileno()))
        right = streamsum(stream) == file.name.split(".")[-2]
    return identity if right else None


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _identity_of(file: Path) -> _Identity | None:
    try:
        return _identity(file.stat())
    except OSError:
        return None


def _make(recipe: Recipe, until_loaded: contextlib.ExitStack, *, distrust: bool) -> _Sound:
    """Makes the network in the first directory that has room; `distrust`: even where another process has made it by
    now. Where none keeps it, it lies in a directory that goes with `until_loaded`."""
    refused: OSError | None = None
    for directory in cache_directories(make=True):
        try:
            with _alone(directory, recipe):
                found = None if distrust else _find(recipe, directory)
                return found or _made_in(directory, recipe)
        except OSError as error:
            refused = refused or error
    for directory in (Path(os.environ.get("TMPDIR") or "/tmp"), _MEMORY):
        try:
            scratch = until_loaded.enter_context(tempfile.TemporaryDirectory(prefix="attest-", dir=directory))
            return _made_in(Path(scratch), recipe)
        except OSError as error:
            refused = refused or error
    raise StorageError(
        f"{recipe.what} cannot be prepared: no directory can be written that has {recipe.room / 1e6:.0f} MB free "
        f"({refused.strerror or refused if refused else 'none at all'}). Free some space, or set ATTEST_CACHE to a "
        "directory on another disk, then run the command again."
    ) from refused


@contextlib.contextmanager
def _alone(directory: Path, recipe: Recipe) -> Iterator[None]:
    """While another process makes the same network, wait for it: making takes long, and a gigabyte of memory."""
    lock = FileLock(directory / f".{recipe.stem}.lock", timeout=EXPORT_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise AttestError(
            f"{recipe.what} is being prepared by another process, for over {EXPORT_SECONDS // 60} minutes. Stop that "
            "process, then run the command again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _tidy(recipe: Recipe) -> None:
    """Sweeps where nobody makes the network just now: a process that was killed with its network in place has left what
    no export takes away any more."""
    for directory in cache_directories():
        if any(directory.glob(f".{recipe.stem}-*/")):
            with contextlib.suppress(OSError, Timeout), FileLock(directory / f".{recipe.stem}.lock", timeout=0):
                _sweep(directory, recipe)


def _sweep(directory: Path, recipe: Recipe) -> None:
    """Removes what processes left that were killed while they made this network, or with an older attest, any; to be
    called by the one that may make it."""
    for left in directory.glob(f".{recipe.stem}-*/"):
        shutil.rmtree(left, ignore_errors=True)
    for old in directory.glob(".export-*.onnx"):
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > EXPORT_SECONDS:
                old.unlink()


def _made_in(directory: Path, recipe: Recipe) -> _Sound:
    """Raises OSError where the directory cannot hold it."""
    before = set(network_files(recipe, directory))
    _sweep(directory, recipe)
    if shutil.disk_usage(directory).free < recipe.room:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with tempfile.TemporaryDirectory(prefix=f".{recipe.stem}-", dir=directory) as scratch:
        made = Path(scratch) / "network.onnx"
        _export(recipe, made)
        digest = filesum(made)
        target = directory / f"{recipe.stem}.{digest}.onnx"
        os.replace(made, target)
    found = _hashed(target)
    if found is None:
        raise OSError(errno.EIO, "what was written did not come back the same")
    for old in before - {target}:
        with contextlib.suppress(OSError):
            old.unlink()
    return _Sound(target, found)


def _export(recipe: Recipe, target: Path) -> None:
    """In another process: torch is needed for this only. Raises AttestError where it fails, OSError where the disk
    refuses."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    # -P: no module is taken from the folder in which attest happens to run.
    command = [sys.executable, "-P", "-m", recipe.module, *recipe.arguments, str(target)]
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=EXPORT_SECONDS,
            check=False,
        )
    except OSError as error:
        raise AttestError(f"{recipe.what} could not be prepared ({error}). {_ANEW}") from error
    except subprocess.TimeoutExpired:
        raise AttestError(
            f"{recipe.what} could not be prepared in {EXPORT_SECONDS // 60} minutes. Run the command again when the "
            "machine is less busy."
        ) from None
    reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    if done.returncode == DISK_REFUSED:
        raise OSError(errno.EIO, reason)
    if done.returncode < 0:
        raise AttestError(
            f"{recipe.what} could not be prepared (stopped by signal {-done.returncode}: is there 2 GB of free "
            "memory?). Run the command again when more memory is free."
        )
    if done.returncode or not target.exists():
        advice = install_libraries() if reason.startswith("ModuleNotFoundError") else _ANEW
        raise AttestError(f"{recipe.what} could not be prepared ({reason}). {advice}")


def _wrong(recipe: Recipe, error: Exception) -> str:
    reason = (" ".join(str(error).split()) or type(error).__name__)[:200]
    return f"{recipe.what} was made again and is still not right ({reason}). {_ANEW}"


def install_libraries() -> str:
    """Advice that installs what is missing of the libraries that torch models need, and leaves the rest alone."""
    import importlib.metadata

    try:
        declared = importlib.metadata.requires("attest") or []
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
        declared = []
    wanted = [each for each in declared if ";" not in each and re.split(r"[^\w.-]", each)[0] in _LIBRARIES]
    return pip("install", *(wanted or _LIBRARIES))


def pip(*arguments: str) -> str:
    """Advice to run pip for the environment that attest runs in, whatever `pip` on the path belongs to."""
    return f"Run: {shlex.join([sys.executable, '-m', 'pip', *arguments])}"


def export_failed(error: Exception) -> int:
    """Tells why an export failed, on standard error, in its last line; returns the exit code to end with."""
    full = isinstance(error, OSError) or "No space left" in str(error)
    print(f"{type(error).__name__}: {' '.join(str(error).split())}"[:500], file=sys.stderr)
    return DISK_REFUSED if full else 1
