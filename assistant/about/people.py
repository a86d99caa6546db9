"""The people a document names, and where.

Names are runs of capitalised words. Which of them are people's is told by the words around them: a title or a trade
before ("the surveyor Piet Anker"), a verb of people behind ("said", "was born"), "who", a speaker's name; runs that
end like places and bodies ("Road", "Council"), or mostly follow "the" or "in", are none.
But: no list of first names is used and no model; a person who is only named, and never does anything, may be missed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from assistant.understanding.question import STOP_WORDS, normal
from vectorstore.english import DAYS, MONTHS, TITLES, one_of, word_set
from vectorstore.types import Document, SentenceSpan, Span

_PART = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*\w|[^\W\d_a-z]\."
_PARTICLE = r"(?:de|von|van|der|den|la|le|du|di|al|bin|ibn|da|af|ter)"
_NAME = re.compile(rf"(?<![\w’'-])(?:{_PART})(?:\s(?:{_PARTICLE}\s){{0,2}}(?:{_PART}))*")
_TITLE = f"""{TITLES} King Queen Prince Princess Emperor Tsar Czar Sultan Pope Saint Sir Lord Lady Dame Duke Count
    Baron Captain Colonel General Major Lieutenant Sergeant Admiral Judge Justice President Chancellor Senator
    Professor Doctor Father Mother Brother Sister Widow Uncle Aunt Comrade Bishop Abbot Mister Miss Madame
    Inspector Nurse Mate Councillor Mayor Secretary Chairman Chairwoman Chair Chairperson Minister Commissar
    Deputy Director Governor Speaker Citizen"""
_TITLES = word_set(_TITLE)
_OWN_TITLES = word_set(
    """Widow King Queen Prince Princess Emperor Empress Tsar Tsarina Sultan Pope Saint Lord Lady Father Mother Brother
    Sister Uncle Aunt"""
)
_TRADE = re.compile(
    r"\b(?:\w{2,}(?:ist|ian|eer|man|woman|maid|smith|wright|monger|herd|keeper|maker|leader|worker|writer|ress)|"
    r"\w{3,}(?:[bdfghklmnprstvwyz]er|tor|sor|nor)|king|queen|president|judge|priest|abbot|abbess|monk|nun|nurse|poet|"
    r"wife|husband|widow|son|daughter|brother|sister|father|mother|uncle|aunt|cousin|nephew|niece|friend|comrade|mate|cook|"
    r"clerk|chief|secretary|minister|scribe|host|guide|guest|heir|boy|girl|lady|lord|count|duke|prince|thief|spy|chef|boss)"
    r"(?:,| named| called)? $"
)
_NO_TRADE = word_set(
    """paper newspaper river water harbour harbor tower quarter letter number order chapter cover summer winter border
    center centre later earlier however either together rather whether other another never ever after under over former
    latter further corner power matter member answer offer per her their order theater theatre monster cluster answer
    december september october november layer buffer folder server router paper timber lumber river motor sector factor
    tractor reactor poster register offer dinner supper silver copper leather weather better larger smaller greater
    older"""
)
_DOES = one_of(
    """said says wrote told asked argued claimed warned declared explained admitted replied answered responded promised
    predicted demanded commented concluded joked recalled remembered thought believed felt knew wanted hoped feared
    loved hated married died lived retired resigned retorted insisted complained announced suggested proposed accepted
    refused agreed was_born was_elected was_appointed was_arrested was_exiled was_killed was_hired was_paid
    was_married invented discovered painted composed founded studied laughed cried smiled nodded spoke"""
)
_AFTER = re.compile(
    rf"(?:’s|'s)?,? (?:who|whom|whose)\b"
    rf"|(?:,? [^.,;]{{1,40}},)? (?:had |has |also |later |then |himself |herself )?{_DOES}\b"
)
_DID = re.compile(rf"(?:{_DOES.replace('says ', '')}|told|asked) $")
_LAST = word_set(
    """road street avenue lane square river lake sea ocean bay island islands hill hills valley mountain mountains mount
    forest house mill bridge hall park church cathedral abbey castle palace tower inn hotel harbour harbor port quay
    pier station airport museum library theatre school college university institute academy club society trust board
    council committee commission party league union congress parliament assembly senate court office department
    ministry bureau agency company corporation ltd inc llc gmbh bank fund group team army navy brigade regiment war
    battle revolution treaty act bill law code constitution agreement report review journal times news press gazette
    day week month year century county district province state republic kingdom empire city town village market centre
    center system project programme program award prize cup games festival version edition chapter section article
    part table figure appendix schedule annex plan policy fund bye-laws clause rule ferry canal railway line front
    international opposition conference brothers sons language church street gate wood moor farm"""
)
_FIRST = word_set("New North South East West Upper Lower Great Old San Los Fort Port Lake Mount The")
_PLACE_BEFORE = re.compile(
    r"\b(?:[A-Z]\w+ of|[Ii]n|[Aa]t|near|into|through|towards|toward|across|outside|inside|around|via|throughout) $"
)
_THE_BEFORE = re.compile(r"\b(?:the|a|an|this|these|every|each|all|some|any|no) $", re.I)
_NOT = (
    STOP_WORDS
    | word_set(f"{MONTHS.lower()} {DAYS.lower()}")
    | word_set(
        """however although despite following within even eventually instead unfortunately nevertheless meanwhile
        moreover
    furthermore thus therefore finally later soon still today yesterday tomorrow many most few several another since
    english french german russian american british chinese european soviet god christmas easter internet monday"""
    )
)
_LINKS = word_set("de von van der den la le du di al bin ibn da af ter")
_IDEA = re.compile(r"(?:ists?|isms?)$")
MOST_WORDS = 6
"""Words of a person's name; a longer run of capitals is a title or a list."""
NEAR = 120
"""Characters before and behind a name that are looked at."""
LEAST = 2.0
"""Evidence from which a name is a person's."""
USUAL_FULL = 10
"""A short name counts as a fuller one that stands at least once for so many of its mentions."""
USUAL = 0.2
"""Share of the mentions from which a form of a name that stands once only is usual."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the fullest form of the name that is usual in the text. `mentions`: where it, or a part of it,
    stands,
    in order; `first`: the place of the first mention in that form, and its sentence."""

    name: str
    mentions: tuple[Span, ...]
    first: Span
    sentence: SentenceSpan


@dataclass(slots=True)
class _Seen:
    evidence: float = 0.0
    against: int = 0
    places: list[tuple[Span, SentenceSpan]] = field(default_factory=list)


def people(document: Document, sentences: Sequence[SentenceSpan]) -> list[Person]:
    """The people named in these sentences, those named most often first; of two named as often, the one named
    earlier."""
    text = document.text
    lower = Counter(
        word.lower() for span in sentences for word in re.findall(r"\b[a-z][\w’'-]+", text[span.start : span.end])
    )
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for n, span in enumerate(sentences):
        after = sentences[n + 1] if n + 1 < len(sentences) else None
        for start, end in _runs(text, span, lower):
            name = " ".join(text[start:end].split())
            one = seen[name]
            one.places.append(((start, end), span))
            one.evidence += _evidence(text, start, end, span, after)
            before = text[max(span.start, start - NEAR) : start]
            one.against += bool(_PLACE_BEFORE.search(before) or _THE_BEFORE.search(before))
    found = _people(document, _merged(seen))
    return sorted(_with_speakers(document, sentences, found), key=lambda person: (-len(person.mentions), person.first))


def _with_speakers(document: Document, sentences: Sequence[SentenceSpan], found: Sequence[Person]) -> list[Person]:
    """The people, and those who speak: a turn counts as a mention of its speaker."""
    turns: dict[str, list[SentenceSpan]] = defaultdict(list)
    for before, span in zip([None, *sentences], sentences, strict=False):
        if span.speaker and (before is None or before.speaker != span.speaker):
            turns[span.speaker].append(span)
    known = {word.casefold(): person for person in reversed(found) for word in (person.name, person.name.split()[-1])}
    people = {person.name: person for person in found}
    for speaker, spans in turns.items():
        person = known.get(speaker.casefold()) or known.get(speaker.split()[-1].casefold())
        places = [_name_in(document, span, speaker) for span in spans]
        if person is None:
            people[speaker] = Person(speaker, tuple(places), places[0], spans[0])
        else:
            ends = {end for _, end in person.mentions}  # "Dr. Lund: ..." names Lund already
            both = sorted({*person.mentions, *(place for place in places if place[1] not in ends)})
            people[person.name] = replace(people[person.name], mentions=tuple(both))
    return list(people.values())


def _name_in(document: Document, span: SentenceSpan, speaker: str) -> Span:
    """Where a turn names its speaker; its first characters, where only a line before it does."""
    at = document.text.find(speaker, span.start, span.end)
    return (at, at + len(speaker)) if at >= 0 else (span.start, min(span.end, span.start + 1))


def _runs(text: str, span: SentenceSpan, lower: Counter[str]) -> Iterable[Span]:
    """Runs of capitalised words, without the word that merely opens the sentence and without titles; a possessive ends
    one. "Widow Tarn" is another than Joris Tarn: such a title belongs to a surname that stands alone."""
    sentence = text[span.start : span.end]
    opening = re.search(r"\w", sentence)
    first_word = opening.start() if opening else 0
    for match in _NAME.finditer(sentence):
        opens = match.start() <= first_word
        run: list[Span] = []
        title: int | None = None
        words = [(match.start() + word.start(), word.group()) for word in re.finditer(r"\S+", match.group())]
        for n, (start, word) in enumerate(words):
            bare = re.sub(r"(?:’s|'s|[’'-])$", "", word)
            if not run and (_is_common(bare, lower) or bare.strip(".") in _TITLES or bare in _LINKS):
                title = start if bare in _OWN_TITLES else None
                continue
            run.append((start, start + len(bare)))
            if bare == word and n + 1 < len(words):
                continue
            first, last = run[0][0], run[-1][1]
            if _is_name(sentence[first:last], opens and first == match.start(), lower):
                yield span.start + (title if title is not None and len(run) == 1 else first), span.start + last
            run, title = [], None


def _is_name(run: str, opens: bool, lower: Counter[str]) -> bool:
    """Whether a run of capitalised words may be a person's name, as far as its own words tell."""
    parts = run.split()
    if (
        not len(run) >= 2
        or len(parts) > MOST_WORDS
        or parts[-1].lower() in _LAST
        or parts[0] in _FIRST
        or any(_IDEA.search(part) for part in parts)
    ):
        return False
    if len(parts) == 1 and (run.isupper() or (opens and lower[normal(run)])):
        return False
    return not all(len(part.strip(".")) == 1 for part in parts)


def _is_common(word: str, lower: Counter[str]) -> bool:
    return normal(word) in _NOT or lower[normal(word)] > 1


def _evidence(text: str, start: int, end: int, span: SentenceSpan, after: SentenceSpan | None) -> float:
    before, behind = text[max(span.start, start - NEAR) : start], text[end : min(span.end, end + NEAR)]
    title = re.search(r"(\w+)\.? $", before)
    trade = _TRADE.search(before)
    sure = 0.0
    if text[start:end].split()[0] in _OWN_TITLES or (title and title[1] in _TITLES):
        sure += 3
    elif trade and re.findall(r"\w+", trade.group())[0].lower() not in _NO_TRADE:
        sure += 2
    if _AFTER.match(behind) or (_DID.search(before) and re.search("[”\"’'] ?", before)):
        sure += 2
    elif after is not None and re.match(r"[“\"‘']?(?:He|She|His|Her)\b", text[after.start : after.end]):
        subject = start - NEAR <= span.start and not before.strip(" “\"‘'([") and " " in text[start:end]
        sure += 2 if subject else 0.5
    return sure


def _merged(seen: dict[str, _Seen]) -> dict[str, _Seen]:
    """Surnames and given names alone count as the one fuller name that begins or ends with them; "L. Trotsky", once,
    counts as the Trotsky of all other places."""
    holding: dict[str, list[str]] = defaultdict(list)
    for name in seen:
        words = name.split()
        for n in range(1, len(words)):
            holding[" ".join(words[:n])].append(name)
            holding[" ".join(words[-n:])].append(name)
    for name in sorted(seen, key=len):
        count = len(seen[name].places) / USUAL_FULL
        fuller = [other for other in dict.fromkeys(holding[name]) if len(seen[other].places) >= count]
        if fuller and len({other.split()[-1] for other in fuller}) == 1:
            _move(seen, name, max(fuller, key=lambda other: (len(seen[other].places), other)))
    for name in seen:
        *before, last = name.split()
        initials = bool(before) and all(re.fullmatch(r"(?:[^\W\d_]\.)+", part) for part in before)
        if initials and last in seen and len(seen[last].places) > len(seen[name].places):
            _move(seen, name, last)
    return seen


def _move(seen: dict[str, _Seen], name: str, to: str) -> None:
    seen[to].evidence += seen[name].evidence
    seen[to].against += seen[name].against
    seen[to].places = sorted([*seen[to].places, *seen[name].places], key=lambda place: place[0])
    seen[name].places = []


def _people(document: Document, seen: dict[str, _Seen]) -> list[Person]:
    found = []
    for full, one in seen.items():
        places = one.places
        if not places or one.evidence < LEAST or one.against > len(places) / 2:
            continue
        forms = Counter(" ".join(document.text[slice(*place)].split()) for place, _ in places)
        usual = [form for form in forms if forms[form] > 1 or forms[form] >= USUAL * len(places)]
        name = max(usual, key=lambda form: (form.count(" ") > 0, forms[form], form), default=full)
        first, sentence = next(p for p in places if " ".join(document.text[slice(*p[0])].split()) == name)
        found.append(Person(name, tuple(place for place, _ in places), first, sentence))
    return found
