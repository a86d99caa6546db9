"""Planted quotations: made of a small text, and all sixty of the bundled article judged as they have to be."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.check.types import Finding
from eval.lab.check.pairs.article import Article
from eval.lab.check.pairs.quotations import MOST, SORTS, Planted, judged, main, planted
from ingest.loading import bundled
from vectorstore.types import Document, text_sha256

TEXT = """\
In 1887 Ada Reyes founded the harbour school with money from the old fishing fleet. The council had not paid the
fishermen of the bay for their boats. The old harbour school (built of red brick) stood beside the market for years.

Ada Reyes argued that the harbour needed a school for the children of the fleet.

Per Lund wrote that the road to the bay was washed away in the spring of 1889. The ferry of Per Lund is open to
everybody from the town unless the wind is too strong."""


@pytest.fixture(scope="module")
def document() -> Document:
    return Document("a", "The harbour", TEXT, text_sha256(TEXT), "test:a")


def test_each_sort_is_planted_as_it_says(document: Document) -> None:
    made = {one.sort: one for one in planted(Article.of(document))}
    assert made["dots that hide"].sentence == "“The council had … paid the fishermen of the bay for their boats.”"
    assert made["an aside left out"].sentence.startswith("“The old harbour school")
    assert "built of red brick" not in made["an aside left out"].sentence
    assert made["another speaker"].sentence.startswith(("Ada Reyes said: “the road", "Per Lund said: “the harbour"))
    assert made["who says it"].sentence.startswith(("Per Lund said: “the road", "Ada Reyes said: “the harbour"))
    cited = made["another place cited"].cited
    assert cited is not None and document.text[slice(*cited)] not in made["another place cited"].sentence


def test_what_is_found_has_to_be_of_the_right_kind() -> None:
    wrong = Planted("altered", "“A.”", "quotation", "altered")
    assert wrong.is_found([Finding("quotation", "differs", "the quotation is altered: x")])
    assert not wrong.is_found([Finding("quotation", "differs", "it is cut")])
    assert not wrong.is_found([Finding("speaker", "differs", "altered")]) and not wrong.is_found([])
    right = Planted("exact", "“A.”")
    assert right.is_found([Finding("quotation", "agrees", "")])
    assert not right.is_found([]) and not right.is_found([Finding("quotation", "absent", "")])


def test_all_sixty_of_the_bundled_article_are_judged_as_they_have_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    found = judged([next(iter(bundled())).document])
    assert len(found) == MOST and len(Counter(one.sort for one, _ in found)) == len(SORTS)
    assert [one.sentence for one, findings in found if not one.is_found(findings)] == []
    assert main(["--most", "11"]) == 0
    assert "11 of 11" in capsys.readouterr().out.replace("  ", " ")
