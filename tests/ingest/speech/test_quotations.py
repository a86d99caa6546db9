"""Which quoted words are speech, and whose."""

from __future__ import annotations

import pytest

from ingest.structure import find_structure
from vectorstore.types import Format


def said(text: str, format: Format = "plain") -> list[tuple[str, str | None]]:
    """Each quotation as (its first 18 characters, its speaker)."""
    return [(text[q.start : q.end][:18], q.speaker) for q in find_structure(text, format).quotations]


def speakers(text: str, format: Format = "plain") -> list[str | None]:
    return [speaker for _, speaker in said(text, format)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The reef is bleaching faster than we feared”, wrote Okafor in his field notes.", ["Okafor"]),
        ("“The reef is bleaching faster than we feared,” said Dr. Amara Okafor, a biologist.", ["Dr. Amara Okafor"]),
        ("“We found no trace of lead,” Lindqvist told reporters on Friday.", ["Lindqvist"]),
        ("“Where did the bells go?” asked the old sexton.", ["the old sexton"]),
        ("“The bridge cannot carry lorries,” according to the head of the guild.", ["the head of the guild"]),
        ("“The bridge cannot carry lorries.” According to Vale, it can.", [None]),
        ("“The bridge cannot carry lorries,” the report concludes.", ["the report"]),
        ("“The bridge cannot carry lorries,” according to the council’s engineer.", ["the council’s engineer"]),
        ("“It sings in the frost,” explained Marta Ruiz. “Then it stops.”", ["Marta Ruiz", "Marta Ruiz"]),
        ("“Take the north path”, advised Keller, “but leave before noon.”", ["Keller", "Keller"]),
        ("“Take the north path,” advised Keller. “It is dry.” The south path floods.", ["Keller", "Keller"]),
        ("'I never saw the ferry,' said Harriet Cole.", ["Harriet Cole"]),
        ("‘I never saw the boys’ boat,’ said Harriet Cole.", ["Harriet Cole"]),
        ("« Le pont est fermé », wrote Duval in his log that evening.", ["Duval"]),
        ("„We close at six and not a minute later“, explained Weber.", ["Weber"]),
        ('"We close at six," said Weber. "Not a minute later."', ["Weber", "Weber"]),
    ],
)
def test_tag_behind(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Brook replied: “The mill burned twice in one winter.”", ["Ada Brook"]),
        ("Ada Brook said, “The mill burned twice in one winter.”", ["Ada Brook"]),
        ("Ada Brook, the miller’s niece, recalled the night: “We carried water until dawn.”", ["Ada Brook"]),
        ("Brook’s second letter ended: “We carried water until dawn.”", ["Brook"]),
        ("According to the logbook: “Wind from the west, two sails torn.”", ["the logbook"]),
        ("The inquiry warned that the “present state of the harbour wall invites another breach.”", ["The inquiry"]),
        ("In March, the Harbour Board declared: “No vessel may anchor here.”", ["the Harbour Board"]),
        (
            "The town’s first diver, Tomas Vale, told Radio Marsh that diving there was “a gamble with a patient sea”.",
            ["Tomas Vale"],
        ),
        ("According to Brook and Ada Vale: “Nobody came in by the gate.”", ["Brook and Ada Vale"]),
        ("Likewise he was calm, saying “Nobody ever came in by the gate on such a night”.", [None]),
        ("Brook, who kept the keys, wrote: “Nobody came in by the gate.”", ["Brook"]),
        ("The wall was described by Tomas Vale as “a heap of good intentions”.", ["Tomas Vale"]),
        ("Brook was asked to explain the smoke: “Nobody came in by the gate.”", ["Brook"]),
        ("Brook and Vale argued: “Nobody came in by the gate that night.”", ["Brook and Vale"]),
        ("The reply of the Board accused Vale of “hiding the cracks from every inspector who came.”", ["the Board"]),
        ("After the flood, P. J. Moran [mayor until 1911. He later left] admitted: “We were warned.”", ["P. J. Moran"]),
    ],
)
def test_speaker_named_before(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vale opened the sluice. “It was that or lose the town”, he wrote later.", ["Vale"]),
        ("Vale warns of silt: “The channel is half gone.” He went on to say: “Dredge it now.”", ["Vale", "Vale"]),
        ("The Board met in May. It declared: “No vessel may anchor here.”", ["The Board"]),
        ("Such was the noise that Vale lost patience when he told Brook: “Stop the pumps.”", ["Vale"]),
        ("Mr Vale met Mrs Brook. “I was not consulted at all,” she said.", [None]),
    ],
)
def test_pronouns(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “ghost orchid” grows here.",
        "Her novel “The Long Winter of the Lighthouse” sold well.",
        "They spoke of “progress” and of “order” all day.",
        "He joined the “Friends of the Old Harbour” in 1902.",
        "The campaign against “modernism” went on, said nobody.",
        "In “The Tide Tables”, Vale warns of silt.",
        "Moran taught a creed called “a stern and hopeful kind of worship”.",
        "They were classed by what is termed “driftwood” according to the higher guilds.",
        "It was 5'10\" tall and the dogs' bowls were full, 'twas said.",
        "An unclosed “quotation runs on. And the paragraph goes on without it.",
    ],
)
def test_titles_and_scare_quotes_are_no_speech(text: str) -> None:
    assert said(text) == []


def test_nobody_named() -> None:
    assert speakers("A sign hung there. “Beware of the heron that lives below the mill.”") == [None]
    assert speakers("The wall was described as “a heap of good intentions and very little mortar”.") == [None]


def test_quoted_words_of_others_are_not_the_quoters() -> None:
    assert speakers("Vale quotes an old pilot’s saying: “Trust the lead and not the chart.”") == [None]


def test_quotation_over_paragraphs() -> None:
    text = (
        "Vale’s report concluded:\n\n“The channel is half gone. We saw it.\n\n“The wall will follow it.\n\n"
        "“Then the town.”\n\nNobody listened."
    )
    structure = find_structure(text)
    assert [block.kind for block in structure.blocks] == ["prose", "quotation", "quotation", "quotation", "prose"]
    assert speakers(text) == ["Vale"] * 3
    assert [block.speaker for block in structure.blocks[1:4]] == ["Vale"] * 3


def test_a_caption_does_not_interrupt_a_quotation() -> None:
    text = "Vale wrote:\n\n“The channel is gone.\n\nPhoto: Harbour archive\n\n“The wall will follow.”\n\nSo it did."
    assert speakers(text) == ["Vale", "Vale"]


def test_tag_in_the_first_of_several_paragraphs() -> None:
    text = (
        "“The word ‘breakwater’ is older than the harbour”, wrote Vale.\n\n“In the old charters, it means a row of "
        "stakes. Nobody built in stone before 1780.\n\n“The first stone came by sea.”\n\nThat is disputed."
    )
    assert speakers(text) == ["Vale"] * 3


def test_signature_under_an_epigraph() -> None:
    text = (
        "The Harbour\n\n“We built it twice.”\n\n“The sea was patient.”\n\nTomas Vale, 4 May 1921\n\nThe harbour is old."
    )
    structure = find_structure(text)
    assert speakers(text) == ["Tomas Vale", "Tomas Vale"]
    assert [block.kind for block in structure.blocks] == ["heading", "quotation", "quotation", "note", "prose"]


def test_source_note_names_the_author() -> None:
    text = (
        "In 1935 there was an interview:\n\n“I remember the tide of that year.” (Vale, Against the Sea)\n\nSo it was."
    )
    assert speakers(text) == ["Vale"]
    assert speakers("A sign: “I remember the tide of that year.” (Collected Notices, p. 7)") == [None]


def test_a_tag_outweighs_a_source_note() -> None:
    assert speakers("“I remember the tide,” said Brook. “It rose.” (Vale, Against the Sea, p. 3)") == ["Brook", "Brook"]


def test_nested_quotation_is_part_of_the_outer() -> None:
    text = "Brook recalled: “My father said ‘never sell the boat’ and we never did.”"
    assert said(text) == [("“My father said ‘n", "Brook")]


def test_remark_between_quotations() -> None:
    text = "“You hid the plans”, shouted Vale. “You burned them.” [Laughter.] He continued: “We kept copies.”"
    assert speakers(text) == ["Vale", "Vale", "Vale"]


def test_two_fragments_of_one_sentence() -> None:
    text = (
        "The Board accused Vale of “wanting to wreck the harbour” and of plans that “would ruin every honest skipper.”"
    )
    assert speakers(text) == ["The Board", "The Board"]


def test_document_named_by_the_sentence_before() -> None:
    text = (
        "In May 12 skippers issued a statement known as “The Petition of the Quay”. “We can no longer land our fish.”"
    )
    assert speakers(text) == ["The Petition of the Quay"]


def test_markdown_block_quotes() -> None:
    text = "Vale wrote in his diary:\n\n> The channel is gone.\n>\n> So is the wall.\n\nHe was right.\n"
    assert speakers(text, "markdown") == ["Vale", "Vale"]
    signed = "Some words:\n\n> The channel is gone.\n\n— Tomas Vale\n\nHe was right.\n"
    assert speakers(signed, "markdown") == ["Tomas Vale"]
    within = "Some words:\n\n> The channel is gone.\n>\n> — Tomas Vale, keeper of the lock\n\nHe was right.\n"
    assert speakers(within.replace("words:", "words."), "markdown") == ["Tomas Vale"]
    assert speakers("A warning.\n\n> Wet paint on the second floor.\n\nMind it.\n", "markdown") == []


def test_emphasis_marks_do_not_hide_a_tag() -> None:
    assert speakers("*“The wall will go”*, wrote Vale that night.", "markdown") == ["Vale"]


def test_list_items_in_markdown() -> None:
    assert speakers("- “The wall will go”, wrote Vale.\n- “It will not”, answered Brook.", "markdown") == [
        "Vale",
        "Brook",
    ]
