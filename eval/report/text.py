"""One case in plain text, for the terminal, pytest and JUnit: expected and got, the evidence, what outranked it."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import Case
from eval.metrics.registry import metric
from eval.metrics.retrieval import found_at
from eval.runs import Result, RunCitation, RunSentence
from vectorstore.types import Document, Span

REFUSAL = "Not in the source."
_SHORT = 90


def case_lines(result: Result, case: Case, document: Document, *, before: Result | None) -> list[str]:
    """The lines of one case; with `before`, its result in the baseline, also what was shown then."""
    change = " pass -> fail" if before is not None and before.passed and not result.passed else ""
    lines = [f"{case.id} [{case.kind}, {case.part}]{change}"]
    lines += [f"  earlier:      {question}" for question in case.history]
    lines.append(f"  question:     {case.question}")
    if result.searched_for is not None and result.searched_for != case.question:
        lines.append(f"  searched for: {result.searched_for}")
    if result.failed:
        lines.append(f"  failed:       {', '.join(metric(name).label for name in result.failed)}")
    lines.append(f"- expected:     {expected(case)}")
    lines += [f"+ got:          {line}" for line in shown_lines(result, document)]
    if before is not None:
        lines += [f"  before:       {line}" for line in shown_lines(before, document)]
    lines += [f"  evidence:     {place(span)} {short(document.text[slice(*span)])}" for span in case.evidence]
    if case.has_answer and result.passages is not None:
        lines += _outranked(case, result.passages, document)
    return lines


def expected(case: Case) -> str:
    """The facts that an answer must show, or the refusal."""
    if not case.has_answer:
        return f"{REFUSAL} ({case.answerable})"
    facts = [" / ".join(n.accepted) + ("" if n.vital else " (okay)") for n in case.nuggets]
    return "; ".join(facts) or "the evidence, cited"


def shown_lines(result: Result, document: Document) -> list[str]:
    """The sentences shown, each with where it points and whose words it is; or the refusal."""
    sure = "" if result.confidence is None else f" (confidence {result.confidence:.2f})"
    if result.abstained:
        return [f"{REFUSAL}{sure}"]
    lines = []
    for sentence in result.sentences:
        cited = ", ".join(citation_line(citation) for citation in sentence.citations) or "no citation"
        lines.append(f"{spoken(sentence, document)} [{cited}]")
    return [line + (sure if number == 0 else "") for number, line in enumerate(lines)] or ["an empty answer"]


def spoken(sentence: RunSentence, document: Document) -> str:
    """The words of a sentence of a run."""
    if sentence.text is not None:
        return sentence.text
    return " ".join(" ".join(document.text[c.start : c.end].split()) for c in sentence.citations)


def place(span: Span) -> str:
    """start-end."""
    return f"{span[0]}-{span[1]}"


def short(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[:_SHORT].rsplit(" ", 1)[0] + " ..."


def citation_line(citation: RunCitation) -> str:
    """Where a citation points, whose words it is, and what it claims to quote where that does not stand there."""
    voice = f" {citation.speaker}" if citation.speaker else ""
    inexact = "" if citation.quote is None else f" claims {short(citation.quote)!r}"
    return f"{citation.start}-{citation.end}{voice}{inexact}"


def _outranked(case: Case, passages: Sequence[Span], document: Document) -> list[str]:
    found = [rank for rank in found_at(passages, case.evidence) if rank is not None]
    if found and min(found) == 1:
        return []
    above = passages[: min(found) - 1] if found else passages[:3]
    where = f"rank {min(found)}" if found else "not in the ranking"
    lines = [f"  evidence at:  {where}; outranked by"]
    return lines + [
        f"    {rank}. {place(span)} {short(document.text[slice(*span)])}" for rank, span in enumerate(above, 1)
    ]
