"""What a question takes for granted, and the source says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.check.asked.otherwise import Held, differs_most, only_until, says_otherwise
from assistant.check.typed.comparing import compare
from assistant.check.wording.words import claim_words
from assistant.citation import cite
from assistant.reader.runtime import load_reader
from ingest.loading import load_file
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import ingest_loaded
from tests.assistant.check.typed.sources import window_of
from vectorstore.embedding.models import load_embedder
from vectorstore.index import Index

TEXT = """# The bakery of Torsay

Marta Oduya opened the bakery of Torsay in 1903. The mayor, Karl Reyes, had refused to give her a licence until then.
In 1911 her brother Jan Oduya planned to turn the bakery into a dance hall, but the street prevented it. Her cook
Lena Holm left the town in 1914, and Marta Oduya paid for the journey. Karl Reyes voted against the new market hall.
Clara Holm became mayor in 1924 and was the first to win twice. Her niece, Ines Holm, became a clerk in 1930. Ines
became mayor in 1938. Nils Holm never became mayor. The harbour shop was opened in 1906 by Nils Holm. The harbour shop
closed in 1933. The captain of the ferry survived the storm of 1915; the pilot did not. In the end Marta Oduya
declined the medal of the town.

The upper mill was built by Karl Reyes in 1880. It has two wheels and a tin roof.

The lower mill was built by Lena Holm in 1906. It has one wheel and a slate roof.

Clara Holm was the only member of the board who opposed selling the ferry. Jan Oduya was offered the post of
harbour master in 1925 and turned it down. The bakers went on strike in 1929 over wages. The strike failed.
The strike of the tailors began in May 1931.

Ines Orr was the youngest of five children of a pharmacist. Her father wanted her to become a teacher; her aunt Rosa,
a midwife, paid for her studies, because the university at home did not admit women. In Turku she was the pupil of the
botanist Emil Kast and in 1883 became the first woman there who was made a doctor of the sciences. The professor Otto
Lenz got the post at the botanical garden.

Ines Orr became a lecturer in 1900, but was never made a professor.

The council did not sell the windmill to Udo Marsh in 1926. It sold it to Piet Holm in 1928. The grain tax was not
raised in 1927. It was raised in 1929. The school was too poor to pay for the bell; the Berg trust paid. The museum
owned no boat until 1961, when the last pilot left it one.

In 1934 the guild asked the county to repaint the gate; the county would not, and the bakers painted it. Nils Holm
asked the guild to sell him the lane. Orla Finch was offered the cup of the guild; she declined it. Her pupil Tom Vane
accepted the cup a year later. In 1936 the guild did not make her master; it chose Ada Roe. The county declined to
contribute to the clock tower, and the guild paid for the clock.

The play of the tailors was staged in Torsay, at the old Corn Hall, on Monday, 4 May 1931; in Brae, at the Sailors'
Hall, on Friday, 12 June 1931; and in Oslo, at the Little Theatre, on Sunday, 9 January 1932.

If a baker fails to deliver ten loaves in a day, the guild takes two coins. A baker gets four coins for each day.
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    file: Path = tmp_path_factory.mktemp("otherwise") / "bakery.md"
    file.write_text(TEXT, encoding="utf-8")
    with Index.open(file.parent / "index", load_embedder(), splitter=SPLITTER_VERSION, owner="tests") as opened:
        ingest_loaded(load_file(file), opened)
        yield opened


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When was the bakery turned into a dance hall?", "planned to turn"),
        ("Why did Lena Holm pay for the journey?", "Marta Oduya paid"),
        ("Why did Karl Reyes vote for the new market hall?", "voted against"),
        ("How did the pilot survive the storm of 1915?", "the pilot did not"),
        ("Why did Marta Oduya accept the medal of the town?", "declined the medal"),
        ("Why did Clara Holm want to sell the ferry?", "opposed selling"),
        ("When did Jan Oduya accept the post of harbour master?", "turned it down"),
        ("Why did the strike of 1929 succeed?", "The strike failed"),
        ("Why did the county repaint the gate in 1934?", "the county would not"),
        ("Why did Orla Finch accept the cup of the guild?", "she declined it"),
        ("Why did the county contribute to the clock tower?", "declined to contribute"),
        ("When did the council sell the windmill to Udo Marsh?", "did not sell the windmill"),
    ],
)
def test_a_word_in_which_they_differ_speaks_against_any_question(index: Index, question: str, words: str) -> None:
    shown = says_otherwise(question, index, load_reader(), sure=0.99) or ()
    assert words in " ".join(sentence.text for sentence in shown)


@pytest.mark.parametrize(
    "question",
    [
        "When did Marta Oduya open the bakery?",
        "When did Ines Holm become mayor?",
        "When did Clara Holm become mayor?",
        "When did the harbour shop close?",
        "Why did Marta Oduya pay for the journey?",
        "When did Lena Holm leave the town?",
        "Why did Karl Reyes vote against the new market hall?",
        "How did the captain survive the storm of 1915?",
        "Why did Marta Oduya decline the medal of the town?",
        "What roof does the lower mill have?",
        "What wheels does the upper mill have?",
        "How many coins does a baker get after they deliver ten loaves in a day?",
        "Why did Jan Oduya plan to turn the bakery into a dance hall?",
        "When did the council sell the windmill?",
        "To whom did the council sell the windmill?",
        "When was the grain tax raised?",
        "Who paid for the bell?",
        "Whom did the guild make master in 1936?",
        "When did the museum get its first boat?",
        "When did Tom Vane accept the cup?",
        "When was the play of the tailors staged in Brae?",
    ],
)
@pytest.mark.parametrize("sure", [0.5, 0.99])
def test_what_the_source_says_is_not_questioned(index: Index, question: str, sure: float) -> None:
    assert says_otherwise(question, index, load_reader(), sure=sure) is None


def test_an_answer_that_denies_what_is_asked_says_otherwise_whatever_else_is_near(index: Index) -> None:
    question, sure = "When was Orr made a professor?", 0.99
    assert says_otherwise(question, index, load_reader(), sure=sure) is None
    document = index.document(index.heads()[0].id)
    start = document.text.index("Ines Orr became")
    span = next(s for p in index.passages(document.id) for s in p.sentences if s.start == start)
    answer = [cite(document, span, "")]
    (said,) = says_otherwise(question, index, load_reader(), sure=sure, answer=answer)
    assert said.text == "Ines Orr became a lecturer in 1900, but was never made a professor."


@pytest.mark.parametrize(
    ("question", "sure"),
    [
        ("When was Nils Holm born?", 0.5),
        ("When was the lower mill demolished?", 0.5),
        ("When did the strike of the tailors end?", 0.5),
    ],
)
def test_of_what_is_not_told_no_sentence_says_otherwise_though_it_is_no_answer(
    index: Index, question: str, sure: float
) -> None:
    assert says_otherwise(question, index, load_reader(), sure=sure) == ()


@pytest.mark.parametrize(("third", "is_shown"), [(0.3, True), (1.0, False)])
def test_only_a_place_that_has_the_word_in_question_bears_it_out(third: float, is_shown: bool) -> None:
    claim = "The county contribute to the tower."
    words = claim_words(claim, load_reader())
    denying, other = (
        window_of("The county declined to contribute to the tower."),
        window_of("The county paid the tower."),
    )
    against = Held(denying, tuple(compare(claim, denying)), 0.6, -0.8, 1.0)
    beside = Held(replace(other, rows=((1.0, third, 1.0),)), (), 1.9, -2.0, 0.8)
    assert (differs_most([against, beside], words, lambda window: False) is against) is is_shown


def test_only_the_sentence_that_denies_it_says_until_when() -> None:
    claim = "The guild pay for the gate."
    window = window_of("The mill got no gate until 1955. The guild did not pay for the gate.")
    differs = tuple(f for f in compare(claim, window) if f.outcome == "differs")
    assert differs and not only_until(Held(window, differs, 0.0, 0.0, 1.0))
    assert only_until(Held(window_of("The mill got no gate until 1955."), (), 0.0, 0.0, 1.0))
