"""How a checked text looks: a sign and a word for each verdict, both sides' words, and nothing taken for HTML."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from assistant.check.types import Check, CheckedSentence, Finding, Verdict
from assistant.types import Citation
from ui.web import check_view
from vectorstore.documents.pages import OnPage
from vectorstore.types import Document, Format, text_sha256

NASTY = '<img src=x onerror="alert(1)">\'&'
TEXT = "The mill was built in 1904. It burned in 1931, said Fenwick. Nobody lived there."


def document(text: str = TEXT, format: Format = "plain", title: str = "The Mill") -> Document:
    return Document("mill-1", title, text, text_sha256(text), "upload:mill.txt", format)


def cite(source: Document, quote: str, speaker: str | None = None, section: str = "") -> Citation:
    start = source.text.index(quote)
    return Citation(source.id, source.title, section, start, start + len(quote), quote, speaker, source.sha256)


def check(*claims: tuple[str, Verdict, dict[str, object]], between: str = " ") -> Check:
    sentences: list[CheckedSentence] = []
    text = ""
    for words, verdict, more in claims:
        text += between * bool(text)
        one = CheckedSentence(words, len(text), len(text) + len(words), verdict, 0.5, "")
        sentences.append(replace(one, **more))  # type: ignore[arg-type]
        text += words
    return Check(text, "not found", tuple(sentences), "attest")


def shown(checked: Check, source: Document | None = None) -> str:
    return check_view.checked(checked, lambda _: source or document())


def words(markup: str) -> str:
    """What a reader reads."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<span hidden>.*?</span>", "", markup)))


def test_the_summary_counts_what_claims_something() -> None:
    three = (
        [("It stood.", "supported", {})] * 9 + [("It fell.", "contradicted", {})] + [("It sang.", "not found", {})] * 2
    )
    counted = check(*three, ("Why?", "not found", {"checkable": False}))
    assert check_view.summary(counted) == "12 sentences: 9 supported, 1 contradicted, 2 not found"
    assert words(shown(counted)).startswith("12 sentences: 9 supported, 1 contradicted, 2 not found")
    assert check_view.summary(check(("It stood.", "supported", {}))) == "1 sentence: 1 supported"
    assert "Nothing here states" in check_view.summary(check(("Why?", "not found", {"checkable": False})))


def test_every_verdict_has_a_word_and_a_sign() -> None:
    markup = shown(
        check(("It stood.", "supported", {}), ("It fell.", "contradicted", {}), ("It sang.", "not found", {}))
    )
    for sign, word in (("✓", "Supported: "), ("✕", "Contradicted"), ("?", "Not found")):
        assert f'aria-hidden="true">{sign}<' in markup and f">{word}<" in markup


def test_a_supported_sentence_has_chips_to_the_exact_characters() -> None:
    source = document()
    citations = (cite(source, "The mill was built in 1904."), cite(source, "Nobody lived there."))
    markup = shown(check(("Built in 1904.", "supported", {"citations": citations})))
    assert f'data-document="mill-1" data-sha256="{source.sha256}" data-start="0" data-end="27"' in markup
    assert re.findall(r">(\d+)</a>", markup) == ["1", "2"]


def test_a_citation_that_comes_again_keeps_its_number() -> None:
    one, two = cite(document(), "The mill was built in 1904."), cite(document(), "Nobody lived there.")
    claims = [("A b.", "supported", {"citations": cited}) for cited in ((one,), (two,), (one,))]
    assert re.findall(r">(\d+)</a>", shown(check(*claims))) == ["1", "2", "1"]  # type: ignore[arg-type]


def test_a_contradiction_shows_both_sides_with_what_differs_marked() -> None:
    source = document()
    whole = cite(source, "The mill was built in 1904.")
    finding = Finding("date", "differs", "the text says 1905, the source says 1904", (18, 22), cite(source, "1904"))
    more = {"citations": (whole,), "findings": (finding,), "reason": finding.reason}
    markup = shown(
        check(("Built by one in 1905.", "contradicted", {**more, "findings": (replace(finding, claim=(16, 20)),)}))
    )
    assert "Built by one in <mark>1905</mark>." in markup
    assert "The mill was built in <mark>1904</mark>." in markup
    assert words(markup).count("The text says 1905, the source says 1904") == 1
    assert len(re.findall("<blockquote", markup)) == 1


def test_the_same_difference_is_told_once() -> None:
    source = document()
    at = cite(source, "1904")
    whole = Finding("date", "differs", "the claim says “May 1905”; the source says “1904”", (12, 20), at)
    year = Finding("date", "differs", "the claim says “1905”; the source says “1904”", (16, 20), at)
    name = Finding("name", "differs", "the claim names Roe", (0, 3), at)
    more = {"findings": (whole, year, name), "reason": "The claim says “May 1905”; the source says “1904”."}
    markup = shown(check(("Roe built in May 1905.", "contradicted", more)))
    reasons = re.findall('<p class="why">(.*?)</p>', markup)
    assert reasons == ["The claim says “May 1905”; the source says “1904”.", "The claim names Roe."]


def test_words_that_differ_elsewhere_are_quoted_too() -> None:
    source = document()
    finding = Finding("number", "differs", "they differ", (0, 2), cite(source, "Nobody lived there."))
    more = {"citations": (cite(source, "The mill was built in 1904."),), "findings": (finding,)}
    assert len(re.findall("<blockquote", shown(check(("It fell.", "contradicted", more))))) == 2


def test_the_closest_place_stands_apart_and_says_that_it_does_not_support() -> None:
    more = {"closest": (cite(document(), "Nobody lived there."),), "reason": "nothing speaks of singing"}
    markup = shown(check(("It sang.", "not found", more)))
    assert "Closest place – does not support it" in markup and 'class="answer apart"' in markup
    assert "Closest" not in shown(check(("It sang.", "not found", {})))


def test_quoted_words_say_whose_they_are() -> None:
    more = {"citations": (cite(document(), "It burned in 1931", speaker="Fenwick"),)}
    assert "Fenwick, quoted by the article" in shown(check(("It burned in 1930.", "contradicted", more)))


def test_hidden_words_of_a_document_are_not_quoted() -> None:
    source = document("It stood PAGE 7 OF 9 by the river.")
    source = replace(source, hidden=((9, 20),))
    more = {"citations": (cite(source, source.text),)}
    markup = shown(check(("It stood by the sea.", "contradicted", more)), source)
    assert "It stood by the river." in words(markup) and "PAGE 7" not in markup


def test_a_very_long_quotation_is_cut_around_what_differs() -> None:
    source = document("before " * 600 + "in 1904 it stood " + "after " * 600)
    finding = Finding("date", "differs", "they differ", (0, 2), cite(source, "1904"))
    markup = shown(
        check(("In 1905.", "contradicted", {"citations": (cite(source, source.text),), "findings": (finding,)})), source
    )
    assert "<mark>1904</mark>" in markup and len(words(markup)) < 1_300


def test_a_new_paragraph_is_set_apart_and_what_claims_nothing_is_not_judged() -> None:
    two = check(("One stood.", "supported", {}), ("Why?", "not found", {"checkable": False}), between="\n\n")
    markup = shown(two)
    assert 'class="claim unchecked new"' in markup
    assert markup.count('class="sign"') == 1


@pytest.mark.parametrize("format", ["plain", "markdown"])
@pytest.mark.parametrize("verdict", ["supported", "contradicted", "not found"])
def test_no_text_becomes_html(format: Format, verdict: Verdict) -> None:
    source = document(f"The wall says {NASTY} to *all*.", format, title=NASTY)
    cited = cite(source, source.text, speaker=NASTY, section=NASTY)
    finding = Finding("words", "differs", NASTY, (4, 9), cite(source, "onerror"))
    more = {"citations": (cited,), "closest": (cited,), "findings": (finding,), "reason": NASTY}
    claim = f"Says {NASTY} and more."
    for markup in (
        shown(replace(check((claim, verdict, more), between=NASTY), checker=NASTY), source),
        shown(check((claim, verdict, {**more, "checkable": False})), source),
        check_view.failed(NASTY),
        check_view.empty(1, NASTY),
    ):
        assert "<img" not in markup
        assert 'onerror="' not in markup


def test_words_recognised_in_a_picture_say_so() -> None:
    cited = replace(
        cite(document(), "Nobody lived there."), pages=(OnPage(3, ((1.0, 2.0, 3.0, 4.0),), recognised=True),)
    )
    markup = shown(check(("Nobody lived there.", "supported", {"citations": (cited,)})))
    assert 'data-pages="[[3,[[1.0,2.0,3.0,4.0]],1]]"' in markup
    assert "The Mill (recognised in a picture)" in markup
