"""`attest doctor`: checks the models, attest's own files and the index, and makes again what can be made again."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ui.opening import open_index
from ui.terminal.consoles import ProgressBar, complain
from vectorstore.errors import AttestError, InputError
from vectorstore.printable import printable_line

if TYPE_CHECKING:
    from assistant.settings import Settings


def doctor(settings: Settings, *, rebuild: bool) -> int:
    """Prints one line per finding; returns 1 where something damaged could not be made again. With `rebuild`, the index
    is rebuilt first, if all files that it depends on are sound.

    Raises InputError where there is no index, IndexMismatch and IndexDamaged where it cannot be opened.
    """
    from vectorstore.disk.directory import is_index

    quoted = shlex.quote(str(settings.index))
    if not is_index(settings.index):
        raise InputError(
            f"there is no index in {settings.index}: run `attest ingest PATH_OR_URL --index {quoted}` first"
        )
    told = _check_packaged()
    usable = _make_networks_sound(told)
    if told and rebuild:
        complain("nothing was rebuilt: first do what the lines above say")
        return 1
    if not usable:
        complain(f"{settings.index} was not looked at: first do what the lines above say")
        return 1
    if rebuild:
        _rebuild(settings)
    from assistant.abstention.fitted import threshold_of
    from assistant.calibration import load_calibration

    with open_index(settings, "attest doctor", warn=False) as index:
        found = index.verify()
        threshold = threshold_of(index, load_calibration().threshold) if found.ok and not told else None
    for problem in found.problems:
        print(f"damaged: {printable_line(problem)}")
    what = f"{found.documents:,} documents, {found.passages:,} passages, {found.vectors:,} vectors"
    if not found.ok:
        if len(found.problems) > found.lost:
            complain(f"{settings.index} is damaged: run `attest doctor --rebuild --index {quoted}`")
        else:
            complain(f"{settings.index} is damaged: follow the lines above; {what} beside are sound")
        return 1
    if told or threshold is None:
        complain(f"{settings.index} is sound ({what} compared), but do what the lines above say")
        return 1
    decided = f"answers from confidence {threshold.value:g} on ({threshold.origin})"
    print(f"sound: {settings.index} · {what} compared · models and packaged files as published · {decided}")
    for line in (threshold.promise, threshold.remark):
        if line:
            print(printable_line(line))
    return 0


def _check_packaged() -> set[str]:
    """Prints and returns what is wrong with the files that attest and the packages of its network ship, and what to
    do."""
    from assistant.calibration import FILE
    from vectorstore.disk.packaged import packaged
    from vectorstore.embedding.encoder import WEIGHTS
    from vectorstore.embedding.network.base import check_base, part_files

    checks: list[Callable[[], object]] = [partial(packaged, FILE), partial(packaged, WEIGHTS)]
    with contextlib.suppress(AttestError):  # no package: making the network says so
        part_files()
        checks.append(check_base)
    return {message for check in checks if (message := _complaint(check))}


def _make_networks_sound(told: set[str]) -> bool:
    """Opens the networks, which makes them again where they are damaged. Prints what is wrong, except what is in
    `told`, and adds it there. Returns whether all can be used."""
    from assistant.reader import runtime
    from vectorstore.embedding import derived, encoder

    usable = True
    opened: list[tuple[str, Callable[[], object]]] = [("lower", encoder.load_encoder), ("upper", runtime.load_reader)]
    for half, load in opened:
        try:
            damaged = derived.damaged_files(encoder.network(half))
            load()
        except AttestError as error:
            usable = False
            if str(error) not in told:
                print(f"damaged: {printable_line(str(error))}")
                told.add(str(error))
        else:
            for file in damaged:
                print(f"damaged: {printable_line(str(file))} was not what was written; it has been made again")
    return usable


def _complaint(check: Callable[[], object]) -> str | None:
    """Prints and returns what the check raises."""
    try:
        check()
    except AttestError as error:
        print(f"damaged: {printable_line(str(error))}")
        return str(error)
    return None


def _rebuild(settings: Settings) -> None:
    from ingest.passages import SPLITTER_VERSION, split_document
    from vectorstore.embedding.models import load_embedder
    from vectorstore.rebuild import rebuild

    embedder = load_embedder(settings.model)
    with ProgressBar() as bar:
        done = rebuild(
            settings.index,
            embedder,
            SPLITTER_VERSION,
            split_document,
            progress=lambda done, total: bar.show(done, total, "embedding"),
        )
    for line in done.lost:
        complain(line)
    print(f"rebuilt: {done.documents:,} documents, {done.passages:,} passages, {done.vectors:,} vectors", flush=True)
