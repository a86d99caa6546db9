"""Whether a cut or an ellipsis turns the meaning: what stands before and behind the quoted words, or between them.

    cut before "but", "unless", "if", "except";  begun behind "not", "it is false that", "he denied that"
    an ellipsis over "not", over a condition, over a "but"

But: it looks at words, not at sense. What the quoter himself says beside the quotation ("..., but only if") excuses it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.speech.vocabulary import FINITE, PAST_IRREGULAR, TO_BE
from vectorstore.english import one_of, word_set

NEGATIONS = word_set(
    """not never no none nobody nothing nowhere nor neither without hardly scarcely barely cannot can't don't doesn't
    didn't isn't aren't wasn't weren't won't wouldn't shouldn't couldn't mustn't haven't hasn't hadn't ain't needn't
    oughtn't shan't mightn't"""
)
LIMITS = word_set("but unless except excepting if provided providing though although however yet save until only lest")
"""Words that limit or turn what stands before them."""
DENIALS = word_set(
    """deny denies denied denying reject rejects rejected rejecting refute refutes refuted dispute disputes disputed
    doubt doubts doubted doubting disbelieve disbelieved refuse refuses refused refusing decline declines declined fail
    fails failed forbid forbids forbade forbidden cease ceases ceased stop stops stopped deplore mock mocked ridicule
    ridiculed disown disowned disowns prevent prevents prevented contradict contradicts contradicted"""
)
FALSE = word_set(
    """false untrue wrong mistaken incorrect absurd ridiculous nonsense impossible unlikely improbable unthinkable
    mistake error lie myth illusion fallacy folly foolish fanciful slander rumour rumor legend nobody fiction"""
)
CONDITIONS = word_set("if unless whether provided providing supposing lest")
EXCUSES = (
    NEGATIONS
    | LIMITS
    | DENIALS
    | FALSE
    | CONDITIONS
    | word_set("would might could may supposedly allegedly condition instead rather exception while whereas despite")
)

_ONLY = word_set("only just merely simply least solely")
_DENY, _UNTRUE = "|".join(sorted(DENIALS)), "|".join(sorted(FALSE))
_IDEA = (
    "idea view claim notion charge suggestion theory accusation allegation thought proposal assertion argument story"
)
_SAY = "say claim think believe assert suppose suggest argue pretend maintain conclude imagine assume hold"
_SAYING = "saying claiming thinking believing supposing pretending"
_NOT = r"(?:not|never|no|nobody|none|no one|\w+n't|cannot|hardly|neither|nor)"
_THAT = r" (?:that|whether)(?: [\w'-]+){0,6}?"
"""Behind "that" a few words of the same clause may stand: "denied that his writings tried to"."""
_BEFORE = re.compile(
    r"(?:^| )(?:"
    r"(?P<direct>(?:not|never|nor|neither|hardly|scarcely|barely|cannot|\w+n't|no longer)(?: \w+ly)?|no|without"
    r"|far from|anything but|instead of|rather than|as if|as though)"
    rf"|(?P<denied>(?:{_DENY})(?: \w+){{0,4}}?(?:{_THAT}| (?:to|of|from|having|being)))"
    rf"|(?P<outright>(?:{_DENY})(?: (?:the|a|any|this|such))?(?: (?:{one_of(_IDEA)})s?)?)"
    rf"|(?P<false>(?:{_UNTRUE})(?: (?:to|for|of|as|in))?(?: (?:{one_of(_SAY)}|{one_of(_SAYING)}))?(?:{_THAT}| to)?)"
    rf"|(?P<neg>{_NOT}(?: \w+){{1,4}}?{_THAT})"
    r"|(?P<condition>(?:if|unless|whether|supposing|provided|on condition|lest)(?: that)?)"
    r") $"
)
_NO_DOUBT = re.compile(
    r"(?:not|no|never|cannot|\w+n't)(?: be)?(?: \w+)? "
    r"(?:doubt|deny|denied|denying|question|fail|failed|secret|wonder)\b"
)
_BEHIND = re.compile(
    r"^(?:(?P<strong>but|unless|except|excepting|save|only (?:if|when|where|after|on|because|as|so)|if|provided"
    r"|providing|on condition|so long as|as long as|were it not|had it not|without)"
    r"|(?P<weak>yet|though|although|however|albeit))\b"
)
_HARMLESS = re.compile(r"^(?:but (?:also|even)|if (?:only|anything|not more|not most)|even|but rather)\b")
_CONDITIONAL = re.compile(r"^(?:if|unless|had|were|should|provided|supposing|only if|only when)$")
_VERBS = (
    TO_BE
    | FINITE
    | PAST_IRREGULAR
    | word_set("had has have did does do will shall would can could must should may might")
)


def begun_behind(before: Sequence[str], text_before: str, proposition: bool) -> str:
    """The words of the source, right before a quotation, that turn it ("not", "denied that"); "" where none do.
    `before`: the words of the sentence before it; `text_before`: the same with its punctuation. `proposition`: the
    quotation says something by itself."""
    clause = max(text_before.rfind(mark) for mark in ",;:—–()“”")
    clause_words = len(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text_before[clause + 1 :]))
    near = list(before[len(before) - min(clause_words, 9) :]) if clause_words else []
    words = " ".join(near) + " " if near else ""
    found = _BEFORE.search(words)
    if found and not _NO_DOUBT.search(words):
        says = str(found.group()).strip()
        if found.group("direct") or proposition:
            return says
    if proposition and before and _CONDITIONAL.match(before[0]) and clause >= 0 and text_before.count(",") == 1:
        return str(before[0])
    return ""


def cut_before(behind: Sequence[str], text_behind: str, proposition: bool) -> str:
    """The word of the source, right behind a quotation, that limits it ("unless"); "" where none does. `behind`: the
    words of the sentence behind it; `text_behind`: the same with its punctuation."""
    if not behind or not proposition:
        return ""
    opening = text_behind[: max(0, _first_letter(text_behind))]
    words = " ".join(behind[:4])
    found = _BEHIND.match(words)
    if not found or _HARMLESS.match(words) or re.search(r"[.!?:]", opening.replace("…", "")):
        return ""
    if found.group("weak") and not re.search(r"[,—–(]", opening):
        return ""
    if ";" in opening and found.group("weak"):
        return ""
    return found.group()


def hidden(words: Sequence[str], text: str, left: str, right: str) -> str:
    """What matters among words that an ellipsis leaves out; "" where nothing does. `text`: the same with its
    punctuation; `left`, `right`: the characters of the source right before and behind it."""
    if not words:
        return ""
    aside = _aside(text, left, right) and words[0] not in CONDITIONS | {"but", "except", "though", "although"}
    if aside:
        return ""
    for sentence in _parts_that_are_cut(text):
        keys: list[str] = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", sentence.lower().replace("’", "'"))
        for at, key in enumerate(keys):
            if key in _ONLY and at and keys[at - 1] == "not":
                continue
            if key in NEGATIONS or key in DENIALS or key in FALSE:
                if key in NEGATIONS and at + 1 < len(keys) and keys[at + 1] in _ONLY:
                    continue
                return key
            if key in CONDITIONS or key in ("but", "except", "however", "although", "though", "yet", "only"):
                return key
    return ""


def excused(outside: Sequence[str]) -> bool:
    """Whether the quoter says himself, beside the quotation, that it is denied, doubted or limited."""
    return any(word in EXCUSES for word in outside)


def proposition(keys: Sequence[str]) -> bool:
    """Whether words say something by themselves: they hold a verb, as far as its form tells, or are many."""
    return len(keys) >= 7 or (len(keys) >= 2 and any(_verb(key) for key in keys))


def _verb(key: str) -> bool:
    return key in _VERBS or (len(key) > 4 and key.endswith("ed")) or key.endswith("n't")


def _first_letter(text: str) -> int:
    found = re.search(r"[^\W_]", text)
    return found.start() if found else len(text)


def _aside(text: str, left: str, right: str) -> bool:
    """Whether a text is set off on both sides, so that the sentence is whole without it: ", who never sailed,"."""
    stripped = text.strip()
    opens = left.rstrip()[-1:] in (",", "(", "—", "–") or stripped[:1] in (",", "(", "—", "–", "[")
    closes = right.lstrip()[:1] in (",", ")", "—", "–") or stripped[-1:] in (",", ")", "—", "–", "]")
    return opens and closes and not re.search(r"[.!?;]\s", stripped)


def _parts_that_are_cut(text: str) -> list[str]:
    """The sentences of a hidden text that are hidden in part: the end of the first and the beginning of the last; whole
    ones between them count where they begin with a "but"."""
    parts = re.split(r"(?<=[.!?])[”’\"')\]]*\s+", text)
    if len(parts) == 1:
        return parts
    middle = [part for part in parts[1:-1] if re.match(r"\W*(?:but|however|yet|not|except)\b", part.lower())]
    return [parts[0], *middle, parts[-1]]
