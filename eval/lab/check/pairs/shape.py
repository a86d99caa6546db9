"""Claims that rest on a sentence as a whole: details invented, conditions cut off, wrong places cited; clauses moved,
dropped and joined.
"""

from __future__ import annotations

import random
import re

from eval.lab.check.pairs.article import Article, Sentence
from eval.lab.check.pairs.words import INVENTED
from vectorstore.types import Span

_CONDITION = re.compile(r",? (?:unless|except|only if|provided that|as long as|if) [^.;]{8,}(?=\.$)")
_EMBEDDED = re.compile(
    r"^(?P<who>[^,.;]{3,60}?) (?P<verb>(?:denied|denies|doubted|rejected (?:the )?(?:claim|idea|view|notion|"
    r"suggestion)s?|"
    r"disputed|refuted (?:the )?(?:claim|idea)s?|(?:did|do|does) not (?:believe|think|claim|say|mean)|"
    r"found no evidence)) that (?P<rest>[^,;]{20,})$"
)
_VIEW = re.compile(
    r"^(?!Evidence|Research|Stud|This|It |That|There|Recent|Genetic|"
    r"Data)(?P<who>[A-Z][^,.;]{3,60}?) (?:argued|argues|claimed|claims|believed|believes|suggested|suggests|"
    r"alleged|alleges|"
    r"asserted|asserts|speculated|proposed) that (?P<rest>[^,;“\"]{20,})$"
)
_FRONT = re.compile(
    r"^(?P<when>(?:In|On|During|By|Since|Until|At|From) (?:the )?[^,]{3,45}), (?P<rest>(?:the|a|an|his|her|"
    r"its|[A-Z])[^;:]+)\.$"
)
_BACK = re.compile(r"^(?P<rest>[A-Z][^;:,]+?) (?P<when>in (?:1[0-9]|20)\d\d)\.$")
_CLAUSE_FRONT = re.compile(
    r"^(?P<word>When|After|Before|Although|While|Because|Since|Though) (?P<sub>[^,]{8,90}), (?P<rest>(?:the|"
    r"a|an|[A-Z])[^,;:]+)\.$"
)
_CLAUSE_BACK = re.compile(
    r"^(?P<rest>[A-Z][^,;:]{10,90}?),? (?P<word>when|after|before|although|while|because) (?P<sub>(?:the|a|"
    r"an|[A-Z])[^,;:]{8,})\.$"
)
_ASIDES = (
    re.compile(r" \([^()]{2,80}\)"),
    re.compile(r", (?:which|who) (?:is|was|are|were|had|has)\b[^,]{4,80}(?=, )"),
    re.compile(r"(?<=[a-z\d]), (?:a|an|the) [a-z][^,]{3,60},(?= (?:was|were|is|are|had|has|[a-z]+ed)\b)"),
    re.compile(
        r", (?:however|therefore|moreover|for example|for instance|in fact|in addition|in turn|"
        r"of course|too),"
    ),
    re.compile(
        r"^(?:However|Moreover|Furthermore|Additionally|In addition|In fact|Indeed|Nevertheless|Meanwhile|"
        r"Also|Thus|Therefore|Similarly), "
    ),
)
_TAIL = re.compile(r", (?:although|while|but|and|which|where|with) [^;]{15,}(?=\.$)")
_PASSIVE = re.compile(
    r"^(?P<what>[A-Z][^,;:]{3,70}?) (?P<be>was|were) (?P<verb>(?!used|caused|followed|accompanied|inspired|"
    r"named|affected|divided|surrounded|based|related)[a-z]{3,}ed|"
    r"built|won|led|held|made) by (?P<who>(?:the )?(?:[A-Z][\w.’'-]*|of|and)(?: (?:[A-Z][\w.’'-]*|of|and|"
    r"the))*)(?P<when> (?:in|on|during) [\w ]{4,30})?\.$"
)
_ACTIVE = re.compile(
    r"^(?P<who>(?:The )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}) (?P<verb>founded|designed|invented|"
    r"discovered|published|created|directed|"
    r"destroyed|captured|established|introduced|commissioned|composed|defeated|attacked|organized|developed|built) "
    r"(?P<what>(?:the|a|an) [^,;:]{3,60}?)(?P<when> in \d{4})?\.$"
)
_OPENS_ANEW = re.compile(r"^(?:The|A|An|It|He|She|They|This|These|In|On|At|His|Her|Its|Their|Many|Some|Most)\b")
_LEANS = re.compile(
    r"^(?:This|These|That|Those|It|He|She|They|His|Her|Its|Their|Such|However|But|And|Also|Another|Other|"
    r"Both|For|In addition|Then|Later|Over|From|As)\b"
)
_SAID = ("According to the text, ", "The source says that ", "The article states that ", "As the document puts it, ")


def _lower(text: str, article: Article) -> str:
    """The beginning of a sentence in small letters, where it is no name."""
    first = text.split(" ", 1)[0].strip(",.’'")
    named = first in article.names or any(name.split()[0] == first for name in article.names)
    usual = _OPENS_ANEW.match(text) or re.search(rf"(?<=[a-z,] ){re.escape(first.lower())}\b", article.words)
    return text[0].lower() + text[1:] if usual and not named else text


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def invented(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A detail at the end that nothing says; of the list above, or a place or year of elsewhere in the article."""
    if not re.search(r"[a-z]\.$", sentence.text) or re.search(r"\b(?:is|are)\b", sentence.text):
        return None
    detail = rng.choice(INVENTED)
    return f"{sentence.text[:-1]}{',' if ',' in sentence.text[-60:] else ''} {detail}."


def invented_place(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A place or a year of elsewhere in the article, put where the sentence has none."""
    if not re.search(r"\b[a-z]{3,}\.$", sentence.text) or re.search(r"\b(?:is|are|in)\b", sentence.text):
        return None
    around = article.paragraph_words(sentence)
    places = sorted(n for n, sort in article.names.items() if sort == "place" and " " not in n and n not in around)
    return f"{sentence.text[:-1]} in {rng.choice(places)}." if places else None


def condition_cut(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What holds under a condition, without the condition."""
    m = _CONDITION.search(sentence.text)
    if m is None or re.search(
        r"\b(?:not|asked?|see|know|determine|decide|wonder|even|no|only|as)\b",
        sentence.text[max(0, m.start() - 30) : m.start()],
    ):
        return None
    return f"{sentence.text[: m.start()]}." if m.start() > 30 else None


def denial_cut(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What is denied or doubted, as if it were said: cut after "denied that"."""
    m = _EMBEDDED.match(sentence.text)
    return _upper(m["rest"]) if m else None


def view_cut(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What somebody claims, as a fact."""
    m = _VIEW.match(sentence.text)
    return _upper(m["rest"]) if m and not _LEANS.match(_upper(m["rest"])) else None


def wrong_place(sentence: Sentence, article: Article, rng: random.Random) -> tuple[str, Sentence] | None:
    """The sentence as it is, with another paragraph cited, which shares no name with it."""
    own = {name for name, _, _ in article.names_in(sentence.text)}
    others = (
        [
            other
            for other in article.sentences
            if other.paragraph != sentence.paragraph
            and not own & {name for name, _, _ in article.names_in(article.paragraph_words(other))}
        ]
        if own
        else []
    )
    return (sentence.text, rng.choice(others)) if others else None


def verbatim(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The sentence as it is."""
    return sentence.text


def framed(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The sentence under words that say where it comes from."""
    return rng.choice(_SAID) + _lower(sentence.text, article)


def reordered(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A time or a clause from the front to the end, or from the end to the front."""
    text = sentence.text
    m = _FRONT.match(text)
    joined = re.compile(r",|\b(?:and|but|which|who|that|when)\b")
    if m and len(m["rest"].split()) < 25 and not joined.search(m["rest"]):
        return f"{_upper(m['rest'])} {m['when'][0].lower()}{m['when'][1:]}."
    if (m := _BACK.match(text)) and not re.search(r"\b(?:and|but|which|who|that|when|as|than)\b", m["rest"]):
        return f"{_upper(m['when'])}, {_lower(m['rest'], article)}."
    if m := _CLAUSE_FRONT.match(text):
        return f"{_upper(m['rest'])} {m['word'].lower()} {m['sub']}."
    if (m := _CLAUSE_BACK.match(text)) and not _LEANS.match(m["rest"]) and "that" not in m["rest"]:
        return f"{_upper(m['word'])} {m['sub']}, {_lower(m['rest'], article)}."
    return None


def compressed(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Without what is only said by the way: brackets, appositions, a linking word, a clause at the end."""
    text = sentence.text
    for pattern in _ASIDES:
        text = pattern.sub("," if pattern.pattern.startswith(", (?:which") else "", text)
    text = re.sub(r",,", ",", text)
    tail = _TAIL.search(text)
    if (
        tail
        and tail.start() > 50
        and not re.search(r"\b(?:not|no|never|both|either|between|from|claim|said|if)\b|,", text[: tail.start()])
    ):
        text = text[: tail.start()] + "."
    return _upper(text) if text != sentence.text and len(text) > 25 else None


def turned_voice(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Passive for active, or active for passive, where nothing else changes."""
    past = {"won": "won", "led": "led", "held": "held", "made": "made", "built": "built"}
    if m := _PASSIVE.match(sentence.text):
        if re.search(
            r"\b(?:and|which|who|that|until|when|while|after|before|as|where|part)\b", m["what"]
        ) or _LEANS.match(m["what"]):
            return None
        return f"{_upper(m['who'])} {past.get(m['verb'], m['verb'])} {_lower(m['what'], article)}{m['when'] or ''}."
    if (m := _ACTIVE.match(sentence.text)) and not re.search(r"\b(?:and|which|who|that|by|to|as)\b", m["what"]):
        return f"{_upper(m['what'])} was {m['verb']} by {_lower(m['who'], article)}{m['when'] or ''}."
    return None


def two_places(sentence: Sentence, article: Article, rng: random.Random) -> tuple[str, Span] | None:
    """Two sentences of a paragraph as one; the place of the second."""
    own = article.paragraph(sentence)
    later = [
        s for s in own[own.index(sentence) + 1 : own.index(sentence) + 4] if s.words < 25 and not _LEANS.match(s.text)
    ]
    if sentence.words > 25 or not later or not re.search(r"[\w)]\.$", sentence.text) or "?" in sentence.text:
        return None
    other = rng.choice(later)
    joint = rng.choice(("; ", ", and "))
    return f"{sentence.text[:-1]}{joint}{_lower(other.text, article)}", (other.start, other.end)
