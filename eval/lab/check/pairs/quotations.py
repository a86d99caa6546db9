"""Planted quotations: `python -m eval.lab.check.pairs.quotations [FILE ...] [--most 60]`.

Sentences that quote a document rightly, and such as alter its words, cut or splice them so that their meaning turns,
hide something behind dots, cite another place or name another speaker; the verdict on each is known. By default they
are made of the bundled article. Printed: how many of each sort are judged as they have to be, and each that is not.
But: what is wrong on purpose is wrong in one way; what people misquote may be wrong in several.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from assistant.check.quotations import judge_quotations
from assistant.check.texts import Texts
from assistant.check.types import Finding, Kind
from eval.lab.check.pairs import meaning, people, values
from eval.lab.check.pairs.article import Article, Sentence
from ingest.loading import bundled, load_file
from ingest.speech.vocabulary import SAYING_FINITE
from vectorstore.errors import AttestError
from vectorstore.types import Document, Span

MOST, FEWEST_WORDS, MOST_WORDS = 60, 9, 40
_TURNING = re.compile(
    r"\b(?:no|not|nor|never|none|nobody|nothing|neither|cannot|without|hardly|but|however|yet|although|though|unless|if|"
    r"except|only|until|whether|would|could|might|may|should|den\w+|doubt\w*|refus\w+|fail\w*|reject\w*|lack\w*|instead|"
    r"rather|few|little|alleg\w+|claim\w*|suppos\w+|believ\w+|said|says|sa[iy]\w*|wrote|argu\w+|suggest\w*|try|tried|"
    r"almost|nearly|think|thought|far)\b|n[’']t\b|[“”\"‘]",
    re.I,
)
_NOT = re.compile(r" (?:not|never) (?!only|just|merely|simply|necessarily|until)(?=[a-z]+ )")
_CUT = re.compile(r",? (?:unless|only if|but only|provided that) [^,;:“”\"]{8,}\.$")
_DENIED = re.compile(r"\b(?:denied|denies|doubted) that (?P<rest>[^“”\"]{25,})\.$")
_SAYS = "|".join(sorted(SAYING_FINITE))
_SAID_THAT = re.compile(
    rf"^,? (?:\w+ly |also |later |then )?(?:{_SAYS}|believed|warned)(?: [a-z ]{{0,30}}?)?,? that "
    r"(?P<rest>[^“”\"‘]{25,})\.$"
)
_QUOTED = re.compile(
    rf"^[^“”\"‘]{{0,40}}?\b(?:{_SAYS}|called)\b[^“”\"‘]{{0,40}}(?:that |: |, | )“(?P<words>[^“”]{{12,}})”"
)
_ASIDE = re.compile(r"(?:,? \([^()“”\"]{4,60}\)|, (?:which|who) (?:is|was|were|are|had) [^,“”\"]{4,60},)(?= )")
_FRAMES = ("“{}”", "One passage reads: “{}”", '"{}"', "The words are: ‘{}’")


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence with a quotation, and what has to be found: a difference of this kind, whose reason holds `reason`;
    nothing wrong where `wrong` is None. `cited`: the place that the sentence cites."""

    sort: str
    sentence: str
    wrong: Kind | None = None
    reason: str = ""
    cited: Span | None = None

    def is_found(self, findings: Sequence[Finding]) -> bool:
        """Whether the findings say what has to be said, and nothing is taken for wrong that is right."""
        wrong = [f for f in findings if f.outcome != "agrees"]
        if self.wrong is None:
            return bool(findings) and not wrong
        return any(f.kind == self.wrong and f.outcome == "differs" and re.search(self.reason, f.reason) for f in wrong)


Plant = Callable[[Sentence, Article, random.Random], str | tuple[str, Span] | None]


def exact(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A sentence as it is."""
    return rng.choice(_FRAMES).format(sentence.text) if _is_plain(sentence) else None


def part(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Some words of a sentence, the first in a capital or not."""
    words = sentence.text.rstrip(".").split()
    if not _is_plain(sentence) or len(words) < 12:
        return None
    first = rng.randrange(1, len(words) - 9)
    some = " ".join(words[first : first + rng.randrange(6, 9)]).strip(",;:()–—-")
    return f"It speaks of “{some}”." if not re.search(r"[()]", some) else None


def left_out(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """An aside left out, with dots in its place."""
    m = _ASIDE.search(sentence.text)
    if m is None or not _is_plain(sentence) or m.start() < 15:
        return None
    dots = rng.choice((" …", " [...]", " ..."))
    return f"“{sentence.text[: m.start()]}{dots}{sentence.text[m.end() :]}”"


def speaker(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What somebody says, in that person's mouth."""
    return next((f"{name} said: “{rest}.”" for name, rest in _spoken(sentence, article)), None)


def other_speaker(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What somebody says, in the mouth of somebody who is not named near it."""
    for name, rest in _spoken(sentence, article):
        around = set(f"{name} {article.paragraph_words(sentence)}".split())
        speakers = {other for one in article.sentences for other, _ in _spoken(one, article)}
        others = sorted(other for other in speakers if not set(other.split()) & around)
        return f"{rng.choice(others)} said: “{rest}.”" if others else None
    return None


def altered(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Another number, name or word."""
    if "“" in sentence.text or '"' in sentence.text or "‘" in sentence.text:
        return None
    ways = [values.wrong_number, values.wrong_date, people.other_name, meaning.opposite]
    rng.shuffle(ways)
    made = next((text for way in ways if (text := way(sentence, article, rng))), None)
    return f"“{made}”" if made else None


def cut(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Cut before what it depends on, or behind what denies it."""
    text = sentence.text
    if re.search(r"[“”\"‘]", text):
        return None
    if (m := _CUT.search(text)) and m.start() > 30:
        return f"“{text[: m.start()]}.”"
    if m := _DENIED.search(text):
        return f"“{m['rest']}.”"
    if (m := _NOT.search(text)) and text[m.end() :].count(" ") >= 4:
        return f"It speaks of “{text[m.end() :].rstrip('.')}”."
    return None


def hidden(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Dots for the word that denies."""
    m = _NOT.search(sentence.text)
    if m is None or re.search(r"[“”\"‘]", sentence.text) or sentence.text[: m.start()].count(" ") < 2:
        return None
    return f"“{sentence.text[: m.start()]} … {sentence.text[m.end() :]}”" if len(sentence.text) - m.end() > 25 else None


def spliced(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The beginning of one sentence and the end of one of another paragraph, as if they stood together."""
    others = [s for s in article.sentences if s.paragraph != sentence.paragraph and _is_plain(s) and s.words >= 14]
    words = sentence.text.split()
    if not _is_plain(sentence) or len(words) < 14 or not others:
        return None
    other = rng.choice(others).text.split()
    return f"“{' '.join(words[:7]).rstrip(',;:')} {' '.join(other[-7:])}”"


def wrong_place(sentence: Sentence, article: Article, rng: random.Random) -> tuple[str, Span] | None:
    """A sentence as it is, with a sentence of another paragraph cited."""
    others = [s for s in article.sentences if s.paragraph != sentence.paragraph]
    if not _is_plain(sentence) or not others:
        return None
    other = rng.choice(others)
    return f"“{sentence.text}”", (other.start, other.end)


def right_place(sentence: Sentence, article: Article, rng: random.Random) -> tuple[str, Span] | None:
    """A sentence as it is, cited."""
    return (f"“{sentence.text}”", (sentence.start, sentence.end)) if _is_plain(sentence) else None


SORTS: tuple[tuple[str, Plant, Kind | None, str], ...] = (
    ("exact", exact, None, ""),
    ("altered", altered, "quotation", "altered|spliced"),
    ("some words of a sentence", part, None, ""),
    ("cut so that it turns", cut, "quotation", "cut so that its meaning turns"),
    ("an aside left out", left_out, None, ""),
    ("dots that hide", hidden, "quotation", "hides|turns its meaning"),
    ("the place cited", right_place, None, ""),
    ("spliced", spliced, "quotation", "spliced|distant"),
    ("who says it", speaker, None, ""),
    ("another place cited", wrong_place, "citation", ""),
    ("another speaker", other_speaker, "speaker", ""),
)


def planted(article: Article, *, seed: int = 17) -> Iterator[Planted]:
    """The planted quotations of a document, one of each sort in turn; the same call gives the same ones."""
    rows = [list(_sort(article, *one, seed)) for one in SORTS]
    yield from (one for row in zip_longest(*rows) for one in row if one is not None)


def _sort(article: Article, sort: str, plant: Plant, wrong: Kind | None, reason: str, seed: int) -> Iterator[Planted]:
    drawn = hashlib.sha256(f"{seed}/{article.document.sha256}/{sort}".encode()).digest()
    rng = random.Random(int.from_bytes(drawn[:8], "big"))
    sentences = [s for s in article.sentences if FEWEST_WORDS <= s.words <= MOST_WORDS and s.text.endswith(".")]
    rng.shuffle(sentences)
    for sentence in sentences:
        made = plant(sentence, article, rng)
        if made is not None:
            said, cited = (made, None) if isinstance(made, str) else made
            yield Planted(sort, said, wrong, reason, cited)


def _is_plain(sentence: Sentence) -> bool:
    """Whether nothing in a sentence could turn the meaning of a part of it, and nobody else is speaking."""
    return not _TURNING.search(sentence.text)


def _spoken(sentence: Sentence, article: Article) -> Iterator[tuple[str, str]]:
    """Who says what in a sentence that opens with who it is: "Roe argued that ...", "Roe told the council: “...”"."""
    for name, start, sort in article.names_in(sentence.text):
        if start or sort == "nation":
            return
        behind = sentence.text[len(name) :]
        if (m := _SAID_THAT.match(behind)) and not _TURNING.search(m["rest"]):
            yield name, m["rest"]
        names = [other for other, at, _ in article.names_in(sentence.text) if at < sentence.text.find("“")]
        if (m := _QUOTED.match(behind)) and names == [name] and not _TURNING.search(m["words"]):
            yield name, m["words"].rstrip(".,")


def judged(documents: Sequence[Document], *, most: int = MOST, seed: int = 17) -> list[tuple[Planted, list[Finding]]]:
    """The first `most` planted quotations of some documents, taken in turn, each with what is found of it."""
    rows = []
    for document in documents:
        texts = Texts([(document.title, document.text)])
        rows.append([(one, document, texts) for one in planted(Article.of(document), seed=seed)])
    chosen = [one for row in zip_longest(*rows) for one in row if one is not None][:most]
    found = []
    for one, _, texts in chosen:
        name = texts.heads()[0].id
        cited = [(name, *one.cited)] if one.cited else []
        found.append((one, judge_quotations(one.sentence, texts, cited=cited)))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is found of how many."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.lab.check.pairs.quotations", description="Planted quotations."
    )
    parser.add_argument("files", nargs="*", type=Path, help="documents to make them of; the bundled article if none")
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args(arguments)
    try:
        loaded = [load_file(file) for file in options.files] or [next(iter(bundled()))]
        found = judged([one.document for one in loaded], most=options.most, seed=options.seed)
    except AttestError as error:
        print(f"quotations: {error}", file=sys.stderr)
        return error.exit_code
    for sort, *_ in SORTS:
        own = [one.is_found(findings) for one, findings in found if one.sort == sort]
        print(f"{sort:<26}{sum(own):>4} of {len(own)}")
    print(f"{'all':<26}{sum(one.is_found(f) for one, f in found):>4} of {len(found)}")
    for one, findings in found:
        if not one.is_found(findings):
            print(f"\n{one.sort}: {one.sentence}", *(f"  {f.kind} {f.outcome}: {f.reason}" for f in findings), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
