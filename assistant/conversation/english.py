"""Words and word forms of English that understanding a follow-up needs: the closed classes,
verbs and their forms, plurals.

Small closed lists and rules of spelling; a word that is in no list is taken for a noun or an adjective.
But: nothing here looks at a sentence; names of people and places are in `names`.
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """The words of a list in one string."""
    return frozenset(text.split())


WH = words("who whom whose what which when where why how")
AUXILIARIES = words(
    """
    did do does was were is are am has have had can could will would shall should may might must didn't don't
    doesn't wasn't weren't isn't aren't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't mustn't
    """
)
PREPOSITIONS = words(
    """
    of in on at to from by with about against between for into over under after before during since until
    through among within without behind near towards toward across upon as like beside besides despite around
    outside inside above below beyond throughout per amongst till versus worth concerning regarding than via
    """
)
CONJUNCTIONS = words(
    """
    and or but so because if whereby whereas while although though whether nor that than unless once yet
    """
)
PRONOUNS = words(
    """
    i you he she it we they me him us them himself herself itself themselves mine yours hers ours theirs there
    here then this these those who whom which what someone somebody something anyone anybody anything everyone
    everybody everything nobody nothing one ones else
    """
)
DETERMINERS = words(
    """
    the a an this these those that my our your his her its their any some no every each all both another such
    many several few most other two three four five six seven eight nine ten eleven twelve first second third
    last next
    """
)
ADVERBS = words(
    """
    not also only just still even ever never always often again too very quite rather already soon later now
    today yesterday tomorrow away back out off up down together apart alone ago afterwards afterward finally
    first else more less much well then there here why how when where once twice about almost instead anyway
    really actually please exactly mainly mostly however therefore thus hence yes no ok okay literally next
    further long most
    """
)
FUNCTION_WORDS = (
    WH | AUXILIARIES | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | ADVERBS | words("be been being having going")
)

_IRREGULAR = dict(
    pair.split("/")
    for pair in """
    arise/arose awake/awoke bear/bore beat/beat become/became begin/began bend/bent bet/bet bind/bound bite/bit
    blow/blew break/broke breed/bred bring/brought build/built burn/burned burst/burst buy/bought cast/cast
    catch/caught choose/chose come/came cost/cost cut/cut deal/dealt dig/dug draw/drew dream/dreamed drink/drank
    drive/drove eat/ate fall/fell feed/fed feel/felt fight/fought find/found flee/fled fly/flew forbid/forbade
    forget/forgot forgive/forgave freeze/froze get/got give/gave go/went grow/grew hang/hung hear/heard hide/hid
    hit/hit hold/held hurt/hurt keep/kept know/knew lay/laid lead/led learn/learned leave/left lend/lent let/let
    lie/lay lose/lost make/made mean/meant meet/met pay/paid put/put quit/quit read/read ride/rode ring/rang
    rise/rose run/ran say/said see/saw seek/sought sell/sold send/sent set/set shake/shook shine/shone
    shoot/shot show/showed shut/shut sing/sang sink/sank sit/sat sleep/slept speak/spoke spend/spent split/split
    spread/spread stand/stood steal/stole stick/stuck strike/struck swear/swore swim/swam take/took teach/taught
    tear/tore tell/told think/thought throw/threw understand/understood overthrow/overthrew undergo/underwent
    wake/woke wear/wore win/won withdraw/withdrew write/wrote spell/spelled rebuild/rebuilt rewrite/rewrote
    foresee/foresaw overcome/overcame uphold/upheld
    """.split()  # noqa: SIM905
)
_PARTICIPLES = words(
    """
    been born borne beaten become begun bitten blown broken chosen come done drawn drunk driven eaten fallen
    forbidden forgotten forgiven frozen gone given grown hidden known lain ridden risen run seen shaken shown
    sung rebuilt rewritten sunk spoken stolen sworn taken torn thrown overthrown undergone woken worn withdrawn
    written built held made sent put set shot cut paid laid led left lost found sold told taught caught brought
    bought
    """
)
_REGULAR = words(
    """
    accept accompany accuse achieve act adapt add admit adopt advance advise advocate affect agree aim allow
    amount announce answer apologise apologize appeal appear apply appoint approach approve argue arrange arrest
    arrive ask assassinate assist attack attempt attend avoid award back ban banish base battle behave believe
    belong betray blame block bomb boycott breed call campaign cancel capture carry cause celebrate change
    charge claim climb close collapse collect combine command commit compare compete complain complete compose
    condemn conduct confirm confiscate connect conquer consider consist contain continue contribute control
    convince cook cooperate cope count cover crash create criticise criticize cross crush dance date debate
    decide declare decline defeat defend define delay demand denounce deny depart depend deport describe deserve
    design destroy determine develop dictate die differ direct disagree disappear discover discuss dismiss
    dissolve divide dominate donate double drop earn edit elect eliminate emerge employ enable encourage end
    enjoy enter escape establish evolve exchange execute exile exist expand expel experience explain explode
    explore export express extend face fail favour favor fear film finance finish flow follow force form found
    fund gain gather generate govern graduate grieve happen harm hate head help hesitate hire hope host hunt
    identify ignore imagine impose imprison improve include increase infect influence inform inherit injure
    insist inspire intend introduce invade invent invest investigate invite involve issue join judge justify
    kill lack land last launch lay leak like limit listen live locate look love maintain manage march mark marry
    matter measure mention migrate miss mistreat move murder name need negotiate nest note notice object observe
    obtain occupy occur offer open operate oppose order organise organize originate outlaw own paint participate
    pass perform permit persuade photograph pioneer plan plant play please plot point postpone practise practice
    praise predict prefer prepare present prevent print produce prohibit promise promote propose protect protest
    prove provide publish pull punish purchase pursue push quarrel question rain raise reach react realise
    realize rebuild receive recognise recognize recommend record recover reduce refer reform refuse regret reign
    reject relate release rely remain remember remove renounce replace reply report represent reprint reproduce
    request require rescue resemble resign resist resolve respond result retire return reveal reverse rule sail
    save seem seize select separate serve settle share shift ship sign smash smuggle solve sound spark sponsor
    spawn stage star start starve state stay step stop storm strengthen struggle study submit succeed suffer
    suggest supply support suppose suppress surrender survive suspect suspend switch talk tend test thank
    threaten total tour trade train translate transport travel treat trigger trust try turn unite urge use
    vanish view visit vote wait walk want warn wash waste watch weaken welcome wish witness wonder work worry
    worship yield accomplish score debut vary weigh stretch stem bury drown ferry hatch feature
    """
)

VERBS = frozenset(_IRREGULAR) | frozenset(_REGULAR) | words("be do have")
"""Base forms."""


def past(verb: str) -> str:
    """The simple past of a base form: "sign" -> "signed"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    if verb in _DOUBLING or (re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", verb) and verb[-2] in "aeiou"):
        return verb + verb[-1] + "ed"
    return verb + "ed"


_DOUBLING = words("permit commit submit admit refer prefer occur regret expel compel control transfer cancel")
_PAST_TO_BASE = {past(verb): verb for verb in (*_REGULAR, *_IRREGULAR)}
_THIRD = {verb + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else "s"): verb for verb in VERBS} | {
    verb[:-1] + "ies": verb for verb in VERBS if re.search(r"[^aeiou]y$", verb)
}


def base_of_past(word: str) -> str | None:
    """The base form of a simple past ("signed" -> "sign"), None where the word does not look like one."""
    known = _PAST_TO_BASE.get(word)
    if known:
        return known
    if not word.endswith("ed") or len(word) < 5:
        return None
    stem = word[:-2]
    if word.endswith("ied"):
        return word[:-3] + "y"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return (
        stem + "e"
        if re.search(r"(?:[cgsuvz]|[^aeiou][aeiou]t|at|ir|[^aeo]l)$", stem) and not stem.endswith("ss")
        else stem
    )


def base_of_present(word: str) -> str | None:
    """The base form of a third person singular ("costs" -> "cost"), None for a word that is not a known one."""
    return _THIRD.get(word)


def is_past(word: str) -> bool:
    """Whether a word in lower case looks like a past tense or a past participle."""
    return word in _PARTICIPLES or word in _PAST_TO_BASE or (word.endswith("ed") and len(word) > 4 and word[-3] != "e")


def gerund(verb: str) -> str:
    """The -ing form of a base form."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return verb[:-1] + "ing"
    if verb in _DOUBLING or re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", verb):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def possessive(name: str) -> str:
    """A name in the genitive: "Lenin" -> "Lenin's", "the workers" -> "the workers'"."""
    if name.endswith(("'s", "s'", "’s")):
        return name
    last = name.split()[-1]
    many = is_plural(last) and (last[0].islower() or name.lower().startswith("the "))
    return name + ("'" if many and last.endswith("s") else "'s")


_SINGULAR_S = words(
    """
    congress press process crisis analysis basis thesis series species news mathematics physics politics
    economics success address business access loss class glass mass pass boss cross illness darkness witness
    fortress princess mistress canvas atlas gas bus virus campus bonus status chorus focus census cactus fungus
    nucleus genius apparatus surplus corpus consensus always less is was this his its us as has lens
    headquarters means synopsis emphasis hypothesis lotus walrus circus iris
    """
)
_PLURALS = words("people men women children police mice feet teeth geese fish sheep data media cattle")


def is_plural(noun: str) -> bool:
    """Whether a noun looks like a plural."""
    word = noun.lower()
    if word in _PLURALS or (word.endswith(("men", "people")) and len(word) > 4):
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _SINGULAR_S and len(word) > 3


def singular(noun: str) -> str:
    """The singular of a regular plural; other words as they are."""
    if not is_plural(noun):
        return noun
    special = {"people": "person", "men": "man", "women": "woman", "children": "child"}
    if noun in special:
        return special[noun]
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if re.search(r"(?:ch|sh|x|z|ss)es$", noun):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") else noun
