"""What a question takes for granted, as a claim that a source can bear out or contradict.

    "Why did Brandt support the strike?"              Brandt did support the strike.
    "On what day was the old mill burnt down?"        The old mill burnt down.
    "To whom did Brandt sell the mill?"               Brandt did sell the mill.
    "How many copies did Lund burn?"                  There are copies that Lund burn.
    "Who was the second wife that Lund married?"      There is a second wife that Lund married.
    "What made the council sell the pier?"            The council sell the pier.

Only from the form of the question, where it is certain: one that asks for yes or no takes nothing for granted, and
neither does "Who was Lund?". The verb that stood before the subject goes behind it where the subject is a name or a
pronoun, and is left out otherwise: who reads the claim is a network, to which that makes little difference.
But: nothing here looks at a source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.understanding.question import content_words
from vectorstore.english import one_of

MOST_CHARACTERS = 300
FEWEST_WORDS = 2
"""Content words of a claim: one of fewer says too little to be checked."""

_DO = "(?:did|does|do)"
_BE = "(?:was|were|is|are|has|had|have)"
_MODAL = one_of("can could will would shall should may might must")
_AUX_WORD = rf"(?:{_DO}|{_BE}|{_MODAL})"
_AUX = rf"(?P<aux>{_AUX_WORD})(?P<not>n't)?"
_PREPOSITIONS = "on in at by during since until till from to for under after before through with within into near"
_TO = f"{one_of(_PREPOSITIONS)} "
_NOUN = r"(?:[\w'-]+ ){0,7}?[\w'-]+"
_OPENING = re.compile(
    r"(?:(?:and|but|so|then|well|ok|okay|also|please|now|right)\b,? )*"
    r"(?:(?:can|could|would) you )?(?:(?:please )?(?:tell|explain|say)(?: to)?(?: (?:me|us))?[:,]? |"
    r"do you know |i (?:wonder|want to know|would like to know) )?",
    re.I,
)
_CIRCUMSTANCE = re.compile(
    rf"(?:why|when|where|how|how come|(?:since|until|from) when|for how long|"
    rf"how (?:long|often|soon|quickly|far|badly|well|long ago|exactly|much|many times)|"
    rf"exactly (?:why|when|where|how)|(?:why|when|where|how) exactly|"
    rf"{_TO}(?:(?:what|which|whose|how many) {_NOUN}|how much|whom|who)|what (?:year|date|day|month|time|century)) "
    rf"{_AUX} (?P<rest>.+)",
    re.I,
)
_STATED = re.compile(r"(?:why|how come|since when|when|where|how) (?P<rest>(?!to\b|not\b).+)", re.I)
_MADE = re.compile(
    r"what (?:(?:made|let|helped) (?P<plain>.+)|"
    rf"{one_of('led caused prompted drove moved brought forced induced persuaded enabled allowed inspired')} "
    r"(?P<to>.+? to [a-z].+))",
    re.I,
)
_REASON = re.compile(
    rf"(?:what (?:was|is|were|are) |for )(?:the |some )?(?P<owner>.+?(?:'s|s') )?"
    rf"(?:[\w-]+ )?{one_of('reasons? motives? grounds? justification excuse purpose aim explanation cause causes')} "
    r"(?:(?:for|in|behind|of) (?P<doing>[\w-]+ing .+)|(?:why|that) (?P<clause>.+))",
    re.I,
)
_COUNTED = re.compile(rf"how (?:many|much) (?P<what>{_NOUN}) {_AUX} (?P<rest>.+)", re.I)
_COUNTED_SUBJECT = re.compile(rf"how many (?P<rest>(?!.*\b{_DO}\b){_NOUN} (?!{_AUX_WORD}\b)[a-z]+ .+)", re.I)
_OBJECT = re.compile(
    rf"(?:what|who|whom|(?:which|what) (?P<what>{_NOUN})) (?P<aux>{_DO})(?P<not>n't)? (?P<rest>.+)", re.I
)
_SUBJECT = re.compile(
    rf"(?:(?P<who>who)|which (?P<which>(?!{_AUX_WORD}\b)[\w'-]+)) (?P<rest>(?!{_AUX_WORD}\b)[a-z][\w-]* .+)", re.I
)
_DESCRIBED = re.compile(
    rf"(?:who|what|which|where) (?:was|is|were|are) (?:the names? of )?the (?P<what>{_NOUN})"
    r" (?P<rest>(?:who|whom|that|which) .+)",
    re.I,
)
_OTHER = r"(?!(?:or|and|but|who|that|which|of|in|on|at|to|for|by|with|from|as)\b)"
_NAME = r"(?:(?:[A-Z][\w.'-]*|of|de|von|van) )*[A-Z][\w.-]*(?<!'s)"
_GROUP = r"(?:[a-z]+s|people|men|women|party|army|team|company|government|council)"
_BEHIND_VERB = one_of(
    f"""the a an his her its their him them it this that these those all any no some so such {_PREPOSITIONS}
    of about against out up down off away back over"""
)
_SURE_SUBJECT = re.compile(
    rf"(?:(?P<pronoun>he|she|it|they|we|you|I)|{_NAME}|"
    rf"the (?![A-Z]\w*(?:an|ish|ese|ench|utch|iss|ek|ic|ik|iet) ){_NAME}(?= [a-z-]+(?:$| (?:[A-Z]|{_BEHIND_VERB}\b)))) "
    rf"{_OTHER}(?!{_GROUP} )(?=[a-z])"
)
"""Of "the Senate attack them" the end of the subject is certain, of "the Polish attack" and "the Berg yard go" it
is not: the word behind the name may be a noun."""
_WHOM = re.compile(rf"whom? {_DO}\b", re.I)
_SUPPOSED = re.compile(r"\b(?:if|unless|whether)\b", re.I)
_EMPTY = re.compile(r"(?:there|it)\b", re.I)


@dataclass(frozen=True, slots=True)
class Premise:
    """`claim`: what is taken for granted, as a sentence. `whole`: nothing is missing in it; of "Who burnt the copies?"
    only that somebody did is taken for granted. `asks_whom`: what is missing is whom it was done to."""

    claim: str
    whole: bool
    asks_whom: bool = False


def premise_of(question: str) -> Premise | None:
    """What the question takes for granted; None where nothing, or where that is not certain. Pure; about 50
    microseconds."""
    plain = " ".join(question.replace("’", "'").split())
    if len(plain) > MOST_CHARACTERS:
        return None
    plain = plain[_OPENING.match(plain).end() :].strip(" ?.!")  # type: ignore[union-attr]
    found = _whole(plain)
    claim, whole = (found, True) if found else (_partly(plain), False)
    if not claim or _SUPPOSED.search(claim) or len(content_words(claim)) < FEWEST_WORDS:
        return None
    claim = claim.strip(" ,;:")
    return Premise(f"{claim[:1].upper()}{claim[1:]}.", whole, not whole and bool(_WHOM.match(plain)))


def _whole(plain: str) -> str | None:
    match = _REASON.fullmatch(plain)
    if match:
        if match["clause"]:
            return match["clause"]
        return re.sub(r"(?:'s|(?<=s)') ?$", " ", match["owner"]) + match["doing"] if match["owner"] else None
    match = _MADE.fullmatch(plain)
    if match:
        return match["plain"] or re.sub(r" to (?=[a-z])", " ", match["to"], count=1)
    match = _CIRCUMSTANCE.fullmatch(plain)
    if match:
        return _in_order(match["rest"], match["aux"], bool(match["not"]))
    match = _STATED.fullmatch(plain)
    return match["rest"] if match and _SURE_SUBJECT.match(match["rest"]) else None


def _partly(plain: str) -> str | None:
    match = _DESCRIBED.fullmatch(plain)
    if match:
        return f"There is {match['what']} {match['rest']}"
    match = _COUNTED.fullmatch(plain)
    if match and match["aux"].lower() in ("did", "does", "do"):
        return f"There are {match['what']} that {match['rest']}"
    if match:
        return f"{match['what']} {match['aux']} {match['rest']}"
    match = _COUNTED_SUBJECT.fullmatch(plain)
    if match:
        return match["rest"]
    match = _OBJECT.fullmatch(plain)
    if match:
        clause = _in_order(match["rest"], match["aux"], bool(match["not"]))
        return clause and f"There is {match['what'] or 'something'} that {clause}"
    match = _SUBJECT.fullmatch(plain)
    return f"{match['which'] or 'Somebody'} {match['rest']}" if match else None


def _in_order(rest: str, aux: str, denied: bool) -> str | None:
    """A clause whose verb `aux` stood before it, as a statement; None where it cannot be made with certainty."""
    if _EMPTY.match(rest) and not re.match(r"it ", rest, re.I):
        return None
    inner = re.match(r"not ", rest)
    subject = _SURE_SUBJECT.match(rest)
    if subject and not inner:
        at = subject.end()
        return f"{rest[:at]}{aux.lower()} {'not ' if denied else ''}{rest[at:]}"
    if denied or inner or re.fullmatch(_MODAL, aux, re.I):
        return None
    return rest
