"""What the styles of a page hide is left out of its text; what only looks like it stays."""

from __future__ import annotations

import time

import pytest

from ingest.convert.html import convert_html

SEEN = "The ferry left the island at noon, and nobody who had missed it could leave before the next morning."
SECRET = "Nobody reads this."


def text_of(middle: str, head: str = "") -> str:
    page = (
        f"<!doctype html><head><title>Ferry</title>{head}</head><body><h1>Ferry</h1><p>{SEEN}</p>{middle}<p>{SEEN}</p>"
    )
    return convert_html(page.encode(), "x.html").text


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE !important",
        "visibility:hidden",
        "opacity:0",
        "opacity: .01",
        "opacity: 0%",
        "font-size:0",
        "font-size: 0.1em",
        "font-size:1px",
        "color:white",
        "color:#FFFFFF",
        "color:#fffffe",
        "color: rgb(254, 255, 255)",
        "color: rgba(0,0,0,0)",
        "color: rgb(0 0 0 / 0)",
        "color: #0000",
        "color: hsl(120, 10%, 100%)",
        "color:transparent",
        "color:#222;background:#222",
        "color: rgb(10,10,10); background-color: black",
        "position:absolute;left:-10000px",
        "position: fixed; top: -200vh",
        "text-indent:-999em",
        "height:0;overflow:hidden",
        "max-height: 1px; overflow: clip",
        "width:0px; overflow-x:hidden",
        "position:absolute;clip:rect(1px, 1px, 1px, 1px)",
        "clip-path: inset(50%)",
        "clip-path: circle(0)",
        "transform:scale(0)",
        "transform: translateX(-9999px)",
        "content-visibility: hidden",
    ],
)
def test_what_nobody_sees_is_left_out(style: str) -> None:
    assert SECRET not in text_of(f'<p style="{style}">{SECRET}</p>')
    assert SECRET not in text_of(f'<div style="{style}"><p><b>{SECRET}</b></p></div>')
    sheet = f"<style>/* x */ .a, p.zz > b {{ {style} }}</style>"
    assert SECRET not in text_of(f'<div class="b a">{SECRET}</div>', sheet)
    assert SECRET not in text_of(f'<p class="zz"><b>{SECRET}</b></p>', sheet)


@pytest.mark.parametrize(
    "style",
    [
        "display:block",
        "opacity:0.4",
        "opacity:0; transform: translateY(20px)",
        "opacity: 0; transition: opacity 1s",
        "font-size:9px",
        "font-size:0.8em",
        "color:white;background:#333",
        "color:#fff;background-image:url(x.png);background:url(x.png)",
        "color:#eee",
        "color:inherit",
        "position:absolute;left:-10px",
        "text-indent:-2em",
        "height:200px;overflow:hidden",
        "max-width:40em;overflow:hidden",
        "clip-path: inset(5%)",
        "transform: scale(0.9)",
        "transform: translate(-50%, -50%)",
        "color: var(--ink)",
        "height:0",
    ],
)
def test_what_can_be_seen_stays(style: str) -> None:
    assert SECRET in text_of(f'<p style="{style}">{SECRET}</p>')
    assert SECRET in text_of(f'<p class="a">{SECRET}</p>', f"<style>.a {{ {style} }}</style>")


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print { .a { display: none } }",
        "@media (max-width: 600px) { .a { display: none } }",
        ".a { display: none } .a { display: block }",
        ".a { display: none } p.a { display: block }",
        ".a { display: none !nothing } #one { display: block }",
        "#one { display: block } .a { display: none }",
        ".b .a { display: none }",
        ".a:hover { display: none }",
        ".a::before { display: none }",
        "@keyframes x { from { opacity: 0 } to { opacity: 1 } }",
        "body.loading { opacity: 0 }",
        ".a { color: white } body { background: black }",
        "/* .a { display: none } */",
        ".a { display: none",
        "} .a { color: red }",
    ],
)
def test_rules_that_do_not_apply_or_are_overruled_hide_nothing(sheet: str) -> None:
    assert SECRET in text_of(f'<p class="a" id="one">{SECRET}</p>', f"<style>{sheet}</style>")


@pytest.mark.parametrize(
    "sheet",
    [
        "@media screen { .a { display: none } }",
        "p { display: block } .a { display: none }",
        ".a { display: none !important } #one { display: block }",
        "body .a { display: none }",
        "p#one.a { display: none }",
    ],
)
def test_rules_that_apply_hide(sheet: str) -> None:
    assert SECRET not in text_of(f'<p class="a" id="one">{SECRET}</p>', f"<style>{sheet}</style>")


def test_letters_of_no_size_between_others_hide_nothing_of_them() -> None:
    shown = f'<ul style="font-size:0"><li style="font-size:16px">{SECRET}</li></ul>'
    assert SECRET in text_of(shown)


def test_white_letters_are_kept_where_the_ground_is_not_known() -> None:
    assert SECRET in text_of(f'<p style="color:#fff">{SECRET}</p>', '<link rel="stylesheet" href="x.css">')
    assert SECRET in text_of(f'<div style="background:#123"><p style="color:#fff">{SECRET}</p></div>')
    assert SECRET in text_of(f'<table bgcolor="#003366"><tr><td style="color:#fff">{SECRET}</td></tr></table>')


def test_a_page_that_begins_hidden_is_read() -> None:
    page = f"<style>.all {{ opacity: 0 }}</style><title>Ferry</title><div class=all><h1>Ferry</h1><p>{SEEN}</p></div>"
    assert SEEN in convert_html(page.encode(), "x.html").text


def test_the_report_says_what_was_left_out() -> None:
    page = f"<title>Ferry</title><h1>Ferry</h1><p>{SEEN}</p><p style='font-size:0'>{SECRET}</p><p>{SEEN}</p>"
    assert any("1 hidden text" in warning for warning in convert_html(page.encode(), "x.html").warnings)


def test_very_many_rules_take_no_time() -> None:
    sheet = "<style>" + "".join(f".a .b{n % 50} .c, .c {{ opacity: 0.{n} }}" for n in range(1, 9_000)) + "</style>"
    many = "".join(f'<div class="a"><i class="c b{n}">{n}</i></div>' for n in range(3_000))
    assert "2999" in text_of(many, sheet)


@pytest.mark.parametrize("css", ["a" * 400_000, "@media all{" * 30_000 + "p{color:red}" * 4_000])
def test_a_style_sheet_without_an_end_takes_no_time(css: str) -> None:
    begun = time.process_time()
    assert SEEN in text_of("", f"<style>{css}</style>")
    assert time.process_time() - begun < 5
