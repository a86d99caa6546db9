"""Words of English and what they have to do with each other: base forms, opposites, small closed classes.

Opposites and irregular forms are WordNet's (wordnet.txt); those it lacks that are common in reports and histories stand
here. A word is known by its key: "rose" and "rises" have one, "criticised" and "criticizing", "labour" and "labor".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, takewhile
from pathlib import Path

from assistant.understanding.question import normal, stem
from ingest.speech.vocabulary import PAST_IRREGULAR
from vectorstore.english import word_set

_FILE = Path(__file__).with_name("wordnet.txt")
_MORE_OPPOSITES = """
save/lose keep/lose preserve/destroy rescue/lose spare/destroy want/oppose want/resist wish/oppose favour/oppose
favour/reject urge/oppose advocate/oppose advocate/reject propose/oppose demand/oppose seek/oppose support/oppose
support/reject support/criticise support/condemn support/attack support/denounce defend/attack defend/criticise
defend/condemn praise/condemn praise/denounce praise/criticise praise/attack welcome/condemn welcome/reject
welcome/oppose endorse/reject endorse/oppose approve/reject accept/reject adopt/reject agree/refuse agree/decline
allow/forbid allow/ban allow/prohibit permit/ban permit/prohibit legalise/ban lift/impose win/lose victory/defeat
victor/loser defeat/lose succeed/fail success/failure ally/enemy ally/opponent friend/enemy friend/foe
friend/opponent supporter/opponent supporter/critic advocate/opponent majority/minority rise/fall rise/decline
rise/drop increase/decrease increase/decline increase/reduce increase/fall increase/drop grow/shrink grow/decline
grow/fall expand/shrink expand/contract gain/lose gain/loss profit/loss raise/lower raise/cut raise/reduce
climb/fall climb/drop soar/plunge improve/worsen improve/deteriorate strengthen/weaken boost/reduce boost/hurt
help/harm help/hinder benefit/harm accelerate/slow advance/retreat arrive/leave arrive/depart enter/leave join/leave
join/quit open/close begin/end start/end start/stop start/finish begin/finish begin/stop continue/stop
continue/cease continue/abandon found/dissolve found/disband establish/abolish establish/dissolve create/destroy
create/abolish build/demolish build/destroy remember/forget release/arrest release/imprison release/detain
free/arrest acquit/convict innocent/guilty confirm/deny admit/deny affirm/deny encourage/discourage prevent/cause
prevent/enable prevent/allow include/exclude include/omit include/ignore expel/admit expel/readmit appoint/dismiss
appoint/remove hire/fire elect/reject love/hate like/dislike trust/distrust large/small big/small big/little
large/tiny huge/small huge/tiny great/small high/low highest/lowest largest/smallest biggest/smallest best/worst
most/least more/less more/fewer many/few higher/lower larger/smaller bigger/smaller greater/smaller greater/lesser
better/worse older/younger longer/shorter faster/slower stronger/weaker richer/poorer earlier/later oldest/newest
oldest/youngest earliest/latest first/last strong/weak early/late old/young old/new ancient/modern rich/poor
long/short fast/slow quick/slow quickly/slowly rapid/slow rapidly/slowly wide/narrow heavy/light hard/easy
difficult/easy hard/soft public/private publicly/privately publicly/secretly openly/secretly open/secret
legal/illegal safe/dangerous peaceful/violent urban/rural rural/city foreign/domestic northern/southern
eastern/western north/south east/west northeast/southwest northwest/southeast upper/lower inner/outer left/right
top/bottom front/back major/minor main/minor common/rare commonly/rarely often/rarely often/seldom frequently/rarely
always/never usually/rarely popular/unpopular famous/unknown positive/negative optimistic/pessimistic
hopeful/hopeless happy/sad happy/angry full/empty alive/dead live/die birth/death born/die before/after until/after
above/below over/under inside/outside within/outside with/without pro/anti true/false right/wrong correct/wrong
correct/mistaken temporary/permanent voluntary/compulsory voluntarily/forcibly unanimously/narrowly
directly/indirectly reluctant/eager reluctantly/eagerly reluctantly/willingly willing/unwilling able/unable
likely/unlikely possible/impossible satisfied/dissatisfied dead/living married/divorced import/export buy/sell
hot/cold warm/cold warm/cool wet/dry day/night morning/evening summer/winter man/woman men/women boy/girl
father/mother son/daughter brother/sister husband/wife male/female king/queen uncle/aunt prosperity/poverty
wealth/poverty war/peace abundance/shortage abundance/scarcity surplus/deficit surplus/shortage
democracy/dictatorship freedom/slavery progress/decline unity/division unite/divide unite/split
centralise/decentralise optimism/pessimism hope/despair tighten/loosen tighten/relax majority/few entire/partial
complete/partial completely/partly fully/partly successful/unsuccessful unsuccessful/successful exceed/trail
overtake/trail underestimate/overestimate overstate/understate justified/unjustified sufficient/insufficient
adequate/inadequate prior/subsequent previously/subsequently preceding/following precede/follow cheap/expensive
cheap/costly close/distant near/far crowded/empty sober/drunk awake/asleep present/absent remain/leave stay/leave
keep/abandon retain/abandon retain/lose keep/lose maintain/abandon preserve/destroy preserve/abolish urge/discourage
urge/warn obey/disobey obey/defy comply/defy loyal/disloyal loyalty/betrayal honest/dishonest hostile/friendly
borrow/lend accept/decline accept/refuse grant/refuse grant/reject grant/deny survive/die survive/perish
survive/drown recover/die resign/stay resign/remain genuine/forged genuine/fake genuine/false elder/younger
champion/loser giant/small giant/little giant/tiny slim/fat calm/angry cheerful/sad sunny/cloudy elderly/young
senior/junior large/little sit/stand lie/stand indoors/outdoors daytime/nighttime upwards/downwards
clockwise/anticlockwise depressed/happy miserable/happy massive/small massive/tiny massive/little
"""
_ISE = re.compile(r"is(e[ds]?|ing|ations?|ers?)$")
_OUR = re.compile(r"our(s|ed|ing)?$")
_SUCCESSIVE = """
open/close begin/end begin/stop begin/finish start/end start/stop start/finish commence/end commence/finish
arrive/leave arrive/depart enter/leave enter/exit join/leave join/quit found/dissolve found/disband found/abolish
establish/abolish establish/dissolve establish/disestablish create/destroy create/abolish build/demolish
build/destroy build/raze erect/demolish construct/demolish construct/destroy arrest/release arrest/free
imprison/release imprison/free detain/release capture/release appoint/dismiss appoint/remove hire/fire
engage/dismiss bear/die birth/death live/die marry/divorce buy/sell purchase/sell lift/impose expel/readmit
expel/admit borrow/return lose/find lose/recover mobilise/demobilise
"""
"""Opposites of which one thing may happen after the other: to have been built denies no demolition."""
_IRREGULAR = {"was": "be", "were": "be", "been": "be", "n't": "not", "wrote": "write", "written": "write"}
_NO_PAST = word_set("indeed hundred kindred sacred naked wicked hatred rugged exceed proceed succeed united")

BE = word_set("is are was were be been being am 's 're isn't aren't wasn't weren't")
MODALS = word_set("will would shall should can could may might must")
AUXILIARIES = BE | MODALS | word_set("has have had having do does did doing get gets got getting")
PREPOSITIONS = word_set(
    """in of at from to with by for on against between under after before during about into over within without
    through among as than towards toward upon despite following via across behind beyond near including like since
    until amid per inside outside around alongside"""
)
PRONOUNS = word_set(
    """he she it they him her them his hers its their theirs himself herself itself themselves who whom whose which i we
    you"""
)
ARTICLES = word_set("the a an this that these those his her its their our my your")


@lru_cache(maxsize=100_000)
def key(word: str, proper: bool = False) -> str:
    """What a word is compared by: the stem of its base form, in one spelling; of a proper name only the stem."""
    low = normal(word)
    return stem(low) if proper else _key(_irregular(), low)


@lru_cache(maxsize=100_000)
def opposites(word_key: str) -> frozenset[str]:
    """The keys of the words that mean the opposite of the word with this key."""
    return _opposites().get(word_key, frozenset())


def follows(one: str, other: str) -> bool:
    """Whether the words with these keys are opposites that happen one after the other, to the same thing."""
    return frozenset((one, other)) in _successive()


_SHORT_PAST = word_set("sued died owed tied lied")


@lru_cache(maxsize=100_000)
def is_past(low: str) -> bool:
    """Whether a word, in lower case, looks like the past of a verb: "asked", "rose", "beaten"."""
    regular = (len(low) > 4 and low.endswith("ed") and low not in _NO_PAST) or low in _SHORT_PAST
    return regular or low in _irregular() or low in PAST_IRREGULAR


def _key(irregular: dict[str, str], low: str) -> str:
    base = irregular.get(low, low)
    if len(base) > 6:
        base = _ISE.sub(r"iz\1", base)
    if len(base) > 5:
        base = _OUR.sub(r"or\1", base)
    return stem(base)


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    return {**dict(line.split() for line in _part("[irregular]")), **_IRREGULAR}


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in chain((line.split() for line in _part("[opposites]")), _more()):
        first, second = _key(_irregular(), one), _key(_irregular(), other)
        if first != second:
            found[first].add(second)
            found[second].add(first)
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def _successive() -> frozenset[frozenset[str]]:
    pairs = (pair.split("/") for pair in _SUCCESSIVE.split())
    return frozenset(frozenset(_key(_irregular(), word) for word in pair) for pair in pairs)


def _part(name: str) -> list[str]:
    """The lines of one part of the file."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    start = lines.index(name) + 1
    return list(takewhile(lambda line: not line.startswith("["), lines[start:]))


def _more() -> Iterator[list[str]]:
    return (pair.split("/") for pair in _MORE_OPPOSITES.split())
