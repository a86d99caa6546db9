"""Which sentences are shown."""

from __future__ import annotations

from assistant.calibration import Policy
from assistant.selection import select
from assistant.types import ScoredPassage, ScoredSentence
from assistant.understanding.question import analyse
from vectorstore.types import Document, Passage, SentenceSpan, text_sha256


def answer(
    question: str,
    *sentences: tuple[str, float],
    most: int = 3,
    shown: set[tuple[str, int]] | None = None,
    repeat: bool = True,
) -> list[str]:
    """The sentences shown, for one passage of sentences with these scores."""
    text = "\n".join(words for words, _ in sentences)
    spans, at = [], 0
    for words, _ in sentences:
        spans.append(SentenceSpan(at, at + len(words), "prose"))
        at += len(words) + 1
    document = Document("d", "Title", text, text_sha256(text), "test")
    passage = Passage("p", "d", 0, len(text), "", "prose", None, tuple(spans))
    scored = tuple(
        ScoredSentence(span, passage, score, (span.start, span.start), score, {"wanted": 1.0})
        for span, (_, score) in zip(spans, sentences, strict=True)
    )
    ranking = [ScoredPassage(passage, 1.0, {}, scored)]
    chosen = select(
        analyse(question),
        ranking,
        {"d": document},
        {"d": [passage]},
        Policy(),
        most=most,
        shown=shown or set(),
        repeat=repeat,
    )
    return [text[s.span.start : s.span.end] for s in chosen]


def test_one_sentence_is_enough_for_a_fact() -> None:
    assert answer("When did it open?", ("It rained.", -5), ("The pier opened in 1887.", 3), ("Fish swam.", -4)) == [
        "The pier opened in 1887."
    ]


def test_a_near_equal_is_shown_too_in_the_order_of_the_source() -> None:
    shown = answer("Who paid?", ("Ada Reyes paid half.", 2.9), ("Rain fell.", -5), ("Holm paid the rest.", 3))
    assert shown == ["Ada Reyes paid half.", "Holm paid the rest."]


def test_a_sentence_that_opens_with_a_pronoun_brings_the_one_before() -> None:
    assert answer("What did Reyes demand?", ("Reyes rose.", -3), ("She demanded a vote.", 3), ("All left.", -3)) == [
        "Reyes rose.",
        "She demanded a vote.",
    ]


def test_a_reason_may_lean_on_the_sentence_before() -> None:
    assert answer("Why was it shut?", ("The planks were rotten.", -2), ("As a result, it was shut.", 3)) == [
        "The planks were rotten.",
        "As a result, it was shut.",
    ]


def test_the_same_sentence_is_never_shown_twice() -> None:
    assert answer("Who paid?", ("Holm paid.", 3), ("Holm paid.", 3)) == ["Holm paid."]


def test_a_list_may_be_longer_than_an_answer_to_a_fact() -> None:
    rows = [(f"Number {n} was Ada Reyes.", 3 - n / 10) for n in range(9)]
    assert len(answer("Who were the members?", *rows)) == 6
    assert len(answer("Who was the member?", *rows)) == 3


def test_several_sentences_stay_within_sixty_words() -> None:
    long = "Holm paid " + "very " * 40 + "much."
    assert answer("Who paid?", (long, 3), (long.replace("Holm", "Reyes"), 2.9)) == [long]


def test_one_sentence_is_shown_whole_however_long() -> None:
    long = "Holm paid " + "very " * 100 + "much."
    assert answer("Who paid?", (long, 3)) == [long]


def test_what_was_shown_before_counts_for_less_in_a_follow_up() -> None:
    rows = (("Holm paid.", 3.0), ("Reyes sang.", 2.5))
    assert answer("Who paid?", *rows)[0] == "Holm paid."
    assert answer("Who paid?", *rows, shown={("d", 0)}) == ["Reyes sang."]
    assert answer("Who paid?", rows[0], shown={("d", 0)}) == ["Holm paid."]


def test_what_was_shown_before_is_left_out_where_more_is_asked_for() -> None:
    assert answer("Who paid?", ("Holm paid.", 3), ("Reyes sang.", -4), shown={("d", 0)}, repeat=False) == [
        "Reyes sang."
    ]
    assert answer("Who paid?", ("Holm paid.", 3), shown={("d", 0)}, repeat=False) == []


def test_a_turn_that_answers_by_its_speaker_s_name_is_shown_whole() -> None:
    words = ["ROE: I disagree.", "Cranes fail.", "Lease one.", "ROE: And now?"]
    text = " ".join(words)
    spans, at = [], 0
    for sentence in words:
        spans.append(SentenceSpan(at, at + len(sentence), "quotation", "ROE"))
        at += len(sentence) + 1
    document = Document("d", "Title", text, text_sha256(text), "test")
    passage = Passage("p", "d", 0, len(text), "", "quotation", "ROE", tuple(spans))

    def shown(place: tuple[int, int], seen: set[tuple[str, int]] | None = None) -> list[str]:
        scored = tuple(
            ScoredSentence(span, passage, 3.0 - 5 * number, place if number == 0 else (0, 0), 1.0, {"wanted": 1.0})
            for number, span in enumerate(spans)
        )
        ranking, among = [ScoredPassage(passage, 1.0, {}, scored)], {"d": [passage]}
        question = analyse("Who is against it?")
        chosen = select(
            question, ranking, {"d": document}, among, Policy(), most=3, shown=seen or set(), repeat=not seen
        )
        return [text[s.span.start : s.span.end] for s in chosen]

    assert shown((0, 3)) == words[:3]
    assert shown((7, 15)) == words[:1]
    assert words[0] not in shown((0, 3), {("d", 5)})  # shown before, from behind the name on


def test_a_question_that_somebody_asks_comes_with_its_answer() -> None:
    words, speakers = ["KUNZ: Who taught you?", "FELL: Old Matija did.", "He paid me."], ["KUNZ", "FELL", "FELL"]
    text = " ".join(words)
    spans, at = [], 0
    for sentence, speaker in zip(words, speakers, strict=True):
        spans.append(SentenceSpan(at, at + len(sentence), "quotation", speaker))
        at += len(sentence) + 1
    document = Document("d", "Title", text, text_sha256(text), "test")
    passage = Passage("p", "d", 0, len(text), "", "quotation", "FELL", tuple(spans))
    scored = tuple(
        ScoredSentence(span, passage, 3.0 - 6 * number, (span.start + 8, span.end), 1.0, {"wanted": 1.0})
        for number, span in enumerate(spans)
    )
    ranking, among = [ScoredPassage(passage, 1.0, {}, scored)], {"d": [passage]}
    chosen = select(analyse("What taught Fell?"), ranking, {"d": document}, among, Policy(), most=3)
    assert [text[s.span.start : s.span.end] for s in chosen] == words[:2]


NAMES = ("Ada", "Bo", "Cy", "Di", "Eve", "Flo")
ITEMS = [("Present:", -6.0), *((f"- {name}.", 2.0 - n / 4) for n, name in enumerate(NAMES))]


def test_a_list_of_which_most_items_answer_comes_whole() -> None:
    assert answer("Who came to the meeting?", *ITEMS) == [text for text, _ in ITEMS[1:]]
    one = [("- Ada took the minutes.", 3.0), ("- Bo left.", -3.0), ("- Cy rose.", -2.0)]
    assert answer("Who took the minutes?", *one) == ["- Ada took the minutes."]


def test_a_list_is_not_completed_where_one_thing_is_asked_for_or_it_is_too_long() -> None:
    dates = [(f"- {name} came in 19{n}0.", 2.0 - n / 4) for n, name in enumerate(NAMES, 1)]
    assert len(answer("When did Ada come?", *dates)) <= 3
    assert len(answer("Did Ada come?", *dates)) <= 3
    many = [(f"- Member number {n}, who lives in the house beside the mill.", 2.0) for n in range(20)]
    assert len(answer("Who is a member?", *many)) <= 3
    short = [(f"- Member number {n}.", 2.0) for n in range(20)]
    assert len(answer("Who is a member?", *short)) == 20


def test_a_list_of_long_items_comes_whole_or_its_first_sentences() -> None:
    asked = "What must the owner see to before winter?"
    before, item, more = (
        ("Before winter the owner must see to:", -3.0),
        ("1. The tank is dry.", 3.0),
        ("It leaks.", -3.0),
    )
    assert answer(asked, before, item, more, ("2. The mast is down.", -4.0)) == [
        "Before winter the owner must see to:",
        "1. The tank is dry.",
        "It leaks.",
        "2. The mast is down.",
    ]
    long = ("It leaks " + "and leaks " * 200 + ".", -3.0)
    assert answer(asked, before, item, long, ("2. The mast is down.", -4.0)) == [
        "Before winter the owner must see to:",
        "1. The tank is dry.",
        "2. The mast is down.",
    ]
    assert answer(asked, before, item, more, ("2. The mast is down.", -4.0), most=1) == ["1. The tank is dry."]
    assert answer("What leaks?", before, ("1. The tank leaks.", 3.0), ("2. The mast is down.", -4.0)) == [
        "1. The tank leaks."
    ]
