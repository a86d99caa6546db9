"""Follow-ups are understood from the conversation: pronouns, fragments, "why?", "more", and changes of topic."""

from __future__ import annotations

import time

import pytest

from assistant.conversation import MOST, Reading, leans_back, readings, wordings
from assistant.types import Answer, Citation, Sentence, ShortAnswer, Trace, Turn
from eval.lab import followups

Said = str | tuple[str, str] | tuple[str, str, str]
"""A question; with it the text of its answer, and the short answer inside that."""


def turn(question: str, searched_for: str, text: str = "", short: str = "") -> Turn:
    if not text:
        return Turn(question, Answer(question, searched_for, (), True, 0.1, (), Trace((), ())))
    at = text.find(short) if short else 0
    shorts = (ShortAnswer(at, at + len(short), short),) if short else ()
    cited = Citation("d", "An article", "", 0, len(text), text, None, "0" * 64)
    answer = Answer(
        question, searched_for, (Sentence(text, (cited,), "quoted", shorts),), False, 0.9, (), Trace((), ())
    )
    return Turn(question, answer)


def conversation(*said: Said) -> list[Turn]:
    """Turns in order, each understood after those before it by its first reading."""
    history: list[Turn] = []
    for one in said:
        question, *answer = (one,) if isinstance(one, str) else one
        history.append(turn(question, readings(question, history)[0].text, *answer))
    return history


def understood(*said: Said) -> str:
    """How the last question is understood first."""
    return conversation(*said)[-1].answer.searched_for


def offered(question: str, *before: Said) -> list[str]:
    return [reading.text for reading in readings(question, conversation(*before))]


BOMB: Said = ("What was Lenin's 'bombshell'?", "Lenin had prepared a “bombshell” against Stalin.", "")
JOFFE: Said = ("Which diplomat took his own life?", "Adolf Joffe shot himself in November 1927.", "Adolf Joffe")
FRAM: Said = ("Which ship did Nansen sail in?", "Nansen sailed in the Fram, which Colin Archer had built.", "the Fram")
THOUGHT: Said = ("What did Hale think of Moss and Reed?", "He thought little of Moss.")
WIFE: Said = ("Who was Lenin married to?", "His wife was Krupskaya.", "Krupskaya")
KARS: Said = ("Where was Weiss banished to?", "She was sent to Kars.")
KARS_FIRST: Said = ("Where was Weiss banished to first?", "She was sent to Kars.", "Kars")
ONE: Said = ("Who signed the petition?", "Clara Weiss signed it.", "Clara Weiss")
LETTERS: Said = ("Did the council publish the letters?", "It published two.")
CHINA: Said = ("How did the party treat peasants?", "Badly.")
MILL: Said = (
    "Who founded the mill?",
    "Sarah Brennan and Thomas Oakes founded the mill in 1871.",
    "Sarah Brennan and Thomas Oakes",
)
WALL: Said = ("When was the harbour wall in Dunmore rebuilt?", "The wall was rebuilt in 1846.", "1846")
AXOLOTL: Said = (
    "How does the axolotl regrow a lost leg?",
    "The axolotl grows a mass of young cells.",
    "a mass of young cells",
)
PETITION: Said = (
    "Who signed the petition?",
    "It was signed by Clara Weiss, Otto Brandt and Lena Vogt.",
    "Clara Weiss, Otto Brandt and Lena Vogt",
)
SPY: Said = ("Who gave away the gathering in the forest?", "A spy called Rutka told the police.", "Rutka")
FIRM: Said = ("When did Halden Optics move to Bergen?", "Halden Optics moved to Bergen in 1962.", "1962")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # it
        ((BOMB, "Did it go off?"), "Did Lenin's bombshell go off?"),
        ((BOMB, "did it go off"), "Did Lenin's bombshell go off?"),
        ((WALL, "Who paid for it?"), "Who paid for the harbour wall in Dunmore?"),
        ((FRAM, "When was it built?"), "When was the Fram built?"),
        ((FRAM, "Who carried it out of the ice?"), "Who carried the Fram out of the ice?"),
        ((FIRM, "Who founded it?"), "Who founded Halden Optics?"),
        ((AXOLOTL, "Can it regrow its heart?"), "Can the axolotl regrow its heart?"),
        # he, she, his, her
        ((JOFFE, "What was special about his funeral?"), "What was special about Adolf Joffe's funeral?"),
        ((FRAM, "Did he reach the Pole?"), "Did Nansen reach the Pole?"),
        ((MILL, "Why did she leave?"), "Why did Sarah Brennan leave?"),
        ((MILL, "Did he outlive her?"), "Did Thomas Oakes outlive Sarah Brennan?"),
        ((WIFE, "Yes, but did she stay?"), "Did Krupskaya stay?"),
        ((FRAM, "did he agree with amundsen?"), "Did Nansen agree with amundsen?"),
        ((FRAM, "Didn’t he lose money?"), "Didn’t Nansen lose money?"),
        ((FRAM, "didnt he lose money"), "Didn't Nansen lose money?"),
        ((FRAM, "Where did Johansen meet him?"), "Where did Johansen meet Nansen?"),
        # they, them, their
        ((MILL, "Did they get along?"), "Did Sarah Brennan and Thomas Oakes get along?"),
        ((MILL, "What became of their children?"), "What became of the children of Sarah Brennan and Thomas Oakes?"),
        ((("Where do newts live?", "Newts live in ponds."), "What do they eat?"), "What do newts eat?"),
        ((("Why did the weavers strike?", "Wages had been cut."), "Did they win?"), "Did the weavers win?"),
        # there, then, that year, that letter, the former
        ((WALL, "What else was built there?"), "What else was built in Dunmore?"),
        ((WALL, "What happened that year?"), "What happened in 1846?"),
        ((WALL, "Who was mayor then?"), "Who was mayor in 1846?"),
        ((FRAM, "Who designed this ship?"), "Who designed the Fram?"),
        ((THOUGHT, "What did the latter reply?"), "What did Reed reply?"),
        ((THOUGHT, "What did the former reply?"), "What did Moss reply?"),
        ((PETITION, "Did the second one flee?"), "Did Otto Brandt flee?"),
        ((PETITION, "Which ones were arrested?"), "Which of Clara Weiss, Otto Brandt and Lena Vogt were arrested?"),
        ((KARS, "What did they gain by it?"), "What did they gain by Weiss being banished?"),
    ],
)  # fmt: skip
def test_a_word_that_points_back_is_replaced_by_what_it_means(said: tuple[Said, ...], expected: str) -> None:
    assert understood(*said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((("When did Stalin postpone the congress?", "In 1924."), "Why?"), "Why did Stalin postpone the congress?"),
        ((("When did Stalin postpone the congress?", "In 1924."), "how so"), "Why did Stalin postpone the congress?"),
        (((BOMB), "Did it go off?", "Why not?"), "Why didn't Lenin's bombshell go off?"),
        ((JOFFE, "Why?"), "Why did Adolf Joffe take his own life?"),
        ((KARS_FIRST, "Under which article?"), "Under which article was Weiss banished first?"),
        ((KARS, "By whom?"), "By whom was Weiss banished?"),
        ((KARS, "When?"), "When was Weiss banished?"),
        ((MILL, "When?"), "When did Sarah Brennan and Thomas Oakes found the mill?"),
        ((("Did Lenin support the plan?", "He did not."), "Who else?"), "Who else supported the plan?"),
        ((ONE, "Who else?"), "Who else signed the petition?"),
        ((("Were there any protests?", "There were some.",), "How many?"), "How many protests were there?"),
        ((LETTERS, "Which ones?"), "Which letters did the council publish?"),
        ((("When did the miners strike?", "In 1912."), "What was the reason?"), "Why did the miners strike?"),
        ((WALL, "When did that happen?"), "When was the harbour wall in Dunmore rebuilt?"),
    ],
)  # fmt: skip
def test_a_wh_word_alone_asks_the_last_question_anew(said: tuple[Said, ...], expected: str) -> None:
    assert understood(*said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((SPY, ("What became of Moss?", "He lost his post."), "And Reed?"), "What became of Reed?"),
        ((SPY, ("What became of Moss?", "He lost his post."), "And Reed's?"), "What became of Reed?"),
        ((("What was Moss's view?", "He was against it."), "And Reed's?"), "What was Reed's view?"),
        ((CHINA, "What about China?"), "How did the party treat peasants in China?"),
        ((("What happened in Kars in 1927?", "A strike."), "And in 1928?"), "What happened in Kars in 1928?"),
        ((("What happened in Kars in 1927?", "A strike."), "and in Moscow?"), "What happened in Moscow in 1927?"),
        ((("What happened in Kars in 1927?", "A strike."), "1928?"), "What happened in Kars in 1928?"),
        ((("When did the weavers strike?", "In 1912."), "And the miners?"), "When did the miners strike?"),
        ((AXOLOTL, "Can it regrow its heart?", "What about newts?"), "Can newts regrow their heart?"),
        ((PETITION, "What did Weiss want?", "And the others?"), "What did Otto Brandt and Lena Vogt want?"),
        ((("Which post did Moss lose?", "The chair.", "The chair"), "And his successor?"), "Who was Moss's successor?"),
    ],
)  # fmt: skip
def test_a_phrase_alone_takes_the_place_of_its_parallel(said: tuple[Said, ...], expected: str) -> None:
    assert understood(*said) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who was Badayev?",
        "Why did Trotsky publish his letter?",
        "Did Lenin know that he was dying?",
        "Did the committee publish its report in Pravda?",
        "Is it true that Kars was burnt?",
        "Who was it that used the phrase in 1905?",
        "What was it about Georgia that shocked Lenin?",
        "How long did it take to reach Kars?",
        "Were there protests in Dunmore?",
        "What was in the letter that Reed wrote?",
        "What happened in Germany in November 1918?",
        'Who said "the wall must go"?',
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert readings(question, conversation(BOMB, JOFFE)) == [Reading(question, "as asked")]


def test_the_first_question_stands_alone_whatever_it_says() -> None:
    for question in ("Did it go off?", "Why?", "more", ""):
        assert readings(question, []) == [Reading(question, "as asked")]


def test_a_change_of_topic_drags_nothing_along_and_can_be_undone() -> None:
    before = (BOMB, "Did it go off?", ("Who was Badayev?", "Badayev was a deputy.", "a deputy"))
    assert understood(*before) == "Who was Badayev?"
    assert understood(*before, "Where did he live?") == "Where did Badayev live?"
    assert understood(*before, "Back to Lenin: when did he die?") == "When did Lenin die?"


def test_a_chain_of_follow_ups_keeps_its_thread() -> None:
    history = conversation(
        ("Who printed the platform?", "The platform was printed by Fishelev.", "Fishelev"),
        ("How many did he make?", "Several thousand copies were printed."),
        ("What was he accused of?", "He was accused of stealing paper.", "stealing paper"),
    )
    assert [t.answer.searched_for for t in history[1:]] == [
        "How many did Fishelev make?",
        "What was Fishelev accused of?",
    ]
    assert readings("And where did they send him?", history)[0].text.endswith("send Fishelev?")


def test_the_answer_to_who_becomes_he() -> None:
    before = (SPY, ("Who was speaking there?", "Lashevich was the speaker.", "Lashevich"))
    assert understood(*before) == "Who was speaking in the forest?"
    assert understood(*before, "What became of him?") == "What became of Lashevich?"


def test_a_reader_who_wants_more_gets_the_topic_with_what_was_not_shown_yet() -> None:
    for question in ("yes", "OK", "go on", "Tell me more", "more", "continue", "and then?"):
        (reading,) = readings(question, conversation(BOMB))
        assert (reading.text, reading.cue) == ("More about Lenin's bombshell", "more")
    assert readings("tell me more about it", conversation(BOMB))[0].text == "More about Lenin's bombshell"


def test_yes_after_an_abstention_asks_for_the_closest_passages() -> None:
    (reading,) = readings("yes", conversation("How many copies of the platform were sold?"))
    assert (reading.text, reading.cue) == ("How many copies of the platform were sold?", "closest")


def test_a_question_without_a_name_is_offered_as_asked_first_and_with_the_topic_second() -> None:
    assert offered("How many copies were printed?", BOMB) == [
        "How many copies were printed?",
        "How many copies were printed (Lenin's bombshell)?",
    ]
    letter = ("What was Trotsky's letter about?", "It was about the harvest.")
    assert "Who printed Trotsky's letter?" in offered("Who printed the letter?", letter)


def test_a_question_that_says_next_to_nothing_takes_the_topic_first() -> None:
    assert offered("What happened next?", BOMB)[0] == "What happened next (Lenin's bombshell)?"


def test_the_second_best_meaning_of_a_pronoun_is_offered_too() -> None:
    before = (("Did Moss help Reed?", "He did."),)
    assert offered("When did he die?", *before) == ["When did Moss die?", "When did Reed die?"]


def test_a_name_in_the_question_is_not_what_its_pronoun_means() -> None:
    assert (
        understood(("Did Moss help Reed?", "He did."), "What did he write to Moss?") == "What did Reed write to Moss?"
    )


def test_names_in_lower_case_get_their_capitals_from_the_conversation() -> None:
    assert understood(("Did Moss help Reed?", "He did."), "and did reed thank him?") == "Did Reed thank Moss?"


def test_another_language_is_offered_as_asked_and_behind_the_last_question() -> None:
    assert offered("Warum hat er das gesagt?", BOMB) == [
        "Warum hat er das gesagt?",
        "What was Lenin's 'bombshell'? Warum hat er das gesagt?",
    ]


def test_there_are_few_readings_and_none_twice() -> None:
    for question in ("When did he write it?", "What was the result?", "And the letter?", "Why?"):
        texts = offered(question, BOMB, JOFFE, FRAM)
        assert 1 <= len(texts) == len(set(texts)) <= MOST


def asked(*said: Said) -> tuple[str, ...]:
    """The wordings in which the last of the questions is put to the source."""
    *before, question = said
    history = conversation(*before)
    assert isinstance(question, str)
    offered = readings(question, history)
    text = offered[0].text
    return wordings(text, question, history) if leans_back(question, history, offered) else (text,)


def test_a_follow_up_is_also_asked_after_the_last_question() -> None:
    assert asked(BOMB, "Did it go off?") == (
        "Did Lenin's bombshell go off?",
        "What was Lenin's 'bombshell'? Did it go off?",
    )
    assert asked(BOMB, "And who gave the order for Kronstadt?")[1].endswith(
        "'bombshell'? And who gave the order for Kronstadt?"
    )


def test_a_question_that_stands_alone_is_asked_alone() -> None:
    assert asked("Who shot Kirov?") == ("Who shot Kirov?",)
    assert asked(BOMB, "Who shot Kirov?") == ("Who shot Kirov?",)
    assert len(asked(BOMB, "Tell me more")) == 1


@pytest.mark.parametrize("said", ["Thanks!", "?", "No.", "OK, great", "...", "thank you"])
def test_what_asks_nothing_is_not_completed(said: str) -> None:
    history = conversation(BOMB)
    assert readings(said, history)[0].cue in ("as asked", "more")
    assert len(asked(BOMB, said)) == 1


def test_a_long_question_before_leaves_room_for_the_follow_up() -> None:
    long = "What did Lenin " + "really " * 200 + "want?"
    assert asked(long, "And who shot Kirov?")[1].endswith("want? And who shot Kirov?")
    assert len(asked(long, "And who shot Kirov?")[1].split()) < 50


def test_no_one_does_not_go_on() -> None:
    assert len(asked(BOMB, "No one but Trotsky saw the so-called Kirov letter of 1934?")) == 1


def test_odd_input_is_no_obstacle() -> None:
    history = conversation(BOMB, JOFFE)
    for question in (
        "?",
        "...",
        "'",
        "and",
        "And ?",
        "what about",
        "it",
        "the",
        "“",
        "1" * 500,
        "his's",
        "the one",
        "of of of",
    ):
        assert readings(question, history)
        assert readings("Why did it?", [*history, turn(question, question, "It was so.")])


def test_the_same_conversation_is_understood_the_same_way_and_quickly() -> None:
    history = conversation(BOMB, JOFFE, FRAM, WALL, MILL)
    first = readings("When did he leave there?", history)
    started = time.process_time()
    for _ in range(50):
        assert readings("When did he leave there?", history) == first
    assert (time.process_time() - started) / 50 < 0.02


def test_follow_ups_are_measured_against_rewrites() -> None:
    title = ["Ida Moss", "Life"]
    first = {"Question_no": 1, "History": title, "Question": "Who was she?", "Rewrite": "Who was Ida Moss?"}
    second = {
        "Question_no": 2,
        "History": [*title, "Who was she?", "a weaver"],
        "Question": "When did she die?",
        "Rewrite": "When did Ida Moss die?",
    }
    rows = [{"QuAC_dialog_id": "a", **row} for row in (first, second)]
    figures, asked = followups.measure(rows)
    assert [one.readings[0].text for one in asked] == ["When did Ida Moss die?"]
    assert figures["first reading"].unigram == 1.0 and figures["first reading"].names_found == 1
    assert figures["as asked"].names_found == 0
