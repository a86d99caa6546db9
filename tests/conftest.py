"""What all tests share: no network, no index or cache of the user's, the real default model, the `attest` command, two
small articles, and answers made by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.types import Answer, Citation, Sentence, ShortAnswer, Trace
from vectorstore.types import Hit, Passage, SentenceSpan

if TYPE_CHECKING:
    from vectorstore.embedding.embedder import Embedder

# Two workers, each with as many threads as there are processors, spend most of their time waiting for one another.
os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_OFFLINE="1",
    OMP_NUM_THREADS="1",
    TOKENIZERS_PARALLELISM="false",
    TRANSFORMERS_OFFLINE="1",
)


LIGHTHOUSE = """The light on Gull Rock

The lamp

The lighthouse on Gull Rock was lit for the first time in 1861. Its lamp burned rape oil until 1884, when the harbour
board bought a paraffin lamp in Hamburg. Marta Oduya kept the light for thirty years. She wrote down every ship that
passed.

The storm

In the storm of 1879 the tower lost its gallery. Nobody was hurt, because the keeper had gone ashore. The repairs cost
412 pounds. A stonemason from Brill, Piet Haan, did most of the work. Haan said: "The tower will outlive us all."
"""

BAKERY = """The bakery in Corn Street

The bakery in Corn Street sold black bread, white bread and a sour loaf with caraway. Its oven was fired with beech
wood. One firing lasted for four batches. The baker, Ines Falk, closed the shop in 1921.
"""


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real default model."""
    from vectorstore.embedding.models import load_embedder

    return load_embedder()


@pytest.fixture(autouse=True, scope="session")
def own_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reaches the user's index, whatever it forgets to pass."""
    directory = tmp_path_factory.mktemp("default") / "index"
    before = os.environ.get("ATTEST_INDEX")
    os.environ["ATTEST_INDEX"] = str(directory)
    yield directory
    if before is None:
        del os.environ["ATTEST_INDEX"]
    else:
        os.environ["ATTEST_INDEX"] = before


def make_answer(
    question: str,
    *,
    quote: str = "Marta Oduya kept the light.",
    short: str = "",
    speaker: str | None = None,
    abstained: bool = False,
    searched_for: str = "",
    section: str = "The lamp",
    title: str = "Gull Rock",
) -> Answer:
    start = 10
    citation = Citation("gull-rock", title, section, start, start + len(quote), quote, speaker, "0" * 64)
    at = start + quote.find(short)
    shorts = (ShortAnswer(at, at + len(short), short),) if short else ()
    passage = Passage(
        "p1", "gull-rock", start, citation.end, section, "prose", None, (SentenceSpan(start, citation.end, "prose"),)
    )
    return Answer(
        question=question,
        searched_for=searched_for or question,
        sentences=() if abstained else (Sentence(" ".join(quote.split()), (citation,), shorts),),
        abstained=abstained,
        confidence=0.25,
        passages=(Hit(passage, 1.5),),
        trace=Trace((question,), ()),
    )


@pytest.fixture(name="answered")
def answered_fixture() -> Callable[..., Answer]:
    """Makes an answer of one sentence, or an abstention, by hand."""
    return make_answer


@pytest.fixture
def attest(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in this process: its exit code, standard output and standard error."""

    from ui.terminal.cli import main

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), out, err

    return run


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two text files."""
    folder = tmp_path_factory.mktemp("articles")
    (folder / "lighthouse.txt").write_text(LIGHTHOUSE, encoding="utf-8")
    (folder / "bakery.txt").write_text(BAKERY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def index(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the two articles, made by the command; for tests that do not change it."""
    from ui.terminal.cli import main

    directory = tmp_path_factory.mktemp("made") / "index"
    with pytest.raises(SystemExit) as ended:
        main(["ingest", str(articles), "--index", str(directory)])
    assert ended.value.code == 0
    return directory
