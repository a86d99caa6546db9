"""What a question means after the questions before it.

Nothing is rewritten. A question that leans on the conversation (a pronoun, a fragment, no name or date of its own) is
put to the source in two wordings, alone and after the questions before it, and what is found for both is averaged:

    earlier question  "Tell me about the Platform of the 46"
    question          "Who signed it?"
    wordings          "Who signed it?", "Tell me about the Platform of the 46 Who signed it?"
    searched_for      "Who signed it?" after "Tell me about the Platform of the 46"

A language model may put the question into words that stand alone; these are then searched for in the place of the first
wording, beside the second.

The rules are for English; in another language, a question leans unless it holds a name or a date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.about.asks import asked_of_document
from assistant.about.talk import is_talk
from assistant.types import Turn
from vectorstore.english import word_set

Kind = Literal["question", "more", "closest", "talk", "about"]
"""What a message asks for: an answer; what the last answer has not shown yet; the closest passages, where there was no
answer; something of the documents as a whole ("Who wrote this article?"); or nothing ("Thanks!", or "Why?" and "more"
where nothing came before)."""

MOST_BEFORE = 2
"""How many earlier questions one is read after."""
MOST_WORDS_BEFORE = 40
"""How many of their words, the last ones: what the reader can take in has to hold the passage, too."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a message is understood. `question`: what is asked, word for word; for "more" and "closest", the question
    that they go back to. `after`: the earlier questions that it leans on, oldest first; none where it stands alone.
    `needed`: the words of the conversation that it needs, where they are known (`Reader.needed`). `rephrased`: the
    question as a language model puts it, where one was asked and its words can be used (`assistant.model.rephrasing`).
    """

    question: str
    after: tuple[str, ...] = ()
    kind: Kind = "question"
    needed: tuple[str, ...] = ()
    rephrased: str = ""

    @property
    def leans(self) -> bool:
        """Whether what is meant depends on earlier questions."""
        return bool(self.after)

    @property
    def wordings(self) -> tuple[str, ...]:
        """The texts to search for, two at most: a bare "Why?" and an ellipsis ("And in 1938?") are searched for after
        the earlier questions only."""
        if self.kind in ("talk", "about"):
            return ()
        if not self.after:
            return (self.topic or self.question,)
        before = " ".join(" ".join(self.after).split()[-MOST_WORDS_BEFORE:])
        if not self.rephrased and _is_elliptical(self.question):
            return (f"{before} {_OPENING_OF_ELLIPSIS.sub('', self.question)}",)
        if not self.rephrased and _BARE.fullmatch(_plain(self.question)):
            return (f"{before} {self.question}",)
        return (self.rephrased or self.question, f"{' '.join(self.needed) or before} {self.question}")

    @property
    def topic(self) -> str:
        """What is asked about where a question names only that: "kulaks" of "What does the article say about kulaks?";
        "" for other questions."""
        match = _TOPIC.fullmatch(_plain(self.question))
        return match["topic"] if match else ""

    @property
    def searched_for(self) -> str:
        """What the user is told."""
        if not self.after:
            return self.topic or self.question
        if self.rephrased:
            return f'"{self.question}" as "{self.rephrased}"'
        return f'"{self.question}" after ' + " and ".join(f'"{earlier}"' for earlier in self.after)


def understand(question: str, history: Sequence[Turn]) -> Reading:
    """How `question` is understood after the turns of `history`."""
    plain = _plain(question)
    earlier = _asked(history)
    if earlier and _MORE.fullmatch(plain):
        last = earlier[-1]
        return Reading(last.question, last.after, "closest" if _was_abstained(history) else "more")
    if is_talk(question) or (not earlier and (_BARE.fullmatch(plain) or _MORE.fullmatch(plain))):
        return Reading(question, kind="talk")
    if _is_about(question, earlier):
        return Reading(question, kind="about")
    if not earlier or not leans_back(question):
        return Reading(question)
    kind: Kind = "more" if _MORE_ABOUT.match(plain) else "question"
    return Reading(question, _before(earlier), kind)


def _was_abstained(history: Sequence[Turn]) -> bool:
    """Whether the last question of a conversation had no answer."""
    return next((turn.answer.abstained for turn in reversed(history) if not is_talk(turn.question)), False)


def _asked(history: Sequence[Turn]) -> list[Reading]:
    """The questions of a conversation as they were understood, without "more" and "thanks"."""
    readings: list[Reading] = []
    for turn in history:
        plain = _plain(turn.question)
        if is_talk(turn.question) or _MORE.fullmatch(plain) or (not readings and _BARE.fullmatch(plain)):
            continue
        if _is_about(turn.question, readings):
            continue
        leans = bool(readings) and leans_back(turn.question)
        readings.append(Reading(turn.question, _before(readings) if leans else ()))
    return readings


def _is_about(question: str, earlier: Sequence[Reading]) -> bool:
    """Whether a question asks something of the documents as a whole: "this article" says so, "it" where nothing was
    asked before."""
    ask = asked_of_document(question)
    return ask is not None and not ask.name and (ask.sure or not earlier)


def _before(earlier: Sequence[Reading]) -> tuple[str, ...]:
    """The last question, and with it what that one leaned on: not what was talked of before a change of topic."""
    return (*earlier[-1].after, earlier[-1].question)[-MOST_BEFORE:]


def leans_back(question: str) -> bool:
    """Whether a question may mean something that was named before it."""
    plain = _plain(question)
    if any(len(word) > LONGEST_WORD for word in plain.split()):
        return False  # no word, and no question
    if _GOES_ON.match(plain) or _is_fragment(plain) or _points_back(plain):
        return True
    return not _names_something(plain, is_question=question.rstrip().endswith("?"))


def _names_something(question: str, *, is_question: bool = True) -> bool:
    """Whether some words hold a name, a date or a quotation: a capital that does not merely open them, a figure, or
    quotation marks. Where they are no question, but key words, a name may open them, too."""
    tokens = _TOKEN.findall(question)
    if '"' in question or any(token[0].isdigit() for token in tokens):
        return True
    if not is_question and len(tokens) > 1 and tokens[0][0].isupper() and tokens[0].lower() not in _OPENINGS:
        return True
    return any(token[0].isupper() and token.partition("'")[0] != "I" for token in tokens[1:])


def _points_back(plain: str) -> bool:
    """Whether a word of a question stands for something outside it."""
    plain = _EXPLETIVE.sub(lambda match: re.sub(r"\bit\b", "", match.group(), flags=re.I), plain)
    for match in _PRONOUN.finditer(plain):
        before = plain[: match.start()]
        # "Why did Weiss publish her letter?" and "Did Weiss know when she left?" say themselves who is meant.
        explains = _POSSESSIVE.match(plain, match.start()) or _SUBORDINATE.search(before)
        if not (explains and _names_something(f"? {before}")):
            return True
    return bool(_THAT.search(plain) or _THEN_OR_THERE.search(_EXISTENTIAL.sub("", plain)))


def _is_fragment(plain: str) -> bool:
    """Whether a question lacks its verb: "And Weiss?", "In Kars?", "What about newts?", "By whom?"."""
    if _BARE.fullmatch(plain) or _WHAT_ABOUT.match(plain):
        return True
    words = plain.split()
    if not words or len(words) > MOST_FRAGMENT:
        return False
    return words[0].lower() in _PREPOSITIONS or words[0].lower() not in _OPENINGS


def _is_elliptical(question: str) -> bool:
    """Whether a question only puts something else in the place of what was asked before: "And in 1938?", "What about
    Weiss?", "The second one?"."""
    words = [word.lower() for word in _TOKEN.findall(_OPENING_OF_ELLIPSIS.sub("", _plain(question)))]
    return 0 < len(words) <= MOST_ELLIPSIS and not _ASKING.intersection(words)


def _plain(question: str) -> str:
    """A question with straight quotation marks, without the marks and blanks around it."""
    return " ".join(question.translate(_STRAIGHT).split()).strip(" ?.!,;:")


MOST_ELLIPSIS = 6
"""Words of an ellipsis, those that open it aside."""
MOST_FRAGMENT = 3
"""Words of a fragment without a question word."""
LONGEST_WORD = 60
"""Characters; what is longer without a blank, an address aside, was not meant to be read."""

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_PREPOSITIONS = word_set(
    """
    about after against among at before behind between by during for from in into near of on over since through to
    under until with within without
    """
)
_QUESTION_WORDS = word_set("who whom whose what which when where why how")
_AUXILIARIES = word_set(
    """
    am are can could did do does had has have is may might must shall should was were will would aren't can't couldn't
    didn't doesn't don't hadn't hasn't haven't isn't shouldn't wasn't weren't won't wouldn't
    """
)
_ASKING = _QUESTION_WORDS | _AUXILIARIES
_OPENING_OF_ELLIPSIS = re.compile(
    r"^(?:(?:and|but|so|then|ok|okay|right|yes|no|now|well)\b[, ]*)*(?:(?:what|how) about\b )?", re.I
)
_OPENINGS = (
    _PREPOSITIONS
    | _QUESTION_WORDS
    | _AUXILIARIES
    | word_set(
        """
        a an the this that these those some any all and but so or then also yes no ok well please i you he she it we
        they my his her its their compare define describe explain find give list name quote say show summarise summarize
        tell
        """
    )
)
"""Words that a question may open with and that are no names."""
_POSSESSIVE = re.compile(r"(?:his|her|its|their) \w", re.I)
_PRONOUN = re.compile(
    r"\b(?:he|him|his|she|her|hers|it|its|they|them|their|theirs|this|these|those)\b"
    r"|\bthe (?:former|latter|others?|same|rest|(?:first|second|third|last|other) one)\b|\b(?:which|other) ones?\b",
    re.I,
)
_SUBORDINATE = re.compile(r"\b(?:that|when|before|after|because|if|while|until|whether|although|since|and|but)\b", re.I)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|been|isn't|wasn't) it\b(?: [\w'-]+)*? (?:that|to|for|if|whether|who|which|when|where|about)\b"
    r"|\bit (?:is|was|took|takes)\b.* (?:that|who|which|to)\b|\bdid it take\b.* (?:to|for|before)\b",
    re.I,
)
"""An "it" that stands for nothing: "Is it true that ...", "How long did it take to ..."."""
_EXISTENTIAL = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|could|can) there\b"
    r"|\bthere(?:'s| (?:is|are|was|were|be|will|would|has|have|had))\b",
    re.I,
)
_THAT = re.compile(
    r"(?:^|\b(?:is|was|did|do|does|about|of|after|before|by|for|from|with|like|since|than|in|at|on|to) )that\b"
    r"|\bthat$",
    re.I,
)
_THEN_OR_THERE = re.compile(r"\bthere\b|\b(?:by|since|until|before|after|from) then\b|\bthen$", re.I)
_GOES_ON = re.compile(r"(?:and|but|so|then|also|or|yes|no|ok)\b(?!-| one\b)", re.I)
_WHAT_ABOUT = re.compile(r"(?:and |but )?(?:what|how) about\b", re.I)
_BARE = re.compile(
    r"(?:(?:and|but|so|ok|then) )*(?:(?:by|to|with|for|from|of|about|against|since|until|in|on|at|under) )?"
    r"(?:who|whom|whose|what|when|where|why|how|which)"
    r"(?: (?:not|many|much|long|often|far|exactly|so|come|else|ones?|for|from|by|with|to|"
    r"(?:of )?(?:them|these|those)))*",
    re.I,
)
"""A question word alone: "Why?", "By whom?", "How many?", "Which of them?"."""
_MORE = re.compile(
    r"(?:yes|yeah|yep|yup|please|go on|continue|more|and|then|and then|next|carry on|keep going|go ahead|elaborate|"
    r"(?:and )?(?:afterwards|after that)|"
    r"details|explain(?: more)?|what else|(?:is there |was there )?anything (?:else|more)|"
    r"more (?:details|info|information)|(?:tell|say) more|"
    r"(?:(?:can|could) you |please )?(?:tell|show|give) me (?:some )?more)"
    r"(?:[ ,.!]+(?:please|yes|do|then|thanks|go on|tell me more|about (?:it|that|this)))*",
    re.I,
)
_TOPIC = re.compile(
    r"(?:what|does|do|is there anything) (?:does |do |did )?(?:the|this|that|your)"
    r" (?:article|text|source|document|page|paper|author|book|report|essay)s? (?:also )?"
    r"(?:say|says|tell us|tell|write|have to say|mention|state) (?:anything |something |much )?"
    r"(?:about|on|regarding|concerning) (?P<topic>[^?;]{3,80})",
    re.I,
)
_MORE_ABOUT = re.compile(
    r"(?:(?:can you |could you |please |yes,? |ok,? )?(?:tell me|say|give me)(?: some)? more|more) (?:about|on) ", re.I
)
