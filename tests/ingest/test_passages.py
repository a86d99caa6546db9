"""Passages: whole sentences, within the model's limit, nothing lost, nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.passages import split_passages
from vectorstore.embedded_text import embedding_text
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import Document, Format, Passage, text_sha256

SENTENCE = "The harbour was built in 1780 and has been repaired many times since, mostly badly."


def document(text: str, title: str = "A Harbour", format: Format = "plain") -> Document:
    return Document("harbour", title, text, text_sha256(text), "file", format)


def check(doc: Document, passages: list[Passage], embedder: Embedder) -> None:
    """Every promise of a passage: order, no overlap, coverage, stripped sentences, the token limit, one id each."""
    text, at, inside = doc.text, 0, 0
    for passage in passages:
        assert at <= passage.start < passage.end <= len(text)
        assert not text[at : passage.start].strip()
        at = passage.end
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        inside = passage.start
        for sentence in passage.sentences:
            assert inside <= sentence.start < sentence.end
            assert not text[inside : sentence.start].strip()
            assert text[sentence.start : sentence.end] == text[sentence.start : sentence.end].strip()
            inside = sentence.end
    assert not text[at:].strip()
    embedded = [embedding_text(doc.title, passage.section, text[passage.start : passage.end]) for passage in passages]
    assert all(count <= embedder.max_tokens for count in embedder.count_tokens(embedded))
    assert len({passage.id for passage in passages}) == len(passages)


def split(text: str, embedder: Embedder, title: str = "A Harbour", format: Format = "plain") -> list[Passage]:
    doc = document(text, title, format)
    passages = split_passages(doc, embedder)
    check(doc, passages, embedder)
    return passages


def test_a_paragraph_is_kept_whole(embedder: Embedder) -> None:
    paragraph = " ".join([SENTENCE] * 9)
    assert [len(p.sentences) for p in split(f"{paragraph}\n\n{paragraph}", embedder)] == [9, 9]


def test_a_long_paragraph_is_cut_into_even_parts(embedder: Embedder) -> None:
    assert [len(p.sentences) for p in split(" ".join([SENTENCE] * 18), embedder)] == [6, 6, 6]


def test_short_neighbours_are_joined_within_a_section(embedder: Embedder) -> None:
    text = f"# A\n\n{SENTENCE}\n\n{SENTENCE}\n\n## B\n\n{SENTENCE}\n\n![x](y)\n\n{SENTENCE}"
    found = [(p.kind, p.section, len(p.sentences)) for p in split(text, embedder, format="markdown")]
    assert found == [
        ("heading", "", 1), ("prose", "", 2), ("heading", "B", 1), ("prose", "B", 1), ("caption", "B", 1),
        ("prose", "B", 1),
    ]  # fmt: skip


def test_a_lead_in_goes_with_its_quotation(embedder: Embedder) -> None:
    quotation = "“The wall is gone. The town will follow it one day.”"
    text = f"{' '.join([SENTENCE] * 9)}\n\nVale wrote:\n\n{quotation}\n\nHe was right."
    passages = split(text, embedder)
    lead = next(p for p in passages if text[p.start : p.end].startswith("Vale wrote"))
    assert [(s.kind, s.speaker) for s in lead.sentences] == [
        ("prose", None), ("quotation", "Vale"), ("quotation", "Vale"), ("prose", None),
    ]  # fmt: skip
    assert (lead.kind, lead.speaker) == ("quotation", "Vale")


def test_kinds_and_speakers_of_sentences(embedder: Embedder) -> None:
    text = (
        "Vale, who had built the wall and never forgave those who let it fall, called it “a wall of honest stone”. "
        "“It was honest stone, every yard of it”, he said. (Brook, Tides, p. 3)"
    )
    (passage,) = split(text, embedder)
    assert [(s.kind, s.speaker) for s in passage.sentences] == [("prose", None), ("quotation", "Vale"), ("note", None)]


@pytest.mark.parametrize(
    ("lead", "kind", "speaker"),
    [
        ("In the harbour office Thomas Vale told his clerks", "quotation", "Thomas Vale"),  # nine words
        ("In the old harbour office Thomas Vale told his clerks", "prose", None),  # ten, the speaker's name among them
        ("In the old and cold harbour office he told his clerks", "quotation", "Thomas Vale"),  # named before
    ],
)
def test_a_sentence_with_much_of_the_texts_own_is_the_texts_where_it_names_the_speaker(
    lead: str, kind: str, speaker: str | None, embedder: Embedder
) -> None:
    quoted = f"“{' '.join(['The wall was sound when I left it, every yard of it.'] * 4).replace('. The', ', and the')}”"
    text = f"Thomas Vale had built the wall. {lead}: {quoted}"
    (passage,) = split(text, embedder)
    assert [(s.kind, s.speaker) for s in passage.sentences] == [("prose", None), (kind, speaker)]


def test_letters_keep_their_signer_and_their_numbers(embedder: Embedder) -> None:
    letter = "Dear colleagues,\n\n1. The wall was sound.\n\n2. The sea was not.\n\n(Signed) T. Vale"
    text = f"{SENTENCE}\n\n{letter}\n\n{SENTENCE}"
    passages = split(text, embedder)
    assert [(p.kind, p.speaker) for p in passages] == [("prose", None), ("letter", "T. Vale"), ("prose", None)]
    assert "1. The wall was sound." in [text[s.start : s.end] for s in passages[1].sentences]


def test_a_sentence_over_the_limit_is_cut_at_clauses(embedder: Embedder) -> None:
    text = ", ".join(["the wall of grey stone that was built in the year of the great storm"] * 60) + "."
    pieces = [s for p in split(text, embedder) for s in p.sentences]
    assert len(pieces) > 3
    assert all(text[s.end - 1] in ",." for s in pieces)


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "我" * 3_000, "ab-" * 4_000, "🙂" * 3_000, "\u0301" * 5_000, "\u200b" * 9_000]
)
def test_text_without_blanks(text: str, embedder: Embedder) -> None:
    assert split(text, embedder)


def test_long_titles_and_sections(embedder: Embedder) -> None:
    text = f"# {'Wall ' * 60}\n\n{' '.join([SENTENCE] * 30)}\n\n## {'Tide ' * 60}\n\n{' '.join([SENTENCE] * 30)}"
    assert split(text, embedder, title="Storm " * 60, format="markdown")


@pytest.mark.parametrize("text", ["", " \n\t\r\n ", "\u2003"])
def test_nothing(text: str, embedder: Embedder) -> None:
    assert split(text, embedder) == []


def test_an_edit_leaves_the_other_ids(embedder: Embedder) -> None:
    paragraphs = [" ".join([f"Wall {n} was built."] + [SENTENCE] * 7) for n in range(6)]
    before = split("\n\n".join(paragraphs), embedder)
    paragraphs[2] = "A new beginning. " + paragraphs[2]
    after = split("\n\n".join(paragraphs), embedder)
    assert len({p.id for p in before} & {p.id for p in after}) == 5


def test_repeated_paragraphs_have_ids_of_their_own(embedder: Embedder) -> None:
    assert len(split("\n\n".join([" ".join([SENTENCE] * 8)] * 20), embedder)) == 20


PIECES = [
    SENTENCE + " ", "\n\n", "\n", "# H\n\n", "> ", "- ", "“", "”", "Vale said: ", "[n] ", "Photo: x\n\n", "\r\n",
    "我们走。", "🙂", "שלום עולם. ",
    "e\u0301 ", "\u200b", "x" * 300, "Dear A,\n\n", "(Signed) B\n\n", "| a |\n|---|\n",
    "... ", "?!",
]  # fmt: skip


TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


@settings(max_examples=80, deadline=None)
@given(text=TEXTS, marked=st.booleans(), title=st.text(max_size=20))
def test_any_text(embedder: Embedder, text: str, marked: bool, title: str) -> None:
    split(text, embedder, title, "markdown" if marked else "plain")
