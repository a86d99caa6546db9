"""Subtitles: times, numbers and tags are no text; a sentence goes on from cue to cue."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.layout.subtitles import find_cue_marks, spelt_out
from ingest.loading import load_upload
from vectorstore.types import Document, one_line, shown, text_sha256


def seen(text: str) -> list[str]:
    """The paragraphs that are shown."""
    document = Document("d", "D", text, text_sha256(text), "test:d", hidden=find_cue_marks(text))
    lines = (line.strip() for line in shown(document, 0, len(text)).splitlines())
    return [" ".join(paragraph.split()) for paragraph in "\n".join(lines).split("\n\n") if paragraph.strip()]


def test_subrip() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:04,000\n<i>The boat left\n\n2\n00:00:04,000 --> 00:00:06,000\nat nine.</i>\n\n"
        "3\n00:00:20,000 --> 00:00:22,000 X1:1 Y1:2\n{\\an8}It never came back.\n\n"
        "4\n00:00:23,000 --> 00:00:24,000\n1931\n"
    )
    assert seen(text) == ["The boat left at nine.", "It never came back. 1931"]
    assert seen(text.replace("\n", "\r\n")) == seen(text)


def test_webvtt() -> None:
    text = (
        "WEBVTT - talk\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE made by hand\nin 1931\n\nintro\n"
        "00:01.000 --> 00:04.000 align:start\n<v Ada>The <b>boat</b> left\n\n00:04.000 --> 00:05.000\n"
        "<v Ada>at <00:04.500>nine.\n\n00:05.000 --> 00:06.000\n<v.loud Jon Orme>Why?</v>\n"
    )
    assert seen(text) == ["Ada>The boat left at nine.", "Jon Orme>Why?"]


def test_a_dash_or_a_name_begins_a_paragraph() -> None:
    text = "00:01.000 --> 00:04.000\n- The boat left,\n- When?\n\n00:04.000 --> 00:05.000\nADA: At nine.\n"
    assert seen("WEBVTT\n\n" + text) == ["- The boat left,\n- When?".replace("\n", " "), "ADA: At nine."]


def test_other_texts_hold_no_cues() -> None:
    for text in ("1\n\nA text with --> an arrow.", "00:01 is a time.", "WEBVTT is a format.", "", "WEBVTT"):
        assert find_cue_marks(text) == ()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("R&amp;D &gt;&gt; 4&nbsp;m", "R&D >> 4\u00a0m"),
        ("O&#39;Brien &#x2019; &eacute;", "O'Brien ’ é"),
        ("&amp;lt;", "&lt;"),
        ("x &lt; 3, &lt;1 per cent", "x < 3, <1 per cent"),
        ("&lt;b&gt; &lt;/b&gt; &lt;00:01&gt;", "&lt;b> &lt;/b> &lt;00:01>"),
        ("a&#10;b&#0;c&zzz;d & e &#xd800;", "a&#10;b\ufffdc&zzz;d & e \ufffd"),
    ],
)
def test_character_references_are_spelt_out(written: str, text: str) -> None:
    assert spelt_out(written)[0] == text


CUE = st.lists(st.text(st.sampled_from("abcdeiouzäéß"), min_size=3, max_size=9), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(CUE, min_size=2, max_size=8), st.sampled_from(["srt", "vtt"]))
def test_the_words_of_any_cues_are_all_that_is_shown(cues: list[str], kind: str) -> None:
    mark, point = ("", ",") if kind == "srt" else ("WEBVTT\n\n", ".")
    times = [f"00:00:{2 * n:02}{point}000 --> 00:00:{2 * n + 2:02}{point}000" for n in range(len(cues))]
    numbers = [f"{n + 1}\n" if kind == "srt" else "" for n in range(len(cues))]
    parts = zip(numbers, times, cues, strict=True)
    text = mark + "\n".join(f"{number}{time}\nIs {cue}?\n" for number, time, cue in parts)
    assert " ".join(seen(text)) == " ".join(f"Is {cue}?" for cue in cues)


WORD = st.text(st.sampled_from("abcdeiouzäéß漢&'’"), min_size=3, max_size=9).map(lambda word: f"x{word}x")


@st.composite
def cues(draw: st.DrawFn, kind: str) -> tuple[str, str]:
    """A cue of one sentence in one or two lines as it is written without its times, and its words."""
    written, said = [], []
    for word in draw(st.lists(WORD, min_size=2, max_size=4)):
        tag = draw(st.sampled_from(["", "", "i", "b"] + ["c.loud", "00:00:01.500"] * (kind == "vtt")))
        plain = word if kind == "srt" or draw(st.booleans()) else word.replace("&", "&amp;")
        close = "" if tag[:1].isdigit() else f"</{tag.partition('.')[0]}>"
        written.append(f"<{tag}>{plain}{close}" if tag else plain)
        said.append(word)
    cut = draw(st.integers(1, len(written)))
    lines = [" ".join(written[:cut]), " ".join(written[cut:])]
    return "\n".join(filter(None, lines)) + ".", " ".join(said) + "."


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["srt", "vtt"]), st.sampled_from(["\n", "\r\n"]))
def test_subtitles_come_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: str, line_end: str
) -> None:
    """Line breaks, tags, voices, settings, numbers, remarks: all words are shown, each voice in its own paragraphs."""
    drawn = data.draw(st.lists(cues(kind), min_size=2, max_size=4))
    names = data.draw(st.lists(st.sampled_from(["", "Ada Fell", "Jon Orme"]), min_size=len(drawn), max_size=len(drawn)))
    voiced = kind == "vtt" and data.draw(st.booleans())
    blocks, expected, before = ["WEBVTT - Talk\nKind: captions", "NOTE not said"] if kind == "vtt" else [], [], None
    for number, ((written, said), name) in enumerate(zip(drawn, names, strict=True)):
        point, more = (".", data.draw(st.sampled_from(["", " align:start line:0%"]))) if kind == "vtt" else (",", "")
        head = f"{number + 1}\n" if kind == "srt" or data.draw(st.booleans()) else ""
        times = f"00:00:{2 * number:02}{point}000 --> 00:00:{2 * number + 2:02}{point}000{more}"
        speaker = (name if voiced else "") and f"<v {name}>"
        blocks.append(f"{head}{times}\n{speaker}{written}{'</v>' if speaker else ''}")
        who = name if voiced else ""
        if expected and who == before:
            expected[-1] += f" {said}"
        else:
            expected.append(f"{who}> {said}" if who else said)
        before = who
    path = tmp_path_factory.getbasetemp() / f"talk.{kind}"
    path.write_bytes((("\n\n".join(blocks)) + "\n").replace("\n", line_end).encode())
    document = load_upload(path.name, path).document
    lines = (line.strip() for line in shown(document, 0, len(document.text)).splitlines())
    found = [one_line(paragraph) for paragraph in "\n".join(lines).split("\n\n") if paragraph.strip()]
    assert [paragraph.replace("> ", ">") for paragraph in found] == [words.replace("> ", ">") for words in expected]


@pytest.mark.parametrize(
    ("before", "piece"),
    [("", " 1:1:1.1 -->"), ("", " a:b:c"), ("\n<v.a", " "), ("\n<v a", " "), ("\n", "<b>"), ("\n", "a</b> ")],
)
def test_hostile_lines_take_time_in_proportion_to_their_length(before: str, piece: str) -> None:
    def seconds(times: int) -> float:
        text = f"00:01.000 --> 00:02.000{before}{piece * times}x\n\n00:03.000 --> 00:04.000\nYes.\n"
        began = time.thread_time()
        find_cue_marks(text)
        return time.thread_time() - began

    assert min(seconds(8_000) for _ in range(3)) < 8 * max(min(seconds(2_000) for _ in range(3)), 0.002)
