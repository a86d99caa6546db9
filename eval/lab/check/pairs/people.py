"""Names of a sentence: exchanged for another, for each other, shortened, or put for a pronoun."""

from __future__ import annotations

import random
import re
from itertools import pairwise

from eval.lab.check.pairs.article import BODY, Article, Sentence, replaced
from ingest.speech.vocabulary import SAYING_FINITE
from vectorstore.english import word_set
from vectorstore.types import Span

ONE_WAY = word_set(
    """defeated beat attacked invaded conquered captured killed murdered assassinated executed arrested expelled exiled
    succeeded replaced followed preceded appointed nominated promoted dismissed fired hired recruited founded created
    built designed invented discovered wrote composed painted published edited translated taught trained mentored
    influenced inspired imitated criticised criticized praised condemned accused blamed betrayed denounced supported
    opposed rejected warned told asked ordered advised persuaded informed thanked gave sold sent offered lent paid
    bought acquired owned leads led rules ruled governed controls controlled employs employed sued
    adopted raised outlived visited deposed overthrew liberated occupied annexed besieged bombed
    surpassed overtook outperformed joined"""
)
_BETWEEN = (
    rf"(?: (?:had|has|also|then|later|once|first|soon|was|were|is|been|being))* (?P<verb>{'|'.join(sorted(ONE_WAY))})"
)
_ACTIVE = re.compile(rf"^{_BETWEEN}(?P<by> by)? (?:the |his |her |then )?$")
_FREE = re.compile(
    r"(?:^|[,;:] |\b(?:that|when|while|but|before|after|until|because|where|and|later|as|[12]\d{3}) )(?:[Tt]he )?$"
)
_THAN = re.compile(
    r"^(?: \w+){1,4} (?:larger|smaller|bigger|older|younger|higher|lower|taller|longer|shorter|more|less|"
    r"fewer|better|worse|earlier|later)(?: \w+)? than (?:the )?$"
)
_SAYS = "|".join(sorted(SAYING_FINITE - {"read", "recalled", "answered", "called"}))
_SPEAKER_AFTER = re.compile(
    rf"^(?:, [^,]{{3,60}},)? (?:also |later |then |once |has |had )?(?:{_SAYS})(?: (?:that|how|why|it)\b|,? [“\"]|:)"
)
_VERB = (
    r"(?:was|were|is|are|had|has|became|began|won|lost|made|took|wrote|moved|led|held|served|received|"
    r"returned|founded|played|worked|died|joined|released|used|contains|includes|remains|\w{3,}ed)"
)
_SUBJECT = re.compile(rf"^(?P<subject>(?:The )?(?:[A-Z][\w.’'-]*(?: of)? ?)+?) (?={_VERB}\b)")
_PRONOUN = re.compile(r"^(He|She|It) (?=(?:was|is|had|has|became|also|then|later|[a-z]+ed|[a-z]+s)\b)")


def other_name(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Another name of the article, of the same sort, which the paragraph does not hold."""
    around = article.paragraph_words(sentence)
    found = []
    for name, start, _ in article.names_in(sentence.text):
        options = article.others(name, around)
        if options and not _is_list(sentence.text, start, start + len(name)):
            found.append(((start, start + len(name)), options))
    if not found:
        return None
    span, options = rng.choice(found)
    return replaced(sentence.text, span, rng.choice(sorted(options)))


def near_name(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Another name of the same sort that stands in the same paragraph and not in the sentence."""
    found = []
    near = [other.text for other in article.paragraph(sentence) if other is not sentence]
    for name, start, sort in article.names_in(sentence.text):
        options = {other for text in near for other, _, kind in article.names_in(text) if kind == sort}
        options &= set(article.others(name, sentence.text))
        if options and not _is_list(sentence.text, start, start + len(name)):
            found.append(((start, start + len(name)), options))
    if not found:
        return None
    span, options = rng.choice(found)
    return replaced(sentence.text, span, rng.choice(sorted(options)))


def _is_list(text: str, start: int, end: int) -> bool:
    """One of several may be exchanged for a further one that the list could hold as well."""
    return bool(
        re.match(r"(?:, | and | or )[A-Z]", text[end:]) or re.search(r"[\w’'](?:,| and| or|, and) $", text[:start])
    )


def swapped_roles(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Two names around a verb or comparison that does not hold both ways, exchanged; or where from and where to."""
    text = sentence.text
    names = list(article.names_in(text))
    for (a, at, sort), (b, bt, other) in pairwise(names):
        between = text[at + len(a) : bt]
        if "nation" in (sort, other):
            continue
        if (
            (_ACTIVE.match(between) or _THAN.match(between))
            and not _is_list(text, at, at + len(a))
            and _FREE.search(text[:at])
        ):
            if re.match(
                r"[’']|[ -][a-z]+[’']s\b| and [A-Z]|, [A-Z]| (?!in|on|at|for|from|to|by|with|as|during|"
                r"after|before|and|but|over|because|when|while|until)[a-z]",
                text[bt + len(b) :],
            ) or set(a.split()) & set(b.split()):
                continue
            return _exchanged(text, (at, at + len(a)), (bt, bt + len(b)))
    return None


def swapped_ends(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Where from and where to, exchanged."""
    text = sentence.text
    names = list(article.names_in(text))
    for (a, at, _), (b, bt, _) in pairwise(names):
        if re.search(r"\bfrom (?:the )?$", text[:at]) and re.fullmatch(r" to (?:the )?", text[at + len(a) : bt]):
            return _exchanged(text, (at, at + len(a)), (bt, bt + len(b)))
    return None


def _exchanged(text: str, first: Span, second: Span) -> str:
    """The two places exchanged, each with its article."""
    first, second = _with_the(text, first), _with_the(text, second)
    a, b = text[slice(*first)], text[slice(*second)]
    if first[0] == 0:
        a, b = a[0].lower() + a[1:] if a.startswith("The ") else a, b[0].upper() + b[1:]
    return text[: first[0]] + b + text[first[1] : second[0]] + a + text[second[1] :]


def _with_the(text: str, span: Span) -> Span:
    article = re.search(r"\b[Tt]he $", text[: span[0]])
    return (article.start(), span[1]) if article else span


def other_speaker(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What one person says, in the mouth of another person of the article."""
    text = sentence.text
    for name, start, sort in article.names_in(text):
        end = start + len(name)
        says = _SPEAKER_AFTER.match(text[end:]) or re.search(r"\b[Aa]ccording to $", text[:start])
        if says and sort in ("person", "thing"):
            pool = sorted(other for other in article.others(name, text) if article.names[other] == sort)
            if pool:
                return replaced(text, (start, end), rng.choice(pool))
    return None


def other_subject(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The subject of another sentence with what this one says: two sentences spliced."""
    own = _SUBJECT.match(sentence.text)
    if own is None or own["subject"].removeprefix("The ") not in article.names:
        return None
    around = article.paragraph_words(sentence).casefold()
    pool = {
        match["subject"]
        for other in article.sentences
        if other.paragraph != sentence.paragraph and (match := _SUBJECT.match(other.text))
    }
    names = set(article.names)
    fitting = sorted(
        other
        for other in pool
        if other.removeprefix("The ") in names
        and own["subject"].startswith("The ") == other.startswith("The ")
        and not any(word.casefold() in around for word in other.removeprefix("The ").split())
    )
    return replaced(sentence.text, own.span("subject"), rng.choice(fitting)) if fitting else None


def short_name(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A person by the last name alone, where the article has nobody else of that name."""
    for name, start, sort in article.names_in(sentence.text):
        words = name.split()
        last = words[-1]
        if sort != "person" or len(words) != 2 or not all(w[0].isupper() and len(w) > 2 for w in words):
            continue
        if (
            len({other for other in article.names if last in other.split()} - {name, last}) == 0
            and last in article.names
        ):
            return replaced(sentence.text, (start, start + len(name)), last)
    return None


def resolved_pronoun(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The subject of the sentence before, the only name that fits, for the pronoun that opens this one."""
    match, before = _PRONOUN.match(sentence.text), article.before(sentence)
    subject = _SUBJECT.match(before.text) if before and match else None
    if match is None or before is None or subject is None:
        return None
    name = subject["subject"]
    bare = name.removeprefix("The ")
    people = {n for n, _, sort in article.names_in(before.text) if sort == "person"}
    if match[1] == "It":
        known = article.names.get(bare) == "place" or bare == article.document.title
        fits = known and bool(re.match(r"It (?:also )?(?:is|was|has|had)\b(?!.{1,40}\bthat\b)", sentence.text))
    else:
        fits = people == {bare} and not BODY.search(bare)
    return replaced(sentence.text, match.span(1), name) if fits else None
