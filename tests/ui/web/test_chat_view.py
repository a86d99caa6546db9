"""How questions, answers and abstentions look, and that nothing in them is taken for HTML."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from assistant.types import Answer, Citation, Sentence, ShortAnswer, Support, Threshold, Trace
from ui.web import chat_view
from vectorstore.types import Document, Format, Hit, Passage, text_sha256

NASTY = '<img src=x onerror="alert(1)">\'&'


def document(text: str, format: Format = "plain", title: str = "The Mill") -> Document:
    return Document("mill-1", title, text, text_sha256(text), "upload:mill.txt", format)


def sentence(source: Document, quote: str, speaker: str | None = None, short: str = "", section: str = "") -> Sentence:
    start = source.text.index(quote)
    citation = Citation(source.id, source.title, section, start, start + len(quote), quote, speaker, source.sha256)
    at = source.text.index(short, start)
    shorts = (ShortAnswer(at, at + len(short), short),) if short else ()
    return Sentence(" ".join(quote.split()), (citation,), shorts)


def shown(source: Document, *sentences: Sentence, question: str = "Why?", searched_for: str = "Why?") -> str:
    answer = Answer(question, searched_for, sentences, not sentences, 0.934, hits(source), Trace((question,), ()))
    return chat_view.answered(answer, lambda _: source).html


def hits(source: Document) -> tuple[Hit, ...]:
    passage = Passage("p", source.id, 0, len(source.text), NASTY, "prose", None, ())
    return (Hit(passage, 0.5),)


def words(markup: str) -> str:
    """What a reader reads."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<span hidden>.*?</span>", "", markup)))


def test_a_sentence_is_verbatim_and_its_short_answer_bold() -> None:
    source = document("The mill  was built\r\nin 1904 & sold in 1910.")
    markup = shown(source, sentence(source, source.text, short="1904"))
    assert "The mill was built in <strong>1904</strong> &amp; sold in 1910." in markup


def test_nearly_a_whole_sentence_is_not_set_in_bold() -> None:
    source = document("The two sisters baked the bread of the town for years.")
    assert "<strong>" not in shown(source, sentence(source, source.text, short=source.text[:-1]))


def test_a_chip_points_at_the_exact_characters_of_one_text() -> None:
    source = document("It stands. The mill was built in 1904.")
    markup = shown(source, sentence(source, "The mill was built in 1904.", section="Early years"))
    assert f'data-document="mill-1" data-sha256="{source.sha256}" data-start="11" data-end="38"' in markup
    assert 'aria-label="Citation 1: show these words in The Mill, Early years"' in markup


def test_chips_are_numbered_through_the_answer() -> None:
    source = document("One stands. Two fell.")
    markup = shown(source, sentence(source, "One stands."), sentence(source, "Two fell.", speaker="Fenwick"))
    assert re.findall(r">(\d+)</a>", markup) == ["1", "2"]


def test_a_quotation_says_whose_words_it_is() -> None:
    source = document("“We came by water.”")
    assert "Fenwick, quoted by the article" in shown(source, sentence(source, source.text, speaker="Fenwick"))
    assert "quoted by the article" not in shown(source, sentence(source, source.text))


@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_no_text_becomes_html(format: Format) -> None:
    source = document(f"The wall says {NASTY} to *all*.", format, title=NASTY)
    cited = sentence(source, source.text, speaker=NASTY, short="onerror", section=NASTY)
    for markup in (
        shown(source, cited, question=NASTY, searched_for=NASTY + "?"),
        shown(source),
        chat_view.failed(NASTY, NASTY).html,
        chat_view.conversation([chat_view.pending(NASTY, 2)], ""),
        chat_view.welcome(1, [NASTY]),
    ):
        assert "<img" not in markup
        assert 'onerror="' not in markup


def test_markdown_is_shown_without_its_marks_and_with_short_answers_across_them() -> None:
    source = document("He wrote *The Quiet Mill* then.", "markdown")
    markup = shown(source, sentence(source, source.text, short="wrote *The Quiet"))
    assert words(markup).startswith("He wrote The Quiet Mill then.")
    assert "<em>The Quiet</em></strong><em> Mill</em>" in markup


def test_an_abstention_offers_the_closest_passages_apart() -> None:
    source = document("A passage about something else. " * 20)
    markup = shown(source)
    assert "Not in the source" in markup
    assert "not an answer" in markup
    assert 'class="passage" data-document="mill-1"' in markup
    assert "chip" not in markup


def test_searched_for_is_shown_where_it_differs() -> None:
    source = document("It was carried out.")
    cited = sentence(source, source.text)
    assert "Searched for" in shown(source, cited, question="And then?", searched_for="And then the mill?")
    assert "Searched for" not in shown(source, cited, question=" Why? ", searched_for="Why?")


def test_confidence_is_shown_with_two_digits() -> None:
    source = document("It stands.")
    assert "confidence 0.93" in shown(source, sentence(source, source.text))


def test_messages_begin_with_a_capital_but_names_stay() -> None:
    assert chat_view.sentence_case("the question is empty") == "The question is empty"
    assert chat_view.sentence_case("notes.txt is empty") == "notes.txt is empty"


def test_a_very_long_question_is_shown_cut() -> None:
    markup = chat_view.conversation([chat_view.failed("word " * 10_000, "too long")], "")
    assert len(markup) < 1_500


def spoken(*sentences: Sentence, **more: str) -> str:
    answer = Answer("Why?", "Why?", sentences, False, 0.9, hits(document("x")), Trace(("Why?",), ()), **more)  # type: ignore[arg-type]
    return chat_view.answered(answer, lambda _: document("The mill was built in 1904. It fell.")).html


def model_said(text: str, quote: str, support: Support, reason: str = "") -> Sentence:
    source = document("The mill was built in 1904. It fell.")
    return replace(sentence(source, quote), text=text, support=support, reason=reason)


def test_a_model_that_speaks_is_named_and_its_sentences_have_chips() -> None:
    markup = spoken(model_said("Built in 1904.", "The mill was built in 1904.", "supported"), spoken_by="A <b>model")
    assert "A &lt;b&gt;model" in markup and ", a language model each sentence checked" in words(markup)
    assert "<blockquote" not in markup
    assert 'data-start="0" data-end="27"' in markup
    assert "a language model" not in shown(document("It fell."), sentence(document("It fell."), "It fell."))


def test_the_sources_own_words_in_a_models_answer_are_set_as_its_own() -> None:
    markup = spoken(model_said("It fell.", "It fell.", "quoted"), spoken_by="M")
    assert re.search(r'class="own"><span class="sentence">It fell\.', markup)


def test_what_the_source_does_not_support_is_struck_out_with_the_reason() -> None:
    good = model_said("Built in 1904.", "The mill was built in 1904.", "supported")
    bad = model_said("Built in <i>1931.", "The mill was built in 1904.", "unsupported", "the source says 1904")
    markup = spoken(good, bad, replace(bad, citations=()), spoken_by="M")
    assert markup.count("<del>Built in &lt;i&gt;1931.</del>") == 2
    assert "The source says 1904" in markup and "Not supported: " in markup
    assert re.findall(r">(\d+)</a>", markup) == ["1", "2"]


def test_a_notice_says_why_the_model_does_not_speak() -> None:
    source = document("It fell.")
    markup = spoken(sentence(source, "It fell."), notice="M took <too> long: the source speaks for itself.")
    assert "M took &lt;too&gt; long: the source speaks for itself." in markup
    assert "a language model" not in markup


def test_an_answer_that_grows_is_not_done() -> None:
    said = model_said("Built in 1904.", "The mill was built in 1904.", "supported")
    answer = Answer("Why?", "Why?", (said,), False, 0.9, (), Trace(("Why?",), ()), spoken_by="M")
    source = document("The mill was built in 1904. It fell.")
    grown = chat_view.growing(answer, lambda _: source)
    assert not grown.done and "Built in 1904." in grown.html and "confidence" not in grown.html


def test_the_page_says_which_threshold_applies() -> None:
    source = document("The mill was built in 1904.")
    answer = Answer("Why?", "Why?", (), True, 0.2, hits(source), Trace(("Why?",), ()))
    fitted = Threshold(0.613, "fitted", f"Of questions like those of {NASTY}, at most 5 % get an answer.")
    for threshold, told in (
        (Threshold(0.3921), ("answered from 0.39 on (as shipped)",)),
        (fitted, ("answered from 0.61 on (fitted to this index)", "at most 5 % get an answer.")),
        (replace(fitted, remark=f"{NASTY} is stale."), ("is stale.",)),
    ):
        html = chat_view.answered(replace(answer, threshold=threshold), lambda _: source).html
        assert all(words in html for words in told) and "<img" not in html
    assert "answered from" not in chat_view.answered(answer, lambda _: source).html
