"""Words that show speech and its speakers: verbs of saying, pronouns, prepositions, kinds of nouns.

But: they are English. In other languages quotations are found, their speakers mostly are not.
"""

from __future__ import annotations

from vectorstore.english import DAYS, JUDGING, MONTHS, SAYING, SEASONS, word_set

_SAYING = f"""{SAYING} add advise affirm agree allege announce answer ask assert attest boast caution complain concede
confess confirm contend continue counter cry deny emphasise emphasize exclaim insist lament maintain muse note object
observe plead point pray proclaim pronounce protest read recall reckon recollect recount reflect relate remark remember
remind report retort reveal scream shout state stress suggest swear testify urge whisper wonder"""
_JUDGING = f"""{JUDGING} acknowledge advocate appeal attack blame brand charge condemn criticise criticize dismiss dub
hail mock portray praise propose recognise recognize refer reject resolve speak summarise summarize talk"""
_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "write": "wrote",
    "speak": "spoke",
    "swear": "swore",
    "read": "read",
}
_DOUBLED = word_set("admit quip dub refer")


def _forms(base: str) -> tuple[str, str, str]:
    """Third person, past and -ing form of a verb: "deny" -> ("denies", "denied", "denying")."""
    stem = base + base[-1] if base in _DOUBLED else base
    if base.endswith("y") and base[-2] not in "aeiou":
        third, past, present = base[:-1] + "ies", base[:-1] + "ied", base + "ing"
    elif base.endswith("e"):
        third, past, present = base + "s", base + "d", base[:-1] + "ing"
    else:
        third = base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
        past, present = stem + "ed", stem + "ing"
    return third, _IRREGULAR.get(base, past), present


SAYING_BASE = word_set(_SAYING)
SAYING_FINITE = frozenset(form for base in SAYING_BASE for form in _forms(base)[:2])
JUDGING_FINITE = frozenset(form for base in word_set(_JUDGING) for form in _forms(base)[:2])
SPEECH_BASE = SAYING_BASE | word_set(_JUDGING)
SPEECH_ING = frozenset(_forms(base)[2] for base in SPEECH_BASE)
FINITE = SAYING_FINITE | JUDGING_FINITE
PASSIVE = FINITE | word_set("written spoken sworn")

OTHERS_WORDS = word_set("quote quotes quoted cite cites cited quoting citing")
"""Verbs whose subject passes on the words of somebody else: "Roe quoted"."""

AUXILIARIES = word_set(
    """had has have was were is are be been did does do would will could can should must might may not never also
    then now later even again soon often once always still just only further too there here thus therefore
    already ever first finally"""
)
TO_BE = word_set("was were is are be been being")
PRONOUNS = word_set("he she they it")
POSSESSIVES = word_set("his her their its")
RELATIVES = word_set("who which that")
DETERMINERS = word_set("the a an one another this that these those his her their its our my each every some both")
PREPOSITIONS = word_set(
    """in of at from to with by for on against between under after before during about into over within without
    through among as than towards toward upon despite following via across behind beyond near including like
    since until amid per"""
)
CLAUSE_OPENERS = word_set(
    """when while as although though if because since once after before until where whereas that whether despite
    following during under in at on by with for from among throughout within without according"""
)
PAST_IRREGULAR = word_set(
    """let put set cut took gave went came made saw knew got ran led met kept held left fell felt found stood began
    became broke drew drove fought grew lost paid rose sent sold spent struck taught thought told tried
    understood won wore built brought bought caught heard hit hurt laid lay meant read said sat shook shot shut
    sang sank slept spoke spread swore threw wrote
    foresaw arose ate beat bent bit blew bore bound chose clung crept dealt dug fed fled flew forbade forgave forgot
    froze hid hung lent lit overcame overthrew rang rode shone slid sought stole strove stuck swept swung tore
    undertook upheld wept withdrew withstood woke"""
)

SPEECH_NOUNS = word_set(
    """account address advice answer appeal article attempt attempts autobiography blog book column comment
    comments confession declaration diary effort efforts email essay final first interview introduction journal
    lecture letter letters manifesto memo memoir memoirs memorandum message note notebook notes pamphlet
    petition poem post preface proclamation remark remarks reply report response sermon slogan slogans speech
    statement telegram testament testimony treatise verdict warning will words writings"""
)
DOCUMENTS = word_set(
    """agreement announcement article bill book brochure bulletin charter circular communique constitution contract
    decision declaration decree directive document editorial guidebook inscription journal judgment leaflet
    letter manifesto manual memorandum minutes motion newsletter newspaper note notice order pamphlet paper
    petition plaque platform poster proclamation programme protocol record records report resolution review
    rules ruling sign statement statute study survey telegram text thesis treaty verdict website"""
)
COLLECTIVES = word_set(
    """academy administration agency army assembly association authority board bureau cabinet church club
    commission commissariat committee company conference congress convention corporation council court
    delegation department faction federation foundation front government group guild
    inspectorate institute institution international jury league left majority meeting ministry minority
    movement museum office opposition organisation organization parliament party plenum police right
    school secretariat senate society soviet team tribunal union university workshop"""
)
NOT_NAMES = word_set(f"{MONTHS} {DAYS} {SEASONS}".lower())
SOURCE_WORDS = word_set(
    """writings works collected selected letters ibid source sources cited quoted emphasis see cf vol chapter"""
)
PARTICLES = word_set("van von de der den di da del della la le du bin ibn al el ter ten of-the")
WOMAN = word_set("mrs ms miss dame lady sister queen princess mother madam mme")
MAN = word_set("mr sir lord brother king prince father pope")
