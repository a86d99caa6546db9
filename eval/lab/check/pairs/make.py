"""All generators by kind, and the pairs that they make of an article."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.check.types import Verdict
from eval.lab.check.pairs import meaning, people, shape, values
from eval.lab.check.pairs.article import Article, Sentence
from vectorstore.types import Span

FEWEST, MOST = 7, 45
"""Words of a sentence that is varied."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim made from a sentence of a document. `error`: the type of error, "faithful" for none; `kind`: the
    generator; `places`: where the document says what the claim was made from; `cited`: the place that is cited for it,
    where that is another; `held_out`: nothing is fitted on this kind."""

    claim: str
    sentence: str
    label: Verdict
    error: str
    kind: str
    document_id: str
    places: tuple[Span, ...]
    cited: Span | None = None
    held_out: bool = False

    @property
    def faithful(self) -> bool:
        return self.label == "supported"


Made = str | tuple[str, Sentence] | tuple[str, Span] | None
Make = Callable[[Sentence, Article, random.Random], Made]


@dataclass(frozen=True, slots=True)
class Generator:
    """How one kind of claim is made of a sentence. `times`: how many times as many are made as of others, since few
    articles have any."""

    kind: str
    error: str
    label: Verdict
    make: Make
    held_out: bool = False
    times: int = 1


GENERATORS: tuple[Generator, ...] = (
    Generator("wrong number", "number", "contradicted", values.wrong_number),
    Generator("wrong unit", "number", "contradicted", values.wrong_unit, held_out=True),
    Generator("wrong ordinal", "number", "contradicted", values.wrong_order, held_out=True),
    Generator("wrong date", "date", "contradicted", values.wrong_date),
    Generator("name of elsewhere", "name", "contradicted", people.other_name),
    Generator("name of nearby", "name", "contradicted", people.near_name),
    Generator("negated", "polarity", "contradicted", meaning.negated),
    Generator("denial dropped", "polarity", "contradicted", meaning.affirmed),
    Generator("roles exchanged", "roles", "contradicted", people.swapped_roles, times=4),
    Generator("ends exchanged", "roles", "contradicted", people.swapped_ends, held_out=True, times=4),
    Generator("other speaker", "speaker", "contradicted", people.other_speaker, times=2),
    Generator("hedge dropped", "hedge", "not found", meaning.hedge_dropped, times=2),
    Generator("hedge added", "hedge", "not found", meaning.hedge_added, held_out=True),
    Generator("opposite word", "opposite", "contradicted", meaning.opposite),
    Generator("other amount", "quantity", "contradicted", meaning.other_amount),
    Generator("cause for sequence", "cause", "not found", meaning.cause_made, times=4),
    Generator("cause turned", "cause", "contradicted", meaning.cause_turned, held_out=True, times=4),
    Generator("subjects spliced", "splice", "not found", people.other_subject, times=2),
    Generator("condition cut", "cut", "not found", shape.condition_cut, times=3),
    Generator("denial cut", "cut", "contradicted", shape.denial_cut, times=4),
    Generator("view as fact", "cut", "not found", shape.view_cut, held_out=True, times=4),
    Generator("wrong place cited", "citation", "not found", shape.wrong_place),
    Generator("detail invented", "invented", "not found", shape.invented),
    Generator("place invented", "invented", "not found", shape.invented_place, held_out=True),
    Generator("verbatim", "faithful", "supported", shape.verbatim),
    Generator("framed", "faithful", "supported", shape.framed, held_out=True),
    Generator("reordered", "faithful", "supported", shape.reordered),
    Generator("synonyms", "faithful", "supported", meaning.synonyms),
    Generator("number form", "faithful", "supported", values.number_form),
    Generator("date form", "faithful", "supported", values.date_form),
    Generator("coarser date", "faithful", "supported", values.coarser_date, held_out=True),
    Generator("rounded", "faithful", "supported", values.rounded, held_out=True),
    Generator("compressed", "faithful", "supported", shape.compressed),
    Generator("pronoun resolved", "faithful", "supported", people.resolved_pronoun),
    Generator("short name", "faithful", "supported", people.short_name),
    Generator("contracted", "faithful", "supported", meaning.contracted, held_out=True),
    Generator("other voice", "faithful", "supported", shape.turned_voice),
    Generator("two places", "faithful", "supported", shape.two_places),
)


def pairs_of(
    article: Article, *, each: int, seed: int = 0, generators: tuple[Generator, ...] = GENERATORS
) -> list[Pair]:
    """Up to `each` pairs of every kind (more of a rare one), of sentences drawn with `seed`; the same call gives the
    same pairs."""
    found = []
    for generator in generators:
        drawn = hashlib.sha256(f"{seed}/{article.document.sha256}/{generator.kind}".encode()).digest()
        rng = random.Random(int.from_bytes(drawn[:8], "big"))
        sentences = [s for s in article.sentences if FEWEST <= s.words <= MOST and s.text[-1] in ".”\"'’)"]
        rng.shuffle(sentences)
        found += list(_first(generator, sentences, article, each * generator.times, rng))
    return found


def _first(
    generator: Generator, sentences: list[Sentence], article: Article, each: int, rng: random.Random
) -> Iterator[Pair]:
    made = 0
    for sentence in sentences:
        if made == each:
            return
        result = generator.make(sentence, article, rng)
        if result is None:
            continue
        claim, other = (result, None) if isinstance(result, str) else result
        if claim == sentence.text and generator.kind not in ("verbatim", "wrong place cited"):
            continue
        places: tuple[Span, ...] = ((sentence.start, sentence.end),)
        cited: Span | None = None
        if isinstance(other, Sentence):
            cited = (other.start, other.end)
        elif other is not None:
            places += (other,)
        yield Pair(
            claim,
            sentence.text,
            generator.label,
            generator.error,
            generator.kind,
            article.document.id,
            places,
            cited,
            generator.held_out,
        )
        made += 1
