"""What a claim says and what the source says of the same, thing by thing."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of

# The claim, the source, the kind of what differs.
WRONG = [
    ("Sixty miners signed the petition.", "The petition was signed by 46 miners of the valley.", "number"),
    ("The mine employed 1,300 people.", "In that year the mine employed 1,200 people.", "number"),
    ("The bridge is twelve metres wide.", "The new bridge is fourteen metres wide and 300 long.", "number"),
    ("The strike lasted three weeks.", "The strike lasted five weeks and ended in October.", "date"),
    ("Output fell by 40 per cent.", "By the spring, output had fallen by 30% in both mills.", "number"),
    ("The tax raised $2 million.", "In its first year the tax raised $3 million for schools.", "number"),
    ("Forty delegates came.", "60 delegates and 40 guests came to the hall.", "number"),
    ("Anna Weiss was elected at the third congress.", "Anna Weiss was elected at the fourth congress.", "number"),
    ("About 400 people attended the meeting.", "Only 250 people attended the meeting.", "number"),
    ("More than 500 people attended the meeting.", "The meeting was attended by 250 people.", "number"),
    ("The town was founded in 1871.", "The town was founded in 1817 by salt traders.", "date"),
    ("Weiss moved to Kars in June 1917.", "Weiss moved to Kars on 4 May 1917.", "date"),
    ("Weiss moved to Kars on May 5, 1917.", "Weiss moved to Kars on 4 May 1917.", "date"),
    ("The mill closed in the 1930s.", "The mill closed in 1921, after the flood.", "date"),
    ("The vote was held on Tuesday.", "The vote was held on Monday in the old school.", "date"),
    ("Roth wrote the letter to the council.", "Weiss wrote the letter to the council.", "name"),
    ("Weiss was born in Bremen.", "Weiss was born in Hamburg in a family of weavers.", "name"),
    ("The school was founded by Roth.", "Weiss founded the school.", "name"),
    ("The United Front won the vote.", "The Popular Front won the vote in March.", "name"),
    ("Weiss supported the war.", "Weiss did not support the war.", "polarity"),
    ("Weiss supported the war.", "Weiss refused to support the war.", "polarity"),
    ("Weiss never signed the petition.", "Weiss signed the petition in April.", "polarity"),
    ("Weiss supported the strike.", "Weiss opposed the strike of the miners.", "polarity"),
    ("Prices rose sharply in the spring.", "Prices fell sharply in the spring.", "polarity"),
    ("A large majority accepted the plan.", "A small majority accepted the plan.", "polarity"),
    ("Roth defeated Weiss.", "In the end Weiss defeated Roth by a few votes.", "roles"),
    ("Weiss was defeated by Roth.", "In the end Weiss defeated Roth by a few votes.", "roles"),
]

# The claim, the source; nothing differs.
RIGHT = [
    ("Nineteen miners signed the petition.", "The petition was signed by 19 miners of the valley."),
    ("The mine employed 1,200 people.", "Twelve hundred people... no: 1200 people were employed by the mine."),
    ("The mine employed about 250 people.", "The mine employed 248 people."),
    ("Nearly 300 people attended the meeting.", "The meeting was attended by 297 people."),
    ("More than 200 people attended the meeting.", "The meeting was attended by 248 people."),
    ("Some 1.2 million people lived there.", "The census counted 1,203,417 people, who lived there."),
    ("A dozen letters survive.", "12 letters survive in the archive."),
    ("Forty per cent of the houses burned.", "40% of the houses burned in a single night."),
    ("Half of the houses burned.", "50 per cent of the houses burned."),
    ("The strike lasted two weeks.", "The strike lasted 14 days."),
    ("Weiss moved to Kars in 1917.", "Weiss moved to Kars on 4 May 1917."),
    ("Weiss moved to Kars on May 4, 1917.", "Weiss moved to Kars on 4 May 1917."),
    ("Weiss moved to Kars on 04/05/1917.", "Weiss moved to Kars on 4 May 1917."),
    ("Weiss moved to Kars in May 1917.", "1917 was a hard year. In May Weiss moved to Kars."),
    ("The mill closed in the twenties.", "The mill closed in 1921, after the flood."),
    ("The mill closed in the 1920s.", "The mill closed in the spring of 1921."),
    ("The mill closed in 1921.", "The mill opened in 1911. Ten years later it closed."),
    ("Weiss wrote to the council.", "On Monday Anna Weiss wrote a long letter to the council of Kars."),
    ("Anna Weiss wrote to the council.", "Weiss wrote a long letter to the council."),
    ("Trotzky was expelled.", "In 1927 Trotsky was expelled."),
    ("The United States joined the treaty.", "The U.S. joined the treaty in 1921."),
    ("Germany signed the treaty.", "The German government signed the treaty."),
    ("The letter was written by Weiss.", "Weiss wrote the letter."),
    ("Weiss opposed the war.", "Weiss did not support the war."),
    ("Weiss did not join the party.", "Weiss refused to join the party."),
    ("Weiss failed to win the seat.", "Weiss did not win the seat."),
    ("The vote was held.", "The vote was not held until March."),
    ("Roth was defeated by Weiss.", "In the end Weiss defeated Roth by a few votes."),
    ("She left the town.", "Weiss left the town with her sister."),
]


@pytest.mark.parametrize(("claim", "source", "kind"), WRONG)
def test_what_the_source_contradicts_differs(claim: str, source: str, kind: str) -> None:
    assert kind in [finding.kind for finding in compare(claim, window_of(source)) if finding.outcome == "differs"]


@pytest.mark.parametrize(("claim", "source"), RIGHT)
def test_what_the_source_says_in_other_words_does_not_differ(claim: str, source: str) -> None:
    assert [finding for finding in compare(claim, window_of(source)) if finding.outcome == "differs"] == []


@pytest.mark.parametrize(("claim", "source"), [(c, s) for c, s, _ in WRONG] + RIGHT)
def test_both_places_are_exact(claim: str, source: str) -> None:
    window = window_of(source, before="Something else. ", behind=" And more.")
    for finding in compare(claim, window):
        assert finding.claim is None or claim[slice(*finding.claim)].strip() == claim[slice(*finding.claim)] != ""
        cited = finding.source
        assert cited is None or window.document.text[cited.start : cited.end] == cited.quote
        assert cited is None or window.start <= cited.start < cited.end <= window.end
        assert "\n" not in finding.reason and finding.reason


def test_what_agrees_is_reported_with_both_places() -> None:
    found = compare(
        "Nineteen miners wrote to Weiss in May 1917.", window_of("On 4 May 1917, 19 miners wrote to Anna Weiss.")
    )
    said = {finding.kind: finding.source.quote for finding in found if finding.source and finding.outcome == "agrees"}
    assert said == {"number": "19", "name": "Weiss", "date": "4 May 1917"}


def test_what_the_source_does_not_mention_is_absent() -> None:
    found = compare("In 1931, Roth paid 500 marks.", window_of("The valley lies behind two hills."))
    assert {(finding.kind, finding.outcome) for finding in found} == {
        ("date", "absent"),
        ("name", "absent"),
        ("number", "absent"),
    }


def test_the_same_comes_out_every_time() -> None:
    window = window_of("In the end Weiss defeated Roth by 40 votes in 1911.")
    assert compare("Roth defeated Weiss in 1912.", window) == compare("Roth defeated Weiss in 1912.", window)


def test_another_language_gives_only_numbers_and_names() -> None:
    found = compare(
        "Weiss kam 1917 mit 20 Kindern nach Bremen.", window_of("Weiss kam 1917 mit 30 Kindern nach Hamburg.")
    )
    assert {finding.kind for finding in found} <= {"number", "date", "name"}
