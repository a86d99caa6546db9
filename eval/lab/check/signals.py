"""What the checker measures of claims whose label is known: the generated pairs of articles and the claims of
`eval/sets/claims.jsonl`. `eval.lab.check.fit` fits on it, `eval.lab.check.figures` counts with it.

Articles are those of SQuAD that the reader was not trained on, by its `is_held_out`, and the bundled one; every other
one is for fitting. Articles of SQuAD's development part, where the folder has it, are for measuring. The network's head
on claims has learned from Fool Me Twice, FEVER Symmetric, ConjNLI, Check-COVID, SummEdits, Breaking NLI and WiCE's
training part: on those it would look surer than it is, so nothing is fitted there.
But: measuring takes minutes; what is measured is kept in a file, and a second fit reads that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from assistant.check.checker import Checker
from assistant.check.types import Check, Verdict
from assistant.check.verdict import Verdicts, load_verdicts
from assistant.citation import cite_line
from assistant.reader.lessons.articles import is_held_out
from assistant.reader.runtime import Reader, load_reader
from eval import Progress, silent
from eval.bench.corpus import Text, indexed
from eval.bench.files import read_json
from eval.lab.check.claims import load_claims
from eval.lab.check.pairs.article import Article
from eval.lab.check.pairs.make import Pair, pairs_of
from ingest.loading import bundled
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import UsageError
from vectorstore.index import Index
from vectorstore.types import Document, text_sha256

Use = Literal["fitting", "measuring", "sealed"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A claim with its signals: one row for each group of windows that was compared, none where the source holds the
    claim word for word (`certain`). `misplaced`: the checker said that another place is cited."""

    source: str
    kind: str
    error: str
    label: Verdict
    use: Use
    held_out: bool
    groups: list[dict[str, float]]
    certain: bool = False
    misplaced: bool = False

    @property
    def faithful(self) -> bool:
        return self.label == "supported"

    def support(self, verdicts: Verdicts) -> float:
        """The best support of a group; 1 where the source holds the claim word for word, 0 where nothing was found."""
        return 1.0 if self.certain else max((verdicts.support(group) for group in self.groups), default=0.0)

    def flagged(self, verdicts: Verdicts, threshold: float | None = None) -> bool:
        """Whether a reader is warned of the claim."""
        least = verdicts.supported_from if threshold is None else threshold
        return self.misplaced or self.support(verdicts) < least


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim to be checked, the stretch of a document that it cites, and what is known of it but its signals."""

    claim: str
    cited: tuple[Document, int, int] | None
    known: Measured


@dataclass(frozen=True, slots=True)
class Recorder(Verdicts):
    """The shipped verdicts, which note every row of signals that they are asked about."""

    seen: list[dict[str, float]] = field(default_factory=list)

    def support(self, signals: Mapping[str, float]) -> float:
        self.seen.append(dict(signals))
        return Verdicts.support(self, signals)


def measured(index: Index, reader: Reader, one: Labelled) -> Measured:
    """What is known of a claim, with its signals."""
    shipped = load_verdicts()
    recorder = Recorder(shipped.supported, shipped.contradicted, shipped.supported_from, shipped.contradicted_from)
    checked = check_of(Checker(index, reader=reader, verdicts=recorder), one)
    said = [sentence for sentence in checked.sentences if sentence.checkable]
    certain = bool(said) and all(s.verdict == "supported" and s.support == 1.0 for s in said) and not recorder.seen
    return replace(one.known, groups=recorder.seen, certain=certain, misplaced=is_misplaced(checked))


def check_of(checker: Checker, one: Labelled) -> Check:
    """The claim, checked with what it cites."""
    return checker.check(one.claim, cited=cite_line(*one.cited).citations if one.cited else ())


def is_misplaced(check: Check) -> bool:
    """Whether the checker said that another place is cited."""
    return any(f.kind == "citation" and f.outcome == "differs" for s in check.sentences for f in s.findings)


def articles(data: Path, most: int, part: str = "train") -> list[Document]:
    """The first `most` articles of SQuAD's `train-v1.1.json` that the reader was not trained on, or of another part of
    it, of which it knows none. Raises UsageError."""
    name = f"{part}-v1.1.json"
    file = data / name if (data / name).exists() else data / "squad" / name
    try:
        rows = [article for article in read_json(file)["data"] if part != "train" or is_held_out(article["title"])]
        texts = [
            (a["title"].replace("_", " "), "\n\n".join(p["context"] for p in a["paragraphs"][:40])) for a in rows[:most]
        ]
    except (KeyError, TypeError):
        raise UsageError(f"--data {data} does not hold SQuAD's {name}: see the docstring") from None
    return [
        Document(f"squad-{part}-{n}", title, text, text_sha256(text), f"squad:{part}-{n}")
        for n, (title, text) in enumerate(texts)
    ]


def labelled(
    data: Path, *, most: int, each: int, seed: int, use: Use | None = None, progress: Progress = silent
) -> Iterator[tuple[Index, list[Labelled]]]:
    """`most` articles, open to be searched, each with its claims: `each` of every kind, and those by hand. `use`: only
    articles for that."""
    embedder = load_embedder()
    own = next(loaded.document for loaded in bundled())
    known = [own, *articles(data, most)]
    others = articles(data, most, "dev") if any(data.glob("**/dev-v1.1.json")) else []
    documents = [*known, *others]
    for n, document in enumerate(documents):
        own_use: Use = "fitting" if n % 2 == 0 and n < len(known) else "measuring"
        if use not in (None, own_use):
            continue
        text = Text(document.id, document.title, document.text, document.format)
        with indexed([text], embedder, silent) as index:
            stored = index.document(document.id)
            pairs = pairs_of(Article.of(stored), each=each, seed=seed)
            claims = [_generated(pair, stored, document.id, own_use) for pair in pairs]
            yield index, claims + (_by_hand() if document is own else [])
        progress(n + 1, len(documents))


def _generated(pair: Pair, document: Document, source: str, use: Use) -> Labelled:
    cited = (document, *pair.cited) if pair.cited else None
    return Labelled(
        pair.claim, cited, Measured(source, pair.kind, pair.error, pair.label, use, pair.held_out, groups=[])
    )


def _by_hand() -> list[Labelled]:
    found = []
    for one in load_claims():
        use: Use = "sealed" if one.part == "sealed" else "fitting"
        found.append(Labelled(one.claim, None, Measured("by hand", one.kind, one.kind, one.label, use, False, [])))
    return found


def measure(data: Path, *, most: int, each: int, seed: int, progress: Progress = silent) -> Iterator[Measured]:
    """The claims of `labelled`, measured."""
    reader = load_reader(remembered=None)
    for index, claims in labelled(data, most=most, each=each, seed=seed, progress=progress):
        for one in claims:
            yield measured(index, reader, one)


def kept(file: Path, claims: Iterable[Measured] | None = None) -> list[Measured]:
    """What `file` holds, or `claims`, each written to it as it comes, one JSON object a line; the file has its name
    only when all are. Raises UsageError for a file that holds something else."""
    if claims is not None:
        unfinished = file.with_name(f"{file.name}.unfinished")
        found = []
        with unfinished.open("w", encoding="utf-8") as lines:
            for claim in claims:
                lines.write(json.dumps(asdict(claim)) + "\n")
                lines.flush()
                found.append(claim)
        unfinished.replace(file)
        return found
    try:
        return [Measured(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{file} holds no measured claims ({error}): leave it out to measure them") from None
