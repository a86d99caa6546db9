"""The words by which speech and its speakers are known: verbs of saying, pronouns, prepositions, kinds of nouns.

But: English only; a quotation in another language is found, its speaker mostly is not.
"""

from __future__ import annotations


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_SAYING = """add admit advise affirm agree allege announce answer argue ask assert attest boast caution claim comment
complain concede conclude confess confirm contend continue counter cry declare demand deny emphasise
emphasize exclaim explain insist joke lament maintain muse note object observe plead point pray predict
proclaim promise pronounce protest quip read recall reckon recollect recount reflect relate remark remember
remind reply report respond retort reveal say scream shout state stress suggest swear tell testify urge warn
whisper wonder write"""
_JUDGING = """accuse acknowledge advocate appeal attack blame brand call charge condemn criticise criticize denounce
describe dismiss dub hail label liken mock portray praise propose recognise recognize refer reject resolve
speak summarise summarize talk"""
_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "write": "wrote",
    "speak": "spoke",
    "swear": "swore",
    "read": "read",
}
_DOUBLED = _words("admit quip dub refer")


def _forms(base: str) -> tuple[str, str, str]:
    """Third person, past and -ing form of a verb."""
    stem = base + base[-1] if base in _DOUBLED else base
    if base.endswith("y") and base[-2] not in "aeiou":
        third, past, present = base[:-1] + "ies", base[:-1] + "ied", base + "ing"
    elif base.endswith("e"):
        third, past, present = base + "s", base + "d", base[:-1] + "ing"
    else:
        third = base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
        past, present = stem + "ed", stem + "ing"
    return third, _IRREGULAR.get(base, past), present


SAYING_BASE = _words(_SAYING)
SAYING_FINITE = frozenset(form for base in SAYING_BASE for form in _forms(base)[:2])
JUDGING_FINITE = frozenset(form for base in _words(_JUDGING) for form in _forms(base)[:2])
SPEECH_BASE = SAYING_BASE | _words(_JUDGING)
SPEECH_ING = frozenset(_forms(base)[2] for base in SPEECH_BASE)
FINITE = SAYING_FINITE | JUDGING_FINITE
PASSIVE = FINITE | _words("written spoken sworn")

OTHERS_WORDS = _words("quote quotes quoted cite cites cited quoting citing")
"""Verbs whose subject passes on the words of somebody else."""

AUXILIARIES = _words(
    """had has have was were is are be been did does do would will could can should must might may not never also
    then now later even again soon often once always still just only further too there here thus therefore
    already ever first finally"""
)
TO_BE = _words("was were is are be been being")
PRONOUNS = _words("he she they it")
POSSESSIVES = _words("his her their its")
RELATIVES = _words("who which that")
DETERMINERS = _words("the a an one another this that these those his her their its our my each every some both")
PREPOSITIONS = _words(
    """in of at from to with by for on against between under after before during about into over within without
    through among as than towards toward upon despite following via across behind beyond near including like
    since until amid per"""
)
CLAUSE_OPENERS = _words(
    """when while as although though if because since once after before until where whereas that whether despite
    following during under in at on by with for from among throughout within without according"""
)
PAST_IRREGULAR = _words(
    """let put set cut took gave went came made saw knew got ran led met kept held left fell felt found stood began
    became broke drew drove fought grew lost paid rose sent sold spent struck taught thought told tried
    understood won wore built brought bought caught heard hit hurt laid lay meant read said sat shook shot shut
    sang sank slept spoke spread swore threw wrote
    foresaw arose ate beat bent bit blew bore bound chose clung crept dealt dug fed fled flew forbade forgave forgot
    froze hid hung lent lit overcame overthrew rang rode shone slid sought stole strove stuck swept swung tore
    undertook upheld wept withdrew withstood woke"""
)

SPEECH_NOUNS = _words(
    """account address advice answer appeal article attempt attempts autobiography blog book column comment
    comments confession declaration diary effort efforts email essay final first interview introduction journal
    lecture letter letters manifesto memo memoir memoirs memorandum message note notebook notes pamphlet
    petition poem post preface proclamation remark remarks reply report response sermon slogan slogans speech
    statement telegram testament testimony treatise verdict warning will words writings"""
)
DOCUMENTS = _words(
    """agreement announcement article bill book brochure bulletin charter circular communique constitution contract
    decision declaration decree directive document editorial guidebook inscription journal judgment leaflet
    letter manifesto manual memorandum minutes motion newsletter newspaper note notice order pamphlet paper
    petition plaque platform poster proclamation programme protocol record records report resolution review
    rules ruling sign statement statute study survey telegram text thesis treaty verdict website"""
)
COLLECTIVES = _words(
    """academy administration agency army assembly association authority board bureau cabinet church club
    commission commissariat committee company conference congress convention corporation council court
    delegation department faction federation foundation front government group guild
    inspectorate institute institution international jury league left majority meeting ministry minority
    movement museum office opposition organisation organization parliament party plenum police right
    school secretariat senate society soviet team tribunal union university workshop"""
)
NOT_NAMES = _words(
    """january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday spring summer autumn winter"""
)
SOURCE_WORDS = _words(
    """writings works collected selected letters ibid source sources cited quoted emphasis see cf vol chapter"""
)
PARTICLES = _words("van von de der den di da del della la le du bin ibn al el ter ten of-the")
TITLES = _words(
    """dr mr mrs ms mx prof st gen col lt capt sgt rev hon sen rep gov sir dame lord lady comrade professor doctor
    president minister captain major general colonel sister brother father mother king queen prince princess
    pope bishop judge senator"""
)
WOMAN = _words("mrs ms miss dame lady sister queen princess mother madam mme")
MAN = _words("mr sir lord brother king prince father pope")
