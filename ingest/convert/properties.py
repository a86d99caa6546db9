"""What the properties of a file say of it (title, authors, date), less what no person has put there.

Programs fill properties in by themselves. So these are left out:

- titles such as "Untitled", "Document1", "Microsoft Word - draft.doc", file names, paths and addresses;
- authors such as "admin", "Windows User", "user01", the name of a program or of a make of computers, addresses;
- the time at which a program made the file (of PDF and Word), unless the properties name an author, too: a page printed
  from a browser, a scan or a typeset file without properties was made on that day, but seldom written then. A date that
  a page or book states as that of its publication counts always.

But: it does not know whether what is left is true; an answer says that the properties say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.layout.facts import MOST_AUTHORS, names_in
from vectorstore.english import word_set
from vectorstore.printable import printable
from vectorstore.types import FactName

Stated = tuple[tuple[FactName, str], ...]

LONGEST_TITLE = 200
_LONGEST_AUTHOR = 150
_NO_TITLE = re.compile(
    r"\(?(?:untitled|unbenannt|sans titre|sin t[ií]tulo|anonymous|unspecified|unknown|none|null)\)?"
    r"(?: ?(?:document|page|file))?(?:[\s_-]*\d*)"
    r"|microsoft (?:office )?(?:word|excel|powerpoint)\b.*|(?:word|excel|powerpoint) (?:document|presentation)"
    r"|(?:new )?title"
    r"|(?:new |my |text |word |pdf |blank )?(?:document|doc|presentation|page|slide|layout|file|scan|print|image|book|"
    r"template|home|index|default|output|temp|tmp|test|draft|copy|final|letter|report)(?:[\s_-]*\(?\d*\)?)"
    r"|(?:scanned (?:by|from|at|to|document|image)|printed from|print job|about:blank|full page photo)\b.*"
    r"|(?:https?|file|ftp):.*|www\.\S+|(?:[A-Za-z]:)?[\\/]\S*|\S*\.(?:com|org|net|gov)(?:/\S*)?"
    r"|.*\.(?:docx?|docm|dotx?|odt|tex|dvi|indd|qxd|qxp|pdf|rtf|txt|html?|xhtml|xlsx?|pptx?|wpd|cdr|tiff?|jpe?g|png)"
    r"|[\W_]*|\d{5,}",
    re.IGNORECASE,
)
"""Titles that programs make up."""
_NO_AUTHORS = word_set(
    """admin administrator administrador root user owner guest test tester unknown anonymous none null author authors
    unspecified default client customer computer home office student teacher staff me username user_name author_name
    your_name default_user windows_user microsoft_office_user office_user registered_user valued_customer
    authorised_user authorized_user pc_user mac_user microsoft windows hp hewlett-packard hewlett-packard_company dell
    lenovo acer asus toshiba samsung sony compaq ibm apple scanner copier www editor webmaster n/a tba tbd system"""
)
_PROGRAMS = re.compile(
    r"(?:adobe|acrobat|indesign|photoshop|quarkxpress|framemaker|microsoft|libreoffice|openoffice|staroffice|"
    r"google docs|(?:pdf|xe|lua)?\(?(?:la)?tex|dvips|ghostscript|quartz pdf|skia/|chromium|mozilla|wkhtml|weasyprint|"
    r"itext|reportlab|fpdf|tcpdf|pandoc|python-docx|docx4j|openpyxl|aspose|pscript|wordpress|drupal|joomla|squarespace|abbyy|"
    r"camscanner|scansnap|pypdf|pdfium|pdfcreator|cutepdf|apache (?:poi|fop)|konica minolta|print server).*"
    r"|(?:quartz|chrome|firefox|safari|prince|calibre|sigil|apache|python|canva|wix|hugo|jekyll|xerox|canon|ricoh|kyocera|"
    r"epson|foxit|nitro|writer|word|pages|canon|illustrator)[\s\d.v/]*",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[a-z]*\d[\w.-]*|[a-z]{1,15}|[A-Z]{1,3}\d[\w-]*|\W*\d[\W\d]*")
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<!\S)[^\s@]++@\S+|(?:https?:|www\.|@)\S*", re.IGNORECASE)
_PDF_DATE = re.compile(r"(?:D:)?((?:1[5-9]|20)\d\d)(?:(0[1-9]|1[0-2])(?:(0[1-9]|[12]\d|3[01])\d*)?)?(?!\d)")
_ISO_TIME = re.compile(r"((?:1[0-9]|20)\d\d-\d\d-\d\d)[T ]\d\d:?\d\d.*")
_FIRST_YEAR = 1990
"""Before the programs that write such properties."""
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")


def stated(
    title: str | None, authors: Iterable[str], *, published: str | None = None, made: str | None = None, tool: str = ""
) -> Stated:
    """What is worth telling of some properties, title first, then authors, then date, as Converted.stated has it. One
    of `authors` may be a list of names; `published` is when the document came out, `made` when its file was made, by
    the program `tool`."""
    found: list[tuple[FactName, str]] = []
    if title and (sound := sound_title(title)):
        found.append(("title", sound))
    names = list(dict.fromkeys(name for one in authors for name in _authors(one, tool)))[:MOST_AUTHORS]
    found += [("author", name) for name in names]
    date = _date(published or "")
    if date is None and names and (day := _date(made or "")) and _first_year(day) >= _FIRST_YEAR:
        date = day
    if date:
        found.append(("date", date))
    return tuple(found)


def sound_title(title: str) -> str | None:
    """The title on one line; None where a program has made it up."""
    words = _line(title)
    return words if words and len(words) <= LONGEST_TITLE and not _NO_TITLE.fullmatch(words) else None


def _authors(value: str, tool: str) -> list[str]:
    """The names in a property, which may hold a list of them; that of the program `tool` is none."""
    found = []
    for part in re.split(r"[;\n]", value):
        for name in names_in(_ADDRESS.sub("", _BY.sub("", _line(part), count=1)).strip(" ,<>()[]-")):
            key = "_".join(name.casefold().replace("_", " ").split())
            program = _PROGRAMS.fullmatch(name) or name.casefold() in tool.casefold()
            made_up = key in _NO_AUTHORS or program or _ACCOUNT.fullmatch(name)
            if len(name) <= _LONGEST_AUTHOR and not made_up and any(map(str.isalpha, name)):
                found.append(name)
    return found


def _date(value: str) -> str | None:
    """A date as "2018-06-12", less the time of day; other words as they are, where they hold a year."""
    words = re.sub(r"^(\d{4})/(\d\d?)/(\d\d?)(?!\d)", r"\1-\2-\3", _line(value))
    match = _PDF_DATE.match(words)
    if match and (match.end() == len(words) or words.startswith("D:") or match.group(3)):
        return "-".join(filter(None, match.groups()))
    if match := _ISO_TIME.fullmatch(words):
        return match.group(1)
    return words if len(words) <= 60 and _YEAR.search(words) else None


def _first_year(date: str) -> int:
    return min(map(int, _YEAR.findall(date)))


def _line(value: str) -> str:
    return " ".join(printable(value[:1_000].replace("\x00", " ")).split())
