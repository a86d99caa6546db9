"""A network's file is believed only while its content is what was written; anything else is made again, or told."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from vectorstore.embedding import derived, encoder
from vectorstore.embedding.derived import Recipe, damaged_files, open_network
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import AttestError, StorageError

ROOT = Path(__file__).parents[3]


def cached(recipe: Recipe) -> Path:
    """The file of a network that is in the cache."""
    return open_network(recipe, lambda file: file)


def flipped(file: Path, at: float) -> None:
    """Turns one bit over, at this share of the file."""
    content = bytearray(file.read_bytes())
    content[min(len(content) - 1, int(at * len(content)))] ^= 0x10
    file.write_bytes(content)


def cut(file: Path, share: float) -> None:
    with file.open("rb+") as stream:
        stream.truncate(int(share * file.stat().st_size))


def another_network(file: Path) -> None:
    """A network that loads and computes something else, under the same name."""
    import onnx

    model = onnx.load(file)
    for tensor in model.graph.initializer:
        if len(tensor.dims) == 1:
            tensor.raw_data = bytes(len(tensor.raw_data))
    onnx.save(model, file)


def in_its_own_name(file: Path) -> None:
    """Another network whose name tells its own digest."""
    another_network(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    file.rename(file.with_name(f"{file.name.split('.')[0]}.{digest}.onnx"))


def a_directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut in half": lambda file: cut(file, 0.5),
    "one byte short": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "a bit flipped in the header": lambda file: flipped(file, 0),
    "a bit flipped early": lambda file: flipped(file, 0.1),
    "a bit flipped in the middle": lambda file: flipped(file, 0.5),
    "a bit flipped late": lambda file: flipped(file, 0.9),
    "a bit flipped at the end": lambda file: flipped(file, 1),
    "another network": another_network,
    "missing": lambda file: file.unlink(),
}
OTHERS: dict[str, Callable[[Path], object]] = {
    "another network in its own name": in_its_own_name,
    "a directory": a_directory,
}


@pytest.fixture(scope="session")
def network_file(embedder: Embedder) -> Path:
    """A sound file of the network that the default model reads with."""
    return cached(encoder.network("lower"))


@pytest.fixture
def cache(tmp_path: Path, network_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test alone that holds the network; the system's temporary directory is the test's too."""
    directory = tmp_path / "cache"
    directory.mkdir()
    shutil.copyfile(network_file, directory / network_file.name)
    monkeypatch.setenv("ATTEST_CACHE", str(directory))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return directory


@pytest.fixture
def quick(cache: Path, tmp_path: Path, network_file: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """The network of the default model, made by copying a sound file."""
    recipe = replace(
        encoder.network("lower"),
        module="tests.vectorstore.embedding.copied_export",
        arguments=(str(tmp_path / "log"), str(network_file)),
        check=lambda: None,
    )
    monkeypatch.setattr(encoder, "network", lambda part: recipe)
    return recipe


def times_made(tmp_path: Path) -> int:
    log = tmp_path / "log"
    return log.read_text().count("made") if log.exists() else 0


@pytest.mark.parametrize("damage", [*DAMAGE, *OTHERS])
def test_a_damaged_network_is_made_again_and_answers_as_before(
    damage: str, cache: Path, quick: Recipe, tmp_path: Path, network_file: Path, embedder: Embedder
) -> None:
    {**DAMAGE, **OTHERS}[damage](cache / network_file.name)
    again = load_embedder()
    assert np.array_equal(again.embed_query("who?"), embedder.embed_query("who?"))
    made = times_made(tmp_path)
    assert made >= 1 and damaged_files(quick) == [cache / network_file.name] * (damage == "a directory")
    load_embedder()
    assert times_made(tmp_path) == made, "what was made is kept"


def test_opening_a_sound_file_writes_nothing(cache: Path) -> None:
    before = [(path, path.stat().st_mtime_ns) for path in [cache, *cache.iterdir()]]
    load_embedder()
    assert [(path, path.stat().st_mtime_ns) for path in [cache, *cache.iterdir()]] == before


def test_files_that_others_keep_in_the_cache_stay(cache: Path, quick: Recipe, network_file: Path) -> None:
    """An earlier release, which knew no digests, may be in use beside this one."""
    (cache / network_file.name).unlink()
    others = [cache / f"{quick.stem}.onnx", cache / "reader-of-somebody.onnx"]
    for other in others:
        other.write_bytes(b"not ours")
    load_embedder()
    assert all(other.read_bytes() == b"not ours" for other in others)


def test_what_is_put_in_place_between_check_and_load_is_not_believed(
    quick: Recipe, cache: Path, network_file: Path
) -> None:
    """`load` gets a path; what it read counts only where the path still names the content that was hashed."""
    loads: list[str] = []

    def load(file: Path) -> str:
        if not loads:
            other = cache / "other"
            other.write_bytes(b"something else")
            os.replace(other, file)
        loads.append(hashlib.sha256(file.read_bytes()).hexdigest())
        return loads[-1]

    assert open_network(quick, load) == network_file.name.split(".")[1] != loads[0]


def test_a_network_that_stays_wrong_is_refused_and_a_sound_file_is_not_lost(
    quick: Recipe, cache: Path, network_file: Path, tmp_path: Path
) -> None:
    def refuse(file: Path) -> None:
        raise ValueError("it computes other vectors")

    with pytest.raises(AttestError, match=r"made again and is still not right \(it computes other vectors\)") as caught:
        open_network(quick, refuse)
    assert "\n" not in str(caught.value) and times_made(tmp_path) == 1
    assert (cache / network_file.name).exists() and damaged_files(quick) == []


OPEN = """
import sys
from dataclasses import replace
from vectorstore.embedding import encoder
from vectorstore.embedding.pooled import load_pooled
copied = {"module": "tests.vectorstore.embedding.copied_export", "arguments": tuple(sys.argv[1:])}
recipe = replace(encoder.network("lower"), check=lambda: None, **copied)
encoder.network = lambda part: recipe
print(load_pooled().embed_query("who?").tobytes().hex())
"""


def test_processes_that_start_together_make_it_once(
    quick: Recipe, cache: Path, network_file: Path, tmp_path: Path, embedder: Embedder
) -> None:
    (cache / network_file.name).unlink()
    command = [sys.executable, "-c", OPEN, *quick.arguments]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    vectors = {process.communicate(timeout=300)[0].strip() for process in started}
    assert vectors == {embedder.embed_query("who?").tobytes().hex()}
    assert times_made(tmp_path) == 1


def test_a_process_killed_while_it_makes_the_network_leaves_nothing_in_the_way(
    quick: Recipe, cache: Path, network_file: Path, tmp_path: Path
) -> None:
    (cache / network_file.name).unlink()
    process = subprocess.Popen([sys.executable, "-c", OPEN, *quick.arguments], cwd=ROOT, start_new_session=True)
    while times_made(tmp_path) == 0:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert any(path.is_dir() for path in cache.iterdir()), "it was killed in the middle"
    load_embedder()
    assert not any(path.is_dir() for path in cache.iterdir())
    assert [path.name for path in cache.glob("*.onnx")] == [network_file.name]


def test_what_killed_processes_left_is_swept(quick: Recipe, cache: Path, network_file: Path, tmp_path: Path) -> None:
    """Killed when the network was in place already; and by the first release, which made it in the cache itself."""
    scratch, old, young = cache / f".{quick.stem}-abc", cache / ".export-old.onnx", cache / ".export-young.onnx"
    scratch.mkdir()
    (scratch / ".export-abc.onnx").write_bytes(b"half")
    with FileLock(cache / f".{quick.stem}.lock"):
        cached(quick)
        assert scratch.exists(), "its process is still at work"
    cached(quick)
    assert not scratch.exists() and times_made(tmp_path) == 0
    for file in (old, young):
        file.write_bytes(b"half")
    os.utime(old, (1, 1))
    (cache / network_file.name).unlink()
    cached(quick)
    assert not old.exists() and young.exists()


def test_a_cache_that_cannot_be_written_gives_way_to_a_private_directory(
    quick: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ATTEST_CACHE", str(tmp_path / "file" / "inside"))
    load_embedder()
    (private,) = tmp_path.glob("attest-cache-*")
    assert private.stat().st_mode & 0o077 == 0 and len(list(private.glob("*.onnx"))) == 1
    load_embedder()
    assert times_made(tmp_path) == 1
    private.chmod(0o777)  # somebody else could have written there
    load_embedder()
    assert times_made(tmp_path) == 2 and list(tmp_path.glob("attest-*")) == [private], "used, and not kept"


def in_small_disk(disk: Path, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs Python with `disk` on a file system of 1 MB."""
    prefix = ["unshare", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    mount = f'mount -t tmpfs -o size=1m tmpfs "{disk}" && exec "$@"'
    command = [*prefix, "sh", "-c", mount, "sh", sys.executable, "-c", script, *arguments]
    run = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, cwd=ROOT)
    assert "mount:" not in run.stderr, run.stderr
    return run


def test_a_full_cache_gives_way_to_the_temporary_directory(quick: Recipe, tmp_path: Path, embedder: Embedder) -> None:
    full = tmp_path / "full"
    full.mkdir()
    run = in_small_disk(full, OPEN, *quick.arguments, ATTEST_CACHE=str(full))
    assert (run.stdout.strip(), run.stderr) == (embedder.embed_query("who?").tobytes().hex(), "")
    assert len(list(tmp_path.glob("attest-cache-*/*.onnx"))) == 1


def test_where_no_disk_has_room_one_line_says_how_much_is_needed(
    quick: Recipe, cache: Path, network_file: Path
) -> None:
    (cache / network_file.name).unlink()
    with pytest.raises(StorageError, match=r"has 1000000000 MB free \(No space left.*set ATTEST_CACHE") as caught:
        open_network(replace(quick, room=10**15), lambda file: file)
    assert "\n" not in str(caught.value) and list(cache.glob("*.onnx")) == []


@pytest.fixture
def failing(quick: Recipe, cache: Path, network_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Opens the network, which is missing, with an export that runs this code."""
    (cache / network_file.name).unlink()
    monkeypatch.syspath_prepend(tmp_path)

    def open_with(code: str) -> Path:
        (tmp_path / "an_export.py").write_text(textwrap.dedent(code))
        return open_network(replace(quick, module="an_export", arguments=()), lambda file: file)

    return open_with


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import torchless", r"No module named 'torchless'\)\. Run: .*python.* -m pip install .*torch==2\.13\.0"),
        ("raise RuntimeError('differs by 3')", r"differs by 3\)\. Make attest's Python environment anew"),
        ("import os; os.kill(os.getpid(), 9)", r"stopped by signal 9.*when more memory is free"),
        ("import time; time.sleep(60)", r"could not be prepared in 0 minutes.*less busy"),
        ("pass", r"\(exit code 0\)"),
    ],
)
def test_an_export_that_fails_is_one_line(
    code: str, message: str, failing: Callable[[str], Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sleep" in code:
        monkeypatch.setattr(derived, "EXPORT_SECONDS", 1)
    with pytest.raises(AttestError, match=message) as caught:
        failing(code)
    assert "\n" not in str(caught.value)
    assert [path for path in cache.iterdir() if not path.name.endswith(".lock")] == []


def test_an_export_that_the_disk_refuses_goes_on_elsewhere(failing: Callable[[str], Path], tmp_path: Path) -> None:
    code = """
        import sys
        from vectorstore.embedding.derived import export_failed
        if "/cache/" in sys.argv[1]:
            sys.exit(export_failed(RuntimeError("No space left on device")))
        open(sys.argv[1], "w").write("made")
    """
    assert failing(code).parent.parent == tmp_path


def test_an_export_takes_no_module_from_the_folder_where_attest_runs(
    cache: Path, quick: Recipe, network_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cache / network_file.name).unlink()
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("shutil.py", "json.py"):
        (folder / name).write_text("raise SystemExit('mine')")
    monkeypatch.chdir(folder)
    assert cached(quick).name == network_file.name
    assert times_made(tmp_path) == 1


def test_another_process_that_never_ends_its_export_is_told(
    quick: Recipe, cache: Path, network_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cache / network_file.name).unlink()
    monkeypatch.setattr(derived, "EXPORT_SECONDS", 0.1)
    with (
        derived.FileLock(cache / f".{quick.stem}.lock"),
        pytest.raises(AttestError, match="prepared by another process"),
    ):
        load_embedder()
