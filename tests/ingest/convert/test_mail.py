"""E-mail messages: heads and words decoded, attachments named, forwarded messages in order."""

from __future__ import annotations

import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.convert.converting import convert
from ingest.convert.textfile import Converted
from ingest.loading import load_file
from vectorstore.errors import InputError

HEAD = b"From: Ada Fell <ada@post.example>\r\nDate: Tue, 12 Jun 2018 09:15:00 +0200\r\n"


def message(subject: str, words: str, cte: str = "quoted-printable") -> EmailMessage:
    made = EmailMessage()
    made["From"] = '"Fell, Zoë" <zoe@post.example>'
    made["To"] = "Per Aas <per@post.example>, Jürgen Groß <j@post.example>"
    made["Date"] = "Tue, 12 Jun 2018 09:15:00 +0200"
    made["Subject"] = subject
    made.set_content(words, cte=cte)
    return made


def mail(data: EmailMessage | bytes) -> Converted:
    return convert(data if isinstance(data, bytes) else bytes(data), "a.eml", "mail")


@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
def test_the_words_are_those_that_were_typed(cte: str) -> None:
    found = mail(message("Über den Kanal – das Café", "Das Café öffnet um 8. " * 9 + "Es kostet = 3 €.\n", cte))
    assert found.text == (
        'From: "Fell, Zoë" <zoe@post.example>\n'
        "To: Per Aas <per@post.example>, Jürgen Groß <j@post.example>\n"
        "Date: Tue, 12 Jun 2018 09:15:00 +0200\n"
        "Subject: Über den Kanal – das Café\n\n" + "Das Café öffnet um 8. " * 9 + "Es kostet = 3 €.\n"
    )
    assert (found.title, found.format) == ("Über den Kanal – das Café", "plain")
    assert dict(found.stated) == {
        "title": "Über den Kanal – das Café",
        "author": "Fell, Zoë",
        "date": "2018-06-12",
    }


def test_attachments_are_left_out_and_named() -> None:
    made = message("Plan", "See the plan.\n")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Übersicht.pdf")
    made.add_attachment("a text of its own", filename="notes.txt")
    found = mail(made)
    assert found.text.endswith("\n\nSee the plan.\n")
    assert found.warnings == ("left out 2 attachments: Übersicht.pdf, notes.txt",)


def test_html_is_read_where_there_is_no_plain_part() -> None:
    made = message("Prices", "x")
    made.set_content("<p>It costs <b>9</b> crowns &amp; more.</p><ul><li>paint</li></ul>", subtype="html")
    found = mail(made)
    assert found.format == "markdown"
    assert found.text.endswith("\n\nIt costs 9 crowns & more.\n\n- paint\n")


def test_of_two_forms_the_plain_one_is_read() -> None:
    made = message("Prices", "It costs 9 crowns, says the smith.\n")
    made.add_alternative("<p>It costs <b>9</b> crowns, says the smith.</p>", subtype="html")
    found = mail(made)
    assert (found.format, found.text.count("crowns")) == ("plain", 1)


def test_a_plain_part_that_only_asks_for_another_program_is_not_read() -> None:
    made = message("News", "This message is in HTML.\n")
    made.add_alternative(f"<p>{'The ferry leaves at seven. ' * 9}</p><img src=cid:a>", subtype="html")
    related = made.get_payload(1)
    assert isinstance(related, EmailMessage)
    related.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<a>", filename="ferry.gif")
    found = mail(made)
    assert "in HTML" not in found.text
    assert found.text.count("The ferry leaves at seven.") == 9
    assert found.warnings == ("left out 1 attachment: ferry.gif",)


def test_a_forwarded_message_follows_with_its_head(tmp_path: Path) -> None:
    made = message("Fwd: Roof", "Read this.\n")
    made.replace_header("From", "Per Aas <per@post.example>")
    made.add_attachment(message("Roof", "It leaks.\n"))
    path = tmp_path / "fwd.eml"
    path.write_bytes(bytes(made))
    document = load_file(path).document
    assert document.text.index("Read this.") < document.text.index('From: "Fell, Zoë"') < document.text.index("leaks")
    assert [(fact.name, fact.value) for fact in document.facts] == [
        ("title", "Fwd: Roof"),
        ("author", "Per Aas"),
        ("date", "Tue, 12 Jun 2018 09:15:00 +0200"),
    ]


def test_flowed_lines_are_joined_in_their_level_of_quotation() -> None:
    body = b"One line \r\ngoes on.\r\n> so does \r\n> this one,\r\n>> not this.\r\n From the sea.\r\n-- \r\nAda\r\n"
    found = mail(HEAD + b'Content-Type: text/plain; format="flowed"\r\n\r\n' + body)
    assert found.text.partition("\n\n")[2] == (
        "One line goes on.\n> so does this one,\n>> not this.\nFrom the sea.\n-- \nAda\n"
    )


@pytest.mark.parametrize(
    ("charset", "words"), [("iso-8859-1", "Mötet på Ågatan"), ("iso-2022-jp", "会議は三時"), ("koi8-r", "Совет в три")]
)
def test_the_stated_encoding_is_used(charset: str, words: str) -> None:
    found = mail(HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + words.encode(charset))
    assert found.text.endswith(f"\n\n{words}\n")
    assert found.warnings == ()


def test_bytes_of_no_stated_encoding_in_a_header_are_read() -> None:
    latin = mail("From: Åsa Öberg <a@post.example>\r\nSubject: Mötet\r\n\r\nHej då\r\n".encode("cp1252"))
    assert latin.text.startswith("From: Åsa Öberg <a@post.example>\nSubject: Mötet\n\n")


def test_a_message_as_apple_mail_keeps_it_is_read() -> None:
    own = HEAD + b"\r\nIt leaks.\r\n"
    assert mail(b"%d      \n" % len(own) + own + b"<?xml version='1.0'?><plist/>") == mail(own)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no head at all\nbut words\n", "a.eml is no e-mail message: it has no headers such as From and Date"),
        (HEAD + b"\r\n\r\n", "a.eml holds no text"),
        (
            HEAD + b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nMIIB",
            "a.eml is encrypted. Export its decrypted text as .txt",
        ),
        (
            HEAD + b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF",
            "a.eml holds no text but 1 attachment. Save and ingest what is attached",
        ),
        (
            b"From a@b.c Mon Mar 12 10:00:00 2018\n" + HEAD + b"\nOne\n\nFrom a@b.c Mon Mar 12 10:00:00 2018\nTo: a\n",
            "a.eml is a mailbox of several messages. Export each as a file of its own (.eml)",
        ),
    ],
)
def test_what_cannot_be_read_gets_one_line(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as raised:
        mail(data)
    assert str(raised.value) == said


@pytest.mark.parametrize("depth", [60, 5_000])
def test_messages_in_messages_without_end_are_refused(depth: int) -> None:
    with pytest.raises(InputError, match="nested"):
        mail(b"From: a@b.c\r\nContent-Type: message/rfc822\r\n\r\n" * depth + b"From: a@b.c\r\n\r\nwords\r\n")


@pytest.mark.parametrize("boundary", ["x", '"a b"', '\r\n "a=b"'])
def test_a_message_of_too_many_parts_is_refused_before_they_are_parsed(boundary: str) -> None:
    begun = time.process_time()
    part = f"--{boundary.strip().strip(chr(34))}\r\n\r\nIt leaks.\r\n"
    with pytest.raises(InputError, match=r"^a\.eml holds 200,000 parts, the limit is 2,000"):
        mail(HEAD + f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n{part * 200_000}".encode())
    assert time.process_time() - begun < 5


def test_lines_of_dashes_are_no_parts() -> None:
    listing = b"-- a remark\r\n--x\r\n" * 5_000
    found = mail(HEAD + b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n" + listing + b"--y--")
    assert found.text.count("-- a remark") == 5_000


@pytest.mark.parametrize("header", ["From", "To", "Subject", "Content-Type: text/plain; a"])
@pytest.mark.parametrize("part", ['"', "a*0=b; ", "=?utf-8?q?a?= ", "<,"])
def test_a_long_header_takes_no_time(header: str, part: str) -> None:
    begun = time.process_time()
    found = mail(f"{header}: {part * 10_000}\r\nDate: x\r\n\r\nIt leaks.\r\n".encode())
    assert found.text.endswith("It leaks.\n")
    assert time.process_time() - begun < 5


def test_a_sender_in_brackets_without_end_is_none() -> None:
    assert mail(b"From: " + b"(" * 20_000 + b"\r\n\r\nIt leaks.\r\n").stated == ()


LINE = st.text(st.sampled_from("abeiouäß€漢.,=?> <&-*#"), max_size=90).map(str.rstrip)


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.sampled_from("abeiouäß€漢=?"), min_size=1, max_size=60),
    st.lists(LINE, max_size=6),
    st.sampled_from(["quoted-printable", "base64", "8bit"]),
)
def test_any_words_come_back_behind_the_head(subject: str, lines: list[str], cte: str) -> None:
    words = "\n".join(["Dear Per,", *lines, "Yours, Zoë"]) + "\n"
    text = mail(message(subject, words, cte)).text
    head, _, body = text.partition("\n\n")
    assert head.splitlines()[-1] == f"Subject: {subject}"
    assert body == words
