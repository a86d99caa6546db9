"""Quotations of the bundled article, each with what is right or wrong about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.check.quotations import judge_quotations, locate
from assistant.check.quoting.aligned import align
from assistant.check.texts import Texts
from assistant.check.types import Finding
from ingest.loading import load_file
from ingest.passages import SPLITTER_VERSION, split_document
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.types import shown_text

ARTICLE = Path(__file__).parents[3] / "ingest" / "articles" / "origins-of-the-left-opposition.md"

EXACT = """
The triumvirate “blamed the German leaders and removed them”.
Lenin compared the revolution to a “beleaguered fortress”.
'A secret Politburo, made up of all the members of the real one except Trotsky, met separately' to campaign.
In the Opposition's view the committee would become a "weapon" of imperialism.
The congress “adopted Stalin’s position by 559 votes to 65”.
„Stalin purged the Leningrad district by the same methods“, the article says.
«Kirov, a faithful supporter of Stalin», took over in Leningrad.
Zinoviev admitted that “Trotsky was correct against us”.
> The Left Opposition was established in 1923, but it developed in stages, in reaction to the ruling faction’s course.
The peasants were told: ‘Enrich yourselves!’
Rosa Luxemburg spoke of a “stinking corpse”.
According to Molotov, the Opposition was on the “road to Kronstadt”.
“[Lenin] lay paralysed until his death”, the article notes.
“A stroke on 14 December 1922 left Lenin partly paralysed, and the next day … he began to dictate the notes.”
“Kuibyshev [...] proposed to print a single special copy of Pravda with the article in it”, it says.
“[T]he masses were exhausted by defeats” is how the article explains it.
It says that “engineering workers [sic] in the Donets Basin, Kharkov, Sormovo and other areas were on strike”.
“THE LENIN LEVY diluted the party's membership and made Stalin and the bureaucracy stronger.”
Trotsky denied that his early writings tried to “leap over the peasantry”.
The bloc could be kept “only if the Communists restrained the peasant revolt, prevented strikes” and so on.
Zinoviev wanted expulsion, “but Stalin urged caution because he feared a backlash”.
Chiang “banned the workers' organizations”.
George Hardy said that most of the lefts “turned out to be ‘windbags’”.
The TUC “finally broke up the ‘united front’ itself, and did so publicly”.
Trotsky called Stalin the “gravedigger of the revolution”.
The party had gained “majorities in Red Army units – in the Young Communist League – and in Moscow”.
"""

ALTERED = """
The congress “adopted Stalin’s position by 595 votes to 65”. | “595” stands in the source as “559”
Lenin compared the revolution to a “beleaguered castle”. | “castle” stands in the source as “fortress”
“Stalin always forgave him.” | “always” stands in the source as “never”
Rosa Luxemburg spoke of a “stinking body”. | “body” stands in the source as “corpse”
“The break did come from the Soviet unions.” | has “not”
“The miners were left to fight on alone until hunger drove them out of work.” | “out of” .* “back to”
“Kirov, a faithful opponent of Stalin, then replaced Zinoviev as president.” | “opponent” .*“supporter”
“A stroke on 24 December 1922 left Lenin partly paralysed.” | “24” stands in the source as “14”
“Chiang massacred hundreds of workers and Communists.” | “hundreds” stands in the source as “thousands”
“Fishelev, an old Menshevik and a printer, managed to print several thousand copies.” | “Menshevik” .* “Communist”
The “Opposition openly built up a clandestine national network”. | “openly” is not in the source
The lefts turned out to be “windbag”. | “windbag” stands in the source as “windbags”
“The right capitulated to the Labour government.” | “Labour” stands in the source as “Conservative”
“It was a formal agreement … meant to prevent war and imperialistic intervention.” | imperialist
"""

TURNED = """
“Zinoviev and Kamenev apparently wanted to expel him from the party as well.” | cut .* “but”
“The bloc could be preserved.” | cut .* “only if”
“Trotsky was really guilty of every one of the ‘deadly sins’ laid to his charge.” | cut .* “not know whether”
“Within twelve months Chiang was preparing another blow.” | cut .* “but”
The Politburo, it says, “published Trotsky’s letters and the ‘Platform of the 46’”. | cut .* “neither”
The article tells us that “his early writings tried to ‘leap over the peasantry’”. | cut .* “denied that”
“He advocated a special policy called ‘Trotskyism’”, says the second point. | cut .* “denied that”
In the end the Opposition “had even hoped to”. | .
“The Left Opposition was established in 1923 … in reaction to the ruling faction’s course.” | ellipsis hides “but”
“The bloc could be preserved … so as not to frighten their bourgeois allies.” | ellipsis hides “only”
“The break … came from the Soviet unions.” | .
“Stalin never forgave him … The miners were left to fight on alone.” | distant places
“The miners were left to fight on alone … Lenin died on 21 January 1924.” | distant places
“Lenin died on 21 January 1924 and the miners were left to fight on alone.” | spliced
“The Opposition gained support in spite of the attacks because he feared a backlash.” | spliced
“[It] [never] broke up the ‘united front’ itself, and did so publicly.” | brackets
"""

SPOKEN = """
Trotsky spoke of a “stinking corpse”. | said by Rosa Luxemburg
Stalin said: “Trotsky was correct against us”. | said by Zinoviev
The article says: “Enrich yourselves!” | not said by the source itself
Kamenev declared that the Opposition was on the “road to Kronstadt”. | said by Molotov
Zinoviev called Stalin the “gravedigger of the revolution”. | said by Trotsky
Krupskaya wrote that “the miners were left to fight on alone until hunger drove them back to work”. | not give
"""

ABSENT = """
He called it a “moonlight sonata”.
“The harbour board of Hamburg bought a paraffin lamp for the Politburo's yacht.”
The Comintern described it as “a triumph of electrical engineering over winter”.
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def pairs(text: str) -> list[tuple[str, str]]:
    split = [line.rsplit(" | ", 1) for line in lines(text)]
    return [(claim, reason) for claim, reason in split]


@pytest.fixture(scope="module")
def article(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    document = load_file(ARTICLE).document
    with Index.open(tmp_path_factory.mktemp("quoted") / "index", embedder, splitter=SPLITTER_VERSION) as index:
        structure, passages = split_document(document, embedder)
        index.upsert(document, passages, structure)
        yield index


def wrong(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.outcome != "agrees"]


def exact_places(index: Index, findings: list[Finding]) -> bool:
    """Whether each citation holds the very characters of the text."""
    cited = [finding.source for finding in findings if finding.source is not None]
    return all(index.document(c.document_id).text[c.start : c.end] == c.quote and c.quote for c in cited)


@pytest.mark.parametrize("claim", lines(EXACT))
def test_a_faithful_quotation_is_exact(article: Index, claim: str) -> None:
    findings = judge_quotations(claim, article)
    assert findings and wrong(findings) == []
    assert any(finding.kind == "quotation" and finding.source is not None for finding in findings)
    assert exact_places(article, findings)


@pytest.mark.parametrize(("claim", "reason"), pairs(ALTERED) + pairs(TURNED))
def test_an_altered_or_turned_quotation_is_told_with_its_words(article: Index, claim: str, reason: str) -> None:
    findings = judge_quotations(claim, article)
    told = [one.reason for one in wrong(findings) if one.kind == "quotation"]
    assert told and re.search(reason, told[0])
    assert exact_places(article, findings)


@pytest.mark.parametrize(("claim", "reason"), pairs(SPOKEN))
def test_right_words_given_to_the_wrong_speaker(article: Index, claim: str, reason: str) -> None:
    findings = judge_quotations(claim, article)
    assert [one.kind for one in wrong(findings)] == ["speaker"]
    assert reason in findings[0].reason and exact_places(article, findings)


@pytest.mark.parametrize("claim", lines(ABSENT))
def test_words_that_stand_nowhere_are_absent(article: Index, claim: str) -> None:
    assert [(one.kind, one.outcome) for one in judge_quotations(claim, article)] == [("quotation", "absent")]


@pytest.mark.parametrize("behind", ["", " (novel)", ": A Novel"])
def test_the_title_of_a_document_in_quotation_marks_is_no_quotation(behind: str) -> None:
    source = Texts([(f"No Mill for Old Men{behind}", "The novel was received with mixed feelings.")])
    assert judge_quotations("The novel “No Mill for Old Men,” was received with mixed feelings.", source) == []
    told = judge_quotations("The novel “No Mill for Young Men” was received with mixed feelings.", source)
    assert [(one.kind, one.outcome) for one in told] == [("quotation", "absent")]


def test_right_words_at_the_wrong_place(article: Index) -> None:
    claim = "Lenin spoke of a “beleaguered fortress”."
    (head,) = article.heads()
    text = shown_text(article.document(head.id))
    at = text.index("beleaguered")
    for place, outcome in (((at - 50, at + 60), "agrees"), ((0, 300), "differs"), ((at + 900, at + 1_200), "differs")):
        findings = judge_quotations(claim, article, cited=[(head.id, *place)])
        assert [one.outcome for one in findings if one.kind == "citation"] == [outcome]
        assert exact_places(article, findings)


def test_a_quotation_over_several_sentences_is_read_with_what_stands_before(article: Index) -> None:
    before = "The article is blunt: “Stalin never forgave him."
    findings = judge_quotations(
        "Shortly afterwards hand-chosen delegates greeted the Opposition.", article, context=before
    )
    assert [one.outcome for one in findings] == ["differs"] and "hand" not in findings[0].reason[:5]
    findings = judge_quotations(
        "Shortly afterwards hand-picked delegates greeted the Opposition", article, context=before
    )
    assert wrong(findings) == [] and findings


def test_a_sentence_that_is_the_sources_own_is_found_without_quotation_marks(article: Index) -> None:
    (finding,) = judge_quotations("The miners were left to fight on alone.", article)
    assert (finding.kind, finding.outcome, finding.claim) == ("quotation", "agrees", None)
    assert judge_quotations("The miners fought on without help.", article) == []
    ((document, start, end),) = locate("Stalin never forgave him!", article)
    assert document.text[start:end] == "Stalin never forgave him"


@pytest.mark.parametrize(
    ("quoted", "source", "left_out"),
    [
        ("we keep what is understood", "and so we keep what is not yet understood today", "not yet"),
        ("I know whether he went", "but I do not know whether he went", "do not"),
    ],
)
def test_words_left_out_beside_the_first_or_last_word_are_told_as_such(quoted: str, source: str, left_out: str) -> None:
    words = source.split()
    (one,) = align(quoted.split(), words).differences
    assert one.first == one.last
    assert " ".join(words[one.source_first : one.source_last]) == left_out
