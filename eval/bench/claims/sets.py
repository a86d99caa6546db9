"""Reads the sets: WiCE (Kamoi et al. 2023, claims with chunks of evidence as JSON lines), Fool Me Twice (Eisenschlos et
al. 2021, JSON lines), the human evaluations of MTRAG (Katsis et al. 2025, JSON), and BEGIN (Dziri et al. 2022, TSV).

A claim of WiCE is supported or not, which a partly supported one is not; it is held against all of its chunks, which
share sentences, as one text, each sentence once. An answer of MTRAG is faithful where the
median of its ratings, 1 to 4, is 3 or more. A response of BEGIN is supported where it is fully attributable to what it
was given; a generic one claims nothing and is left out.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from pathlib import Path

from eval.bench.files import published, read_json, read_jsonl, read_table


@dataclass(frozen=True, slots=True)
class TextClaim:
    """A claim or an answer, the names of the texts it is held against, and whether they support it. `cluster`: what it
    shares with others that are not independent of it."""

    claim: str
    texts: tuple[str, ...]
    supported: bool
    cluster: str


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """Claims, and all texts by name; `titles`: of those that have one."""

    claims: tuple[TextClaim, ...]
    texts: dict[str, str]
    titles: dict[str, str] = field(default_factory=dict)


def wice(path: Path) -> ClaimSet:
    """Raises UsageError for a file in another form."""
    evidence: dict[str, dict[object, str]] = {}
    labels: dict[str, str] = {}
    with published(path, "WiCE"):
        for row in read_jsonl(path):
            if row["label"] not in ("supported", "partially_supported", "not_supported"):
                raise ValueError(f"a label is {row['label']!r}")
            claim, lines = str(row["claim"]), [str(line) for line in row["evidence"]]
            if labels.setdefault(claim, row["label"]) != row["label"]:
                raise ValueError(f"a claim has two labels: {claim[:60]!r}")
            places = row.get("meta", {}).get("chunk_idx", lines)
            evidence.setdefault(claim, {}).update(zip(places, lines, strict=True))
    texts = {f"wice-{n}": " ".join(_in_order(pieces)) for n, pieces in enumerate(evidence.values())}
    claims = [TextClaim(c, (name,), labels[c] == "supported", c) for c, name in zip(evidence, texts, strict=True)]
    return ClaimSet(tuple(claims), texts)


def _in_order(pieces: dict[object, str]) -> list[str]:
    """Sentences by where they stand in their page, where that is known, else as they came."""
    numbered = [(place, text) for place, text in pieces.items() if isinstance(place, int)]
    return [text for _, text in sorted(numbered)] if len(numbered) == len(pieces) else list(pieces.values())


def fool_me_twice(path: Path) -> ClaimSet:
    """Claims without evidence are left out. Raises UsageError for a file in another form."""
    texts, titles, claims = {}, {}, []
    with published(path, "Fool Me Twice"):
        for n, row in enumerate(read_jsonl(path)):
            text = " ".join(str(piece["text"]) for piece in row["gold_evidence"])
            if row["label"] not in ("SUPPORTS", "REFUTES"):
                raise ValueError(f"a label is {row['label']!r}")
            if text.strip():
                texts[f"fm2-{n}"] = text
                titles[f"fm2-{n}"] = str(row.get("wikipedia_page", ""))
                claims.append(TextClaim(str(row["text"]), (f"fm2-{n}",), row["label"] == "SUPPORTS", str(n)))
    return ClaimSet(tuple(claims), texts, titles)


def mtrag_ratings(path: Path) -> ClaimSet:
    """Answers of all models with the passages that they were given. Raises UsageError for a file in another form."""
    with published(path, "MTRAG's human evaluations"):
        data = read_json(path)
        texts = {str(d["document_id"]): str(d["text"]) for d in data["documents"]}
        titles = {str(d["document_id"]): str(d.get("title", "")) for d in data["documents"]}
        given = {t["task_id"]: tuple(str(c["document_id"]) for c in t["contexts"]) for t in data["tasks"]}
        claims = []
        for row in data["evaluations"]:
            ratings = [float(one["value"]) for one in row["annotations"]["faithfulness"].values()]
            names = tuple(name for name in given[row["task_id"]] if texts.get(name, "").strip())
            if names and ratings and str(row["model_response"]).strip():
                good = statistics.median(ratings) >= 3
                claims.append(TextClaim(str(row["model_response"]), names, good, str(row["task_id"])))
    return ClaimSet(tuple(claims), texts, titles)


def begin(path: Path) -> ClaimSet:
    """Responses of one file of BEGIN's second version, with the knowledge that each was given. Raises UsageError for a
    file in another form."""
    names: dict[str, str] = {}
    claims = []
    with published(path, "BEGIN's second version"):
        for row in read_table(path, ("knowledge", "response", "begin_label"), tabs=True):
            knowledge, response, label = row["knowledge"].strip(), row["response"].strip(), row["begin_label"].strip()
            if label not in ("Fully attributable", "Not fully attributable", "Generic"):
                raise ValueError(f"a label is {label!r}")
            if label != "Generic" and knowledge and response:
                name = names.setdefault(knowledge, f"begin-{len(names)}")
                claims.append(TextClaim(response, (name,), label == "Fully attributable", name))
    return ClaimSet(tuple(claims), {name: knowledge for knowledge, name in names.items()})
