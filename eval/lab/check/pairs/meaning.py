"""What a sentence says turned round by a word, and said with other words that mean the same."""

from __future__ import annotations

import random
import re

from eval.lab.check.pairs.article import Article, Sentence, replaced
from eval.lab.check.pairs.words import OPPOSITES, SAME

_AUXILIARY = re.compile(
    r"(?<= )(was|were|is|are|could|can|would|will|did|does|do|should|must)(?= (?!not\b|never\b|no\b|n’t|n't|"
    r"only\b|,|to\b|that\b))"
)
_PERFECT = re.compile(
    r"(?<= )(had|has|have)(?= (?:been|become|made|won|taken|given|begun|shown|held|left|lost|\w{3,}ed)\b)"
)
_NOT = re.compile(
    r"(?<=(?:.was|were|.are|.had|.has|.can|does|will|must)) not(?= (?!only|just|yet|until|simply|"
    r"necessarily|always|all))"
)
_NEVER = re.compile(r" never(?= \w+ed\b)")
_DID_NOT = re.compile(r"\bdid not (?=[a-z]+\b)")
_OPPOSITE_AT = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(OPPOSITES, key=len, reverse=True))})(?![\w-])")
_FIXED = re.compile(r"(?:no|not|at|the|once|any|one|or|and|each|all|what|former|even) $", re.I)
_DEGREES = (
    (r"\bmore than (?=[\d$£€a-z])", "less than "),
    (r"\bless than (?=[\d$£€])", "more than "),
    (r"\bat least (?=[\da-z])", "at most "),
    (r"\bmost (?=[a-z]+ (?:of|in)\b)", "least "),
    (r"\bnearly all\b", "hardly any"),
    (r"\bbefore (?=the |[A-Z\d])", "after "),
    (r"(?<!named )(?<!look )\bafter (?=the |[A-Z\d])", "before "),
    (r"\bwith (?=the (?:help|support|approval))", "without "),
)
_AMOUNTS = (
    (r"\b[Aa]ll (?:of )?the (?=[a-z]+s\b)", "none of the "),
    (r"(?<!\w )\b[Aa]ll (?=[a-z]+s\b)", "no "),
    (r"^Every (?=[a-z]+\b)|(?<=\b(?:in|of) )every (?=[a-z]+\b)|(?<=\bfor )every (?=[a-z]+\b)", "no "),
    (r"\b[Ss]ome of the (?=[a-z]+s\b)", "all of the "),
    (r"\b[Ss]ome (?=[a-z]+s (?:are|were|have|had|do|did)\b)", "all "),
    (r"\b[Mm]ost of the (?=[a-z]+s\b)", "all of the "),
    (r"\b[Mm]ost (?=[a-z]+s (?:are|were|have|had|in|of|from)\b)", "all "),
    (r"\b[Mm]any of the (?=[a-z]+s\b)", "all of the "),
    (r"\b[Mm]any (?=[a-z]+s (?:are|were|have|had|in|of|from)\b)", "all "),
    (r"\b[Ff]ew (?=[a-z]+s\b)", "most "),
    (r"\b[Nn]o (?=[a-z]+s? (?:is|are|was|were|has|had)\b)", "some "),
    (r"\b[Nn]one of the (?=[a-z]+s\b)", "most of the "),
    (r"\b[Mm]ajority of\b", "minority of"),
    (r"\b[Ss]everal of the (?=[a-z]+s\b)", "all of the "),
    (r"\b[Uu]sually (?=[a-z])", "always "),
    (r"\b[Ss]ometimes (?=[a-z])", "always "),
    (r"\b[Oo]ften (?=[a-z])", "always "),
)
_HEDGES = (
    (
        r" (?:reportedly|allegedly|supposedly|apparently|probably|possibly|perhaps|presumably|arguably|"
        r"seemingly)(?= [a-z])",
        "",
    ),
    (r"\b(?:may|might|could) have (?=been\b)", "had "),
    (r"(?<=[^s\W] )(?:may|might) be\b(?! (?:argued|said|noted|seen|found|used|that))", "is"),
    (r"(?<=s )(?:may|might) be\b(?! (?:argued|said|noted|seen|found|used|that))", "are"),
    (r"\b(was|is|were|are) (?:believed|thought|said|rumou?red|alleged|reported|assumed) to be\b", r"\1"),
    (r"\b(was|were) (?:believed|thought|said|rumou?red|alleged|reported|assumed) to have been\b", r"\1"),
    (r"\b(?:was|were) (?:planned|intended|expected|supposed|due|scheduled) to be (?=\w+ed\b)", "was "),
    (
        r"\b[Ii]t (?:is|was|has been) (?:believed|thought|said|rumou?red|alleged|suggested|claimed) that (\w)",
        lambda m: m[1].upper(),
    ),
    (
        r"^(?:Some|Many|Critics|Supporters|Proponents|Opponents|Several) (?:people |scholars |historians |"
        r"critics |scientists )?(?:believe|argue|claim|think|say|suggest|believed|argued|claimed) (?:that )?(\w)",
        lambda m: m[1].upper(),
    ),
)
_ADDED = (
    (
        r"(?<= )(was|were) (?=(?!not|also|born|the|a|an|in|at|on|able|never)[a-z]+(?:ed|n|t)\b)",
        ("was to have been ", "would have been "),
    ),
    (r"(?<= )(is|are) (?=the |a |an )", ("may be ", "is said by some to be ")),
    (
        r"(?<= )(won|defeated|founded|built|invented|discovered|captured|killed|sold|completed) (?=[a-zA-Z])",
        ("would have {0} ", "is rumoured to have {0} "),
    ),
)
_THEN = re.compile(r"(?<=[a-z] )(?:later|subsequently|afterwards|soon)(?= [a-z]+ed\b)")
_EVENT = (
    "season|year|game|century|meeting|conference|ceremony|concert|tour|match|lecture|exhibition|congress|session|visit"
)
_AFTER = re.compile(
    rf"^(?:After|Following) (?=(?:the|a|his|her|its|their) (?:[\w-]+ ){{0,3}}(?:{_EVENT})\b[^,]{{0,30}}, )"
    rf"|(?<=[a-z]) (?:after|following) (?=(?:the|a|his|her|"
    rf"its) (?:[\w-]+ ){{0,3}}(?:{_EVENT})\b(?! of)[^,.]{{0,20}}\.$)"
)
_BECAUSE = re.compile(
    r"^(?P<what>[A-Z][^,;:]{15,90}?)(?<!only)(?<!simply)(?<!not)(?<!mainly)(?<!partly)(?<!largely),? because "
    r"(?P<why>(?!of\b)[^,;:]{15,110})\.$"
)
_CAUSED = re.compile(
    r"^(?P<first>(?:The|A|An|This|These|His|Her|Its|Their|[A-Z][\w’'-]+) [^,;:]{5,60}?) "
    r"(?P<by>led to|caused|resulted in|gave rise to|was caused by|was due to|resulted from) "
    r"(?P<second>(?:the|a|an|his|her|its|their) [^,;:]{5,70})\.$"
)
_HANGING = re.compile(r"\b(?:and|but|which|who|that|when|while|so|because|due|led|caused)\b")
_SYNONYM_AT = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(SAME, key=len, reverse=True))})(?![\w-])")
_CONTRACTED = re.compile(r"\b(was|were|is|are|had|has|have|did|does|do|could|would|should) not\b(?! only)")


def negated(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A denial put in, at the first verb that takes one."""
    text = sentence.text
    if re.search(r"\b(?:not|never|no|nor|neither|none|without|n[’']t)\b", text):
        return None
    match = _AUXILIARY.search(text) or _PERFECT.search(text)
    if match is None or re.search(
        r"\b(?:who|which|that|whose|where|when|while|if|although|because|as) (?:\w+ ){0,3}$", text[: match.start()]
    ):
        return None
    return replaced(text, (match.end(), match.end()), " not" if rng.random() < 0.75 else " never")


def affirmed(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A denial taken out."""
    text = sentence.text
    for pattern, new in ((_DID_NOT, "did "), (_NOT, ""), (_NEVER, "")):
        match = pattern.search(text)
        if match and not re.search(r"\b(?:but|any|anyone|anything|either|at all|until|nor)\b", text[match.end() :]):
            return replaced(text, match.span(), new)
    return None


def opposite(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A word by its opposite."""
    text = sentence.text
    ways = []
    for m in _OPPOSITE_AT.finditer(text):
        new = OPPOSITES[m.group()]
        if new in text.split() or (
            _FIXED.search(text[: m.start()]) and m.group() in ("first", "last", "more", "late", "early")
        ):
            continue
        if re.search(r"\ban? $", text[: m.start()]) and (new[0] in "aeiou") != (m.group()[0] in "aeiou"):
            continue
        if re.match(r" (?:to|than|and|or|but|[A-Z])", text[m.end() :]) or re.search(
            r"\b(?:and|or|[A-Z]\w+|[A-Z]\w+’s) $", text[: m.start()]
        ):
            continue
        ways.append(replaced(text, m.span(), new))
    for pattern, new in _DEGREES:
        found = re.search(pattern, text)
        if found and not re.search(
            r"\b(?:no|not|shortly|soon|years?|days?|months?|weeks?|ever) $", text[: found.start()]
        ):
            ways.append(replaced(text, found.span(), new))
    return rng.choice(ways) if ways else None


def other_amount(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """All for some, none for all."""
    text = sentence.text
    ways = []
    for pattern, new in _AMOUNTS:
        m = re.search(pattern, text)
        if m and not re.search(r"\b(?:not|no|almost|nearly|like|above|of|than|at|more) $", text[: m.start()]):
            ways.append(replaced(text, m.span(), new if m.start() else new[0].upper() + new[1:]))
    return rng.choice(ways) if ways else None


def hedge_dropped(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What is reported or thought possible, said as a fact."""
    ways = []
    for pattern, new in _HEDGES:
        if re.search(pattern, sentence.text):
            ways.append(re.sub(pattern, new, sentence.text, count=1))
    return rng.choice(ways) if ways else None


def hedge_added(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What is a fact, said as a rumour or as something that did not come to be."""
    if re.search(r"\b(?:may|might|would|could|probably|reportedly|if|not)\b", sentence.text):
        return None
    for pattern, ways in _ADDED:
        m = re.search(pattern, sentence.text)
        if m and not re.search(r"\b(?:who|which|that|there|what|it) $", sentence.text[: m.start()], re.I):
            return replaced(sentence.text, m.span(), rng.choice(ways).format(m[1]))
    return None


def cause_made(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What came after, said to be caused by it."""
    text = sentence.text
    if re.search(r"\b(?:because|due|result|cause[ds]?|therefore|led|thus|so)\b|^It (?:was|is)\b", text):
        return None
    m = _THEN.search(text)
    if m:
        return replaced(text, m.span(), rng.choice(("therefore", "consequently", "for that reason")))
    m = _AFTER.search(text)
    if m:
        return replaced(text, m.span(), "Because of " if m.start() == 0 else " because of ")
    return None


def cause_turned(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """What came of it, said to be the cause."""
    text = sentence.text
    if m := _BECAUSE.match(text):
        if _HANGING.search(m["what"]) or _HANGING.search(m["why"]):
            return None
        return f"{_capital(m['why'])} because {_small(m['what'])}."
    if m := _CAUSED.match(text):
        if _HANGING.search(m["first"]) or _HANGING.search(m["second"]) or " by " in m["second"]:
            return None
        return f"{_capital(m['second'])} {m['by']} {_small(m['first'])}."
    return None


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _small(text: str) -> str:
    """The beginning of a sentence in small letters, where it is no name."""
    first = text.split(" ", 1)[0]
    usual = first in (
        "The",
        "A",
        "An",
        "This",
        "These",
        "His",
        "Her",
        "Its",
        "Their",
        "It",
        "He",
        "She",
        "They",
        "There",
    )
    return text[0].lower() + text[1:] if usual else text


def synonyms(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """One to three words by others that mean the same; none in quotation marks, where they would be misquoted."""
    text = sentence.text
    quoted = [m.span() for m in re.finditer(r"“[^”]*”?|\"[^\"]*\"?", text)]
    found = [m for m in _SYNONYM_AT.finditer(text) if not any(a < m.end() and m.start() < b for a, b in quoted)]
    rng.shuffle(found)
    for m in sorted(found[:3], key=lambda m: -m.start()):
        if not re.search(r"\b(?:a|an|how|so|as|too|very) $", text[: m.start()]) and SAME[m.group()] not in text:
            text = replaced(text, m.span(), SAME[m.group()])
    return text if text != sentence.text else None


def contracted(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A denial in its short form: "didn't"."""
    m = _CONTRACTED.search(sentence.text)
    return replaced(sentence.text, m.span(), f"{m[1]}n’t" if rng.random() < 0.5 else f"{m[1]}n't") if m else None
