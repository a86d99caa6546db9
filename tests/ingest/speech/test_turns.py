"""Turns of conversations: who speaks each sentence, and texts that are no conversation."""

from __future__ import annotations

import time

import pytest

from ingest.layout.furniture import find_hidden
from ingest.passages import sentence_spans
from ingest.structure import find_structure
from vectorstore.types import Document, Format, shown_text, text_sha256

Said = list[tuple[str | None, str]]


def said(text: str, format: Format = "plain") -> Said:
    """The sentences with their speakers, labels included."""
    document = Document("d", "D", text, text_sha256(text), "test:d", format, hidden=find_hidden(text, format))
    words = shown_text(document)
    structure = find_structure(words, format)
    spans = [span for spans in sentence_spans(words, structure) for span in spans]
    everything = "".join("".join(words[span.start : span.end].split()) for span in spans)
    assert everything == "".join(words.split())
    return [(span.speaker, " ".join(words[span.start : span.end].split())) for span in spans]


TALK = {
    "minutes": "Council\n\nCHAIR: We begin. What of it?\n\nMR. BOONE: I disagree. Lease.\n\nCHAIR: Thank you.\n",
    "in one block": "CHAIR: We begin. What of the crane?\nMR. BOONE: I disagree. Lease one.\nCHAIR: Thank you.\n",
    "mixed case": "Kunz: We begin. What of the crane?\n\nJon Boone: I disagree. Lease one.\n\nKunz: Thank you.\n",
    "roles": "Kunz (chair): We begin. What of it?\n\nJon Boone (mate): I disagree.\n\nKunz (chair): Thank you.\n",
    "windows": "CHAIR: We begin. What of it?\r\n\r\nMR. BOONE: I disagree.\r\n\r\nCHAIR: Thank you.\r\n",
    "play": "ACT I\n\nCHAIR\nWe begin. What of it?\n\nBOONE\nI disagree.\n\nCHAIR\nThank you.\n\nBOONE\nNo.\n",
    "stops": "ACT I\n\nCHAIR. We begin. What of it?\n\nBOONE. I disagree.\n\nCHAIR. Thank you.\n\nBOONE. No.\n",
    "times before": "[00:01] CHAIR: We begin.\n[00:07] MR. BOONE: I disagree.\n[01:02] CHAIR: Thank you.\n",
    "sent": "[12/05/2021, 23:59:11] CHAIR: We begin.\n[13/05/2021, 00:04:02] MR. BOONE: I disagree.\n"
    "[13/05/2021, 08:05:40] CHAIR: Thank you.\n",
    "sent on": "5/12/21, 11:59 PM - CHAIR: We begin.\n5/13/21, 12:04 AM - MR. BOONE: I disagree.\n"
    "5/13/21, 8:05 AM - CHAIR: Thank you.\n",
    "times behind": "Call\n\nAda Fell  0:03\nWe begin.\n\nJon Boone  0:09\nI disagree.\n\nAda Fell  1:02\nThank you.\n",
    "chat": "<ada> we begin\n<jon> I disagree\n<ada> thanks\n",
}


@pytest.mark.parametrize("kind", TALK)
def test_the_speaker_of_a_turn_is_the_speaker_of_its_sentences(kind: str) -> None:
    found = said(TALK[kind])
    speakers = {words.split()[-1].strip(".?"): speaker for speaker, words in found if speaker}
    assert len(set(speakers.values())) == 2
    opening, answer = speakers["begin"], speakers["disagree"]
    assert opening is not None and answer is not None and opening != answer
    assert ("oone" in answer or "OONE" in answer or answer == "jon") and "0" not in answer and "(" not in answer


def test_a_voice_of_subtitles_goes_on_from_cue_to_cue() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ada Fell>The boat left\n\n"
        "00:04.000 --> 00:05.000\n<v Ada Fell>at nine.\n\n"
        "00:15.000 --> 00:16.000\n<v Ada Fell>It sank.\n\n00:16.000 --> 00:17.000\n<v Jon Orme>When?\n"
    )
    assert said(text) == [
        ("Ada Fell", "Ada Fell>The boat left at nine."),
        ("Ada Fell", "Ada Fell>It sank."),
        ("Jon Orme", "Jon Orme>When?"),
    ]


def test_a_closed_voice_ends_with_its_cue() -> None:
    cues = ["<v Ada Fell>The boat left.</v>", "It was built in 1871.", "Nobody knows more.", "<v Jon Orme>When?</v>"]
    text = "WEBVTT\n\n" + "\n\n".join(f"00:0{at}.000 --> 00:0{at + 1}.000\n{cue}" for at, cue in enumerate(cues))
    assert said(text) == [
        ("Ada Fell", "Ada Fell>The boat left."),
        (None, "It was built in 1871."),
        (None, "Nobody knows more."),
        ("Jon Orme", "Jon Orme>When?"),
    ]


def test_an_open_voice_goes_on_until_another() -> None:
    cues = ["<v Ada Fell>The boat left.", "It sank.", "[music]", "<v Jon Orme>When?", "Where?"]
    text = "WEBVTT\n\n" + "\n\n".join(f"00:{at}0.000 --> 00:{at}1.000\n{cue}" for at, cue in enumerate(cues))
    assert said(text) == [
        ("Ada Fell", "Ada Fell>The boat left."),
        ("Ada Fell", "It sank."),
        (None, "[music]"),
        ("Jon Orme", "Jon Orme>When?"),
        ("Jon Orme", "Where?"),
    ]


def test_arrows_of_a_change_are_no_voice() -> None:
    assert said("00:01,0 --> 00:02,0\nIt cost 318 pounds >> they say.\n\n00:02,0 --> 00:03,0\nNo.\n") == [
        (None, "It cost 318 pounds >> they say."),
        (None, "No."),
    ]


def test_markdown_labels_and_a_second_paragraph() -> None:
    text = (
        "# Talk\n\nWe met in June.\n\n**Kunz:** When?\n\n**Fell:** In 1931. I know.\n\nIt was red.\n\n**Kunz:** Who?\n"
    )
    assert said(text, "markdown")[1:] == [
        (None, "We met in June."),
        ("Kunz", "**Kunz:** When?"),
        ("Fell", "**Fell:** In 1931."),
        ("Fell", "I know."),
        ("Fell", "It was red."),
        ("Kunz", "**Kunz:** Who?"),
    ]


def test_nobody_speaks_stage_directions_or_what_follows_the_last_turn() -> None:
    text = "ADA: I go. You stay?\n\nExit ADA.\n\n[Laughter]\n\nJON: I stay.\n\nADA: Good!\n\n"
    text += "The record was kept by Li Wei.\n"
    spoken = dict((words, speaker) for speaker, words in said(text))
    assert spoken["Exit ADA."] is None and spoken["[Laughter]"] is None
    assert spoken["The record was kept by Li Wei."] is None and spoken["JON: I stay."] == "JON"


def test_questions_and_answers_without_names_have_no_speaker() -> None:
    found = said("Ferry\n\nQ: May I bring a dog?\nA: You may.\n\nQ: When does it leave?\nA: At nine.\n")
    assert found[1:] == [
        (None, "Q: May I bring a dog?"),
        (None, "A: You may."),
        (None, "Q: When does it leave?"),
        (None, "A: At nine."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Crew\n\nCaptain: Ida Holm\nMate: Jon Sparre\nCook: Per Lund\n\nThe ship is old.\n",
        "Boats\n\nName: Petrel\nCaptain: Ida Holm\n\nName: Skua\nCaptain: Jon Sparre\n",
        "Note: You need an oven. Ask us.\n\nMix it.\n\nNote: Do not use salt!\n\nWarning: It is hot. You may burn.\n",
        "METHODS\nWe asked you.\n\nRESULTS\nWe found it.\n\nCONCLUSIONS\nWe are done.\n",
        "The author writes: I was there. Then: you know. Roe: never.\n\nAnd so it ends, as we said.\n",
        "Agency: Parks\n\nJob Number:\nVN-8\n\nOther:\nYou may apply.\n\nJob Number:\nVN-9. You may apply, too.\n",
        "Fell wrote to Boone: I cannot.\n\nBoone wrote to Fell: you must.\n\nFell wrote to Boone: I will not.\n",
    ],
)
def test_what_is_no_conversation_has_no_turns(text: str) -> None:
    assert {speaker for speaker, _ in said(text)} == {None}


def test_a_credit_before_the_first_turn_and_a_line_in_a_play_are_nobody_s() -> None:
    talk = said(
        "Clocks\n\nText: Pavel Brandl\n\nKunz: When was it?\n\nFell: In May.\n\nKunz: And you?\n\nFell: Then too.\n"
    )
    assert talk[1] == (None, "Text: Pavel Brandl") and [speaker for speaker, _ in talk[2:]] == ["Kunz", "Fell"] * 2
    play = said("ACT I\n\nTILDA. I go.\n\nRASK. Wait.\n\nHe sits down.\n\nTILDA. No.\n\nRASK. Yes.\n")
    assert (None, "He sits down.") in play and ("RASK", "RASK. Wait.") in play


def test_the_title_of_a_play_speaks_nothing() -> None:
    text = "THE LAST LANTERN\nA play by Ada Fell\n\n" + TALK["stops"]
    assert said(text)[0][0] is None and {speaker for speaker, _ in said(text)} == {None, "CHAIR", "BOONE"}


@pytest.mark.parametrize(
    "line",
    [
        "On 3 February 2013, Leo Brandt <leo@quay.example> wrote:\n",
        "On Mon, Feb 3, 2013 at 9:15 AM Leo Brandt\n<leo@quay.example> wrote:\n\n",
        "On Tue, 4 May 2011 at 18:01, Leo Brandt wrote:\n",
        "Leo Brandt writes:\n",
    ],
)
@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_what_a_letter_quotes_is_said_by_whom_it_answers_and_what_that_one_quotes_by_nobody(
    line: str, format: Format
) -> None:
    text = f"Dear Ada,\n\nthe organ is sold.\n\n{line}> I keep the organ.\n> It is dear.\n>> Sell it.\n> No.\n\nYours\n"
    speakers = {words.removeprefix(" ".join(line.split())): speaker for speaker, words in said(text, format)}
    quoted = [speaker for words, speaker in speakers.items() if "keep" in words or "dear" in words]
    assert quoted == ["Leo Brandt", "Leo Brandt"]
    assert {speaker for words, speaker in speakers.items() if "Sell" in words or "sold" in words} == {None}


TERMS = """INTEGER: VALUE holds a number; it is set if LEN != 0.

BIT STRING: VALUE holds bits, if LEN != 0.

CHOICE: VALUE names one of the members.

ANY: VALUE holds what was coded before.

INTEGER: the number is returned.

How do you use it?

You call open() before anything else. We recommend to check what it returns.
"""


def test_a_list_of_terms_is_no_talk_whatever_the_text_behind_it_says() -> None:
    assert {speaker for speaker, _ in said(TERMS)} == {None}


INTERLEAVED = """Dear Jon,

On 3 May 2011, Jon Orme wrote:
> I keep the organ, for it is
> dear to me.
It is sold.
> Who bought it?

The school did.

> And the bell?
>> Sell it,
>> said Tea.
> No.

Yours, Ada
"""


@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_an_answer_between_the_lines_is_not_said_by_who_is_quoted(format: Format) -> None:
    speakers = {words.lstrip("> "): speaker for speaker, words in said(INTERLEAVED, format)}
    theirs = {"Who bought it?", "And the bell?", "No."}
    assert {speakers[words] for words in theirs} == {"Jon Orme"}
    assert any("organ, for it is dear to me." in words for words, speaker in speakers.items() if speaker == "Jon Orme")
    if format == "plain":  # in Markdown a line right below a quotation goes on with it
        assert speakers["It is sold."] == "Ada"
    assert speakers["The school did."] == "Ada" and speakers["Sell it, said Tea."] != "Jon Orme"


def test_fields_of_a_long_notice_are_no_turns_of_a_conversation() -> None:
    field = "AGENCY: Harbour Office.\n\nMail: You may write to the office.\n\nCONTACT: Una Holm, harbour master.\n\n"
    body = "".join(
        f"The pier was measured for the {number}th time, and its planks were counted.\n\n" for number in range(80)
    )
    assert not find_structure(field + body + field + body).quotations


@pytest.mark.parametrize("more", [1, 3, 14])
def test_a_turn_may_have_many_paragraphs(more: int) -> None:
    words = "The harbour was measured again in the spring, and the council has paid for the new crane, as it said. " * 4
    asked = [f"Kunz: What did you do in {year}?\n\nBoone: I went to sea.\n\n" for year in range(1900, 1906)]
    text = "".join(one + f"{words}\n\n" * more for one in asked)
    assert {speaker for speaker, _ in said(text)} >= {"Kunz", "Boone"}


def test_the_cast_of_a_play_is_not_said_by_a_form_of_address() -> None:
    text = (
        "THE COAT\n\nMR. PELL, a tailor.\nDR. VANE, a lodger.\n\nMR. PELL. Who are you?\n\nDR. VANE. I am late.\n\n"
        "MR. PELL. You owe me nine.\n\nDR. VANE. I do."
    )
    assert {speaker for speaker, _ in said(text)} == {None, "MR. PELL", "DR. VANE"}


def test_numbers_of_chapters_are_no_speakers() -> None:
    names = ["Loans", "Gifts", "Records", "Fines", "Terms", "Appeals"]
    numbers = ["II", "III", "IV", "V", "VI", "VII"]
    chapters = [f"{number}. {name} to Members" for number, name in zip(numbers, names, strict=True)]
    words = "We lend nothing to our members, and you may ask the treasurer why."
    text = "\n\n".join(["RULES", *chapters, *(f"{chapter}\n\n{words}" for chapter in chapters)])
    structure = find_structure(text)
    assert not structure.quotations
    assert {block.section for block in structure.blocks if text[block.start : block.end] == words} >= set(chapters[1:])


def test_answers_that_are_names_are_turns() -> None:
    text = (
        "Ada: Who won the race?\nBen: Karl Holm\nAda: And who was second?\nBen: Lena Reyes\n"
        "Ada: Who came third, do you know?\nBen: Lena Holm and Marta Oduya"
    )
    assert {speaker for speaker, _ in said(text)} == {"Ada", "Ben"}


def test_many_names_in_a_field_are_read_at_once() -> None:
    started = time.perf_counter()
    field = f"Missing: Ada{' and Bo' * 40} came late.\n"
    said(f"Ada: Who is there?\n{field}Ada: We begin, do you agree?\nBen: Yes, I agree.\nAda: Do you?\nBen: I do.\n")
    assert time.perf_counter() - started < 5


def test_fields_of_minutes_that_hold_names_are_no_turns() -> None:
    text = (
        "Attendees: Ada Fell, Otto Lind\nMissing: Jon Orme\n\nFacilitator: Otto, Notes: Ada + Jon\n\n"
        "Ada: Shall we begin?\n\nOtto: I think we should.\n\nAda: Then I propose that we buy the lamp.\n\nOtto: Agreed."
    )
    assert {speaker for speaker, _ in said(text)} == {None, "Ada", "Otto"}
