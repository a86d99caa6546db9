"""What a claim says and what the source says of the same, thing by thing."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of

HARBOUR = (
    "Police arrested the watchman, Otto Roth, two days later; his employer, Anna Lund, was questioned. "
    "Lund had hired Roth in May. Weiss, the harbour master, gave Roth the keys. Karl Holm pulled Roth out of the water."
)
POTTER = (
    "Anna Lund, née Berg, was a potter. She married the engraver Karl Lund in 1894; her sister Marta married "
    "Otto Roth. After Karl died in 1902 she married Paul Weiss, a teacher."
)

# The claim, the source, the kind of what differs.
WRONG = [
    ("Sixty miners signed the petition.", "The petition was signed by 46 miners of the valley.", "number"),
    ("The mine employed 1,300 people.", "In that year the mine employed 1,200 people.", "number"),
    ("The bridge is twelve metres wide.", "The new bridge is fourteen metres wide and 300 long.", "number"),
    ("The strike lasted three weeks.", "The strike lasted five weeks and ended in October.", "date"),
    ("Output fell by 40 per cent.", "By the spring, output had fallen by 30% in both mills.", "number"),
    ("The tax raised $2 million.", "In its first year the tax raised $3 million for schools.", "number"),
    ("Half a million people lived there.", "Some 300,000 people lived there.", "number"),
    ("Three quarters of the houses burned.", "In all 25% of the houses burned.", "number"),
    ("No strike in Kars succeeded.", "All strikes in Kars succeeded.", "polarity"),
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
    ("Kars was founded by traders from Weissenburg.", "Weissenburg was founded by traders from Kars.", "roles"),
    ("The bridge is not the oldest of the valley.", "The bridge is the oldest of the valley.", "polarity"),
    ("The mill was closed and Weiss was released.", "The mill was opened and Weiss was arrested.", "polarity"),
    ("The jury was elected before the vote.", "The jury was elected after the vote.", "polarity"),
    ("The mill has never been repaired.", "The mill has been repaired twice.", "polarity"),
    ("All but two of the houses burned.", "None of the houses burned.", "polarity"),
    ("Weiss called the plan a betrayal of the miners.", "Roth called the plan a betrayal of the miners.", "speaker"),
    ("Weiss said that the plan betrayed the miners.", "“The plan betrayed the miners,” said Roth.", "speaker"),
    ("According to Weiss, the plan betrayed the miners.", "The plan betrayed the miners, Roth argued.", "speaker"),
    ("Weiss blew up the bridge in March.", "In March Weiss planned to blow up the bridge.", "hedge"),
    ("Weiss took the money from the bank.", "Weiss is said to have taken the money from the bank.", "hedge"),
    ("Weiss took the money from the bank.", "Weiss allegedly took the money from the bank.", "hedge"),
    ("Weiss took the money from the bank.", "Roth claimed that Weiss had taken the money from the bank.", "hedge"),
    ("The army won the war.", "With more guns, the army would have won the war.", "hedge"),
    ("The strike will spread to Kars.", "The strike may spread to Kars, the paper writes.", "hedge"),
    ("Weiss threatened to leave the party.", "Weiss left the party in March.", "hedge"),
    ("Weiss may have been ill in March.", "Weiss was ill in March.", "hedge"),
    ("Weiss is said by some to have founded the club.", "Weiss founded the club in Kars.", "hedge"),
    ("The bridge was to have been finished in May.", "The bridge was finished in May.", "hedge"),
    ("Roth paid the fine in May.", "In May Roth and Weiss were ill. Weiss paid the fine in May.", "roles"),
    ("The fine was paid by Roth in May.", "By May Roth was ill. In May the fine was paid by Weiss.", "roles"),
    ("Karl Roth sold the mill.", "Otto Roth sold the mill to a bank. Karl Roth stayed in Kars.", "roles"),
    ("The mate survived the wreck.", "The captain survived; the mate, Karl Roth, did not.", "polarity"),
    ("Weiss voted for the new bridge.", "On the new bridge, Weiss cast the only vote against.", "polarity"),
    (
        "The men of Kars were released and for that reason left the town.",
        "There was a cause. The men of Kars were released and left the town.",
        "cause",
    ),
    ("Otto Roth succeeded Karl Weiss.", "The director, Otto Roth, sent for Karl Weiss. Weiss succeeded him.", "roles"),
    ("Anna Weiss married Karl Lund.", "Weiss never married. She shared a flat with Karl Lund.", "polarity"),
    ("The brewery may sell beer at the fair.", "The council rejected the brewery's request to sell beer.", "polarity"),
    (
        "Otto Weiss was a painter.",
        "Anna Weiss (1897-1971) was a painter. Her brother Otto was a clerk.",
        "name",
    ),
    ("Hoses must be used before six.", "Use watering cans, not hoses, before six.", "polarity"),
    ("A new mill costs 90 euros.", "A mill costs 40 euros, a new one three times as much.", "number"),
    ("Weiss accepted the plan.", "Weiss was offered the plan and turned it down.", "polarity"),
    (
        "Anna Weiss accepted the cup of the guild.",
        "The guild offered Weiss a cup; she declined it. Her pupil Otto Roth accepted the cup of the guild.",
        "polarity",
    ),
    ("Anna Weiss signed the letter.", "Anna Weiss did not sign the letter. Otto Roth signed the letter.", "polarity"),
    ("The guild sold the house in May.", "In May he asked the guild to sell the house.", "hedge"),
    (
        "The county repainted the gate.",
        "They asked the county to repaint the gate; the county would not.",
        "polarity",
    ),
    ("Weiss accepted the post of director.", "Weiss declined the post of director.", "polarity"),
    ("The eight or fifteen men of Kars went home.", "The ten or fifteen men of Kars went home.", "number"),
    ("Among the ten were never Roth, Weiss and Lund.", "Among the ten were Roth, Weiss and Lund.", "polarity"),
    ("The club could not win and had even hoped to.", "The club could not win and had not even hoped to.", "polarity"),
    (
        "The vote won most friends in the old town of Kars.",
        "The vote won few friends in the old town of Kars.",
        "quantity",
    ),
    (
        "Weiss betrayed the strike in Kars.",
        "In Kars, as Opposition writers maintain, Weiss betrayed the strike.",
        "hedge",
    ),
    (
        "The strike was the greatest event of the year.",
        "Some call it the greatest event of the year, this strike.",
        "hedge",
    ),
    (
        "Weiss knew that the treasurer was guilty of theft.",
        "Weiss asked whether the treasurer was guilty of theft.",
        "hedge",
    ),
    ("Weiss apparently wanted to sell the mill.", "Weiss wanted to sell the mill.", "hedge"),
    ("Weiss wanted to sell the mill to Roth.", "Weiss apparently wanted to sell the mill to Roth.", "hedge"),
    ("Roth received bribes from the mill.", "Weiss denied that Roth received bribes from the mill.", "polarity"),
    (
        "Roth received bribes from the mill.",
        "Weiss disputed the claim that Roth received bribes from the mill.",
        "polarity",
    ),
    ("The tower is 947 km high.", "The tower is 947 m high.", "number"),
    ("The trial lasted 10 months in Kars.", "The trial lasted 10 years in Kars.", "date"),
    (
        "The fund received more than $1.77 million in grants.",
        "The fund received more than $1.77 billion in grants.",
        "number",
    ),
    ("The dam did improve the harvest of the valley.", "The dam did not however improve the harvest.", "polarity"),
    ("The town therefore sold the ferry to Roth.", "The town later sold the ferry to Roth.", "cause"),
    (
        "Because of the first season, rules were made for the league.",
        "Following the first season, rules were made for the league.",
        "cause",
    ),
    ("The mill closed because of the flood.", "The mill closed after the flood.", "cause"),
    ("The flood led to the strike.", "The strike began soon after the flood.", "cause"),
    ("The flood came because the dam broke.", "The dam broke because the flood came.", "cause"),
    ("The dam broke before the flood came.", "The dam broke after the flood came.", "cause"),
    ("All members agreed to the plan.", "Most members agreed to the plan.", "quantity"),
    ("Most of the members agreed to the plan.", "Some of the members agreed to the plan.", "quantity"),
    ("Few members agreed to the plan.", "Most members agreed to the plan.", "quantity"),
    ("Trains were always late in winter.", "In winter trains were sometimes late.", "quantity"),
    ("Police arrested Anna Lund two days later.", HARBOUR, "roles"),
    ("Anna Lund was arrested by the police.", HARBOUR, "roles"),
    ("Roth hired Lund in May.", HARBOUR, "roles"),
    ("Roth gave Weiss the keys.", HARBOUR, "roles"),
    ("Karl Holm was pulled out of the water by Roth.", HARBOUR, "roles"),
    ("Anna Lund married Otto Roth.", POTTER, "roles"),
    ("Marta married Paul Weiss, a teacher.", POTTER, "roles"),
    ("Karl Lund was the husband of Marta.", POTTER, "roles"),
    ("Roth bought the vase from the museum.", "The museum bought the blue vase from Roth.", "roles"),
    ("The mill may be the oldest of the valley.", "The mill is the oldest of the valley.", "hedge"),
    ("The mill is the oldest of the valley.", "The mill is thought to be the oldest of the valley.", "hedge"),
    ("The mill is the oldest of the valley.", "Critics argue that the mill is the oldest of the valley.", "hedge"),
    ("The captain hid the last of the rum.", "According to Roth, the captain hid the last of the rum.", "hedge"),
    ("The bank will pay for the new mill.", "The bank will pay for the new mill unless prices fall.", "hedge"),
    ("In May Weiss left the old town.", "In May Roth left the old town. Weiss stayed.", "roles"),
    ("Boats are lent to Roth by other clubs.", "Boats are lent to other clubs by Roth with his consent.", "roles"),
    ("The press was founded by Weiss and Karl Lund.", "Roth founded the press with Karl Lund. Weiss left.", "roles"),
    ("Weiss bought the old mill in May.", "Weiss sold the old mill in May.", "polarity"),
    ("Half of the boats were damaged.", "Not all of the boats were damaged.", "quantity"),
    ("All of the boats were damaged.", "Not all of the boats were damaged.", "quantity"),
    ("The members were Roth, Weiss and Lund.", "The members were Roth, Weiss, Lund and three others.", "quantity"),
    (
        "The glazes were made of ash, quartz and bone.",
        "The glazes were made of ash, quartz, bone and clay.",
        "quantity",
    ),
    ("The stores did not include tea.", "The stores were flour, salt, tea and oil.", "polarity"),
]

# The claim, the source; nothing differs.
RIGHT = [
    ("Lena Dahl joined the choir.", "Karl Holm invited Lena Dahl to join the choir, and she came."),
    ("Lena Dahl joined the choir.", "Karl Holm asked Lena Dahl to join the choir, and she did."),
    ("Berg was 2nd in the voting.", "Berg tied for second in the voting with Ruth Lind."),
    ("Every town strives to keep a school.", "Every town aims to keep a school."),
    ("Roth paid the fine in May.", "Weiss and Roth paid the fine in May."),
    ("Roth paid the fine in May.", "Roth was ill. He paid the fine in May."),
    ("The captain survived the wreck.", "The captain survived; the mate, Karl Roth, did not."),
    ("Weiss lost the key of the mill.", "The court found that Weiss had lost the key of the mill."),
    ("Not only the ten men of Kars came to the meeting.", "The ten men of Kars came to the meeting."),
    ("Nineteen miners signed the petition.", "The petition was signed by 19 miners of the valley."),
    ("The mine employed 1,200 people.", "Twelve hundred people... no: 1200 people were employed by the mine."),
    ("The mine employed about 250 people.", "The mine employed 248 people."),
    ("Nearly 300 people attended the meeting.", "The meeting was attended by 297 people."),
    ("More than 200 people attended the meeting.", "The meeting was attended by 248 people."),
    ("Some 1.2 million people lived there.", "The census counted 1,203,417 people, who lived there."),
    ("A dozen letters survive.", "12 letters survive in the archive."),
    ("Forty per cent of the houses burned.", "40% of the houses burned in a single night."),
    ("Half a million people lived there.", "Some 498,000 people lived there."),
    ("Three quarters of the houses burned.", "75% of the houses burned."),
    ("One house in four burned down, or 25%.", "A quarter of the houses burned down."),
    ("No strike outside Kars succeeded.", "All strikes outside Kars failed."),
    ("Nobody in the valley accepted the plan.", "Everybody in the valley rejected the plan."),
    ("The plan was turned down by four votes to two.", "The plan was rejected by four votes to two."),
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
    ("Roth and Weiss signed the letter.", "The letter was signed by Weiss and Roth."),
    ("If the mill closed, many would leave.", "Many would leave the valley if the mill closed."),
    ("COVID-19 spread through both towns.", "In the spring, 2 towns were reached by COVID-19."),
    ("Weiss did not sign the letter in 1918.", "Weiss signed the letter in 1914."),
    ("The mill was founded in 1889 or 1890.", "The mill was founded in 1890."),
    ("Nobody knew whether Weiss would come.", "Whether or not Weiss would come, nobody knew."),
    ("Weiss said that the plan betrayed the miners.", "“The plan betrayed the miners,” said Anna Weiss."),
    ("Weiss and Roth denounced the plan.", "The plan was denounced by Weiss and Roth."),
    ("Weiss allegedly took the money.", "Weiss is said to have taken the money."),
    ("According to Roth, Weiss took the money.", "Roth claimed that Weiss had taken the money."),
    ("Weiss wanted to leave the town.", "Weiss planned to leave the town."),
    ("Weiss tried to stop the strike.", "Weiss attempted to stop the strike."),
    ("The mill closed because of the flood.", "The flood led to the closing of the mill."),
    ("The guild repaired the gate.", "The guild asked the county to repair the gate, and mended it alone."),
    ("The mill closed after the flood.", "The mill closed because of the flood."),
    ("The mill closed because of a lack of coal.", "The mill closed for lack of coal after the war."),
    ("The town therefore sold the ferry.", "The mill burned down. As a result, the town sold the ferry."),
    (
        "When Roth held it until 1345, Weiss held the town until 1256.",
        "Weiss held the town until 1256, when Roth held it until 1345.",
    ),
    ("The walk took 120 minutes to Kars.", "The walk took two hours to Kars."),
    ("The tower is 0.9 km high.", "The tower is 900 m high."),
    ("Weiss may have been ill in March.", "Weiss was perhaps ill in March."),
    ("Weiss reportedly took the money from the bank.", "Roth says that Weiss took the money from the bank."),
    ("Weiss betrayed the strike, his opponents maintain.", "As his opponents maintain, Weiss betrayed the strike."),
    ("The flood came before the mill closed.", "The mill closed after the flood came."),
    ("Some members agreed to the plan.", "All members agreed to the plan."),
    ("Many members agreed to the plan.", "Most of the members agreed to the plan."),
    ("The most important members agreed.", "Some important members agreed."),
    ("Children are more likely to fall ill.", "Children fall ill more often."),
    ("Adults run a higher risk than children.", "Children run a lower risk than adults."),
    ("The plan costs $185 a month, with $1,500 down.", "The plan costs $185 a month."),
    (
        "Nets do not seem to harm herds without calves, though wooden traps may weaken old animals.",
        "Nets do not seem to harm herds without calves however wooden traps may weaken old animals.",
    ),
    ("Weiss succeeded Otto Roth.", "The director, Otto Roth, retired in May. Weiss succeeded him."),
    ("The brewery asked to sell beer.", "The council rejected the brewery's request to sell beer."),
    ("The brewery made a request.", "The council rejected the brewery's request to sell beer."),
    ("Otto Weiss was a clerk.", "Anna Weiss (1897-1971) was a painter. Her brother Otto was a clerk."),
    ("Otto Weiss left the town.", "Otto and Anna Weiss left the town."),
    ("A new mill costs 120 euros.", "A mill costs 40 euros, a new one three times as much."),
    ("Nobody may have more than two plots.", "A tenant may hold two plots at most."),
    ("The bell weighs nearly 40 kilograms.", "The bell weighs about 38 kilograms."),
    ("Otto Roth was taken to Kars in May.", "In May Otto Roth was tried under an old law and quickly taken to Kars."),
    ("Otto Roth was sent to Kars in May.", "In May Otto Roth was arrested and sent to Kars."),
    ("Hoses must not be used before six.", "Use watering cans, not hoses, before six."),
    ("The club had 400 members in May.", "The club had 200 members in April and twice as many in May."),
    ("There are 28 paid days a year.", "There are 28 days of paid leave a year."),
    ("The watchman, Otto Roth, was arrested by police.", HARBOUR),
    ("Roth was hired by Anna Lund.", HARBOUR),
    ("The keys were given to Roth by Weiss.", HARBOUR),
    ("Roth was pulled out of the water by Karl Holm.", HARBOUR),
    ("Anna Lund was questioned.", HARBOUR),
    ("Anna Lund married Paul Weiss.", POTTER),
    ("Lund defended the old kilns.", "Lund had foes. *The Red Kiln* defended the old kilns."),
    (
        "Roth feared a great fire.",
        "Weiss spoke of fires, and Roth and Weiss agreed. Weiss had warned of them, Roth went on. Voices called "
        "him a liar, but Roth continued. He feared a great fire.",
    ),
    ("Karl Lund married Anna Lund in 1894.", POTTER),
    ("Marta's husband was Otto Roth.", POTTER),
    ("Karl Roth was hired by his cousin, Otto Weiss.", "Weiss hired his cousin, Karl Roth."),
    ("Some of the boats were not damaged.", "Not all of the boats were damaged."),
    ("Some of the boats are lost.", "A few of the boats are lost."),
    ("All the kilns are gone.", "None of the kilns has survived."),
    ("If the bank does not object, the town will build.", "The town will build unless the bank objects."),
    ("Guests may not row unless Weiss steers.", "Guests may row only if Weiss steers."),
    ("The crew pays if Roth does not find that it was unsafe.", "The crew pays unless Roth finds that it was unsafe."),
    ("Lund will rebuild the mill if the bank pays.", "Lund would rebuild the mill unless the bank refused to pay."),
    ("Lund bought the mill from Roth in May.", "In May Roth, who was ill, sold the mill to Lund."),
    ("Lund preceded Roth in May.", "Roth succeeded Lund in May."),
    ("Police released Roth in May.", "Police questioned Roth, whom Anna Lund had dismissed, but released him in May."),
    ("Weiss opened the shop in 1902.", "In 1902 Roth, together with Weiss, opened the shop."),
    ("Karl Lund, a cousin of Roth, founded the press with her.", "Roth founded the press with her cousin Karl Lund."),
    ("Roth was a member of the guild.", "The members of the guild were Weiss, Roth and three others."),
    ("The houses were old, large and cold.", "The houses were old, large, cold and damp."),
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


def test_only_is_absent_where_the_source_does_not_say_it() -> None:
    found = compare("Only Weiss agreed to the plan.", window_of("Weiss agreed to the plan."))
    assert [finding.outcome for finding in found if finding.kind == "quantity"] == ["absent"]


def test_the_speaker_of_a_sentence_of_the_source_is_known_without_being_named_in_it() -> None:
    window = window_of("“The plan betrayed the miners of the valley.”", speaker="Anton Roth")
    said = {
        name: [f.outcome for f in compare(f"{name} said the plan betrayed the miners.", window) if f.kind == "speaker"]
        for name in ("Roth", "Weiss")
    }
    assert said == {"Roth": ["agrees"], "Weiss": ["differs"]}


@pytest.mark.parametrize("claim", ["", "...", "?", "1917", "\u2028", "A" * 5_000, "not " * 500, "1,2,3," * 300])
@pytest.mark.parametrize("source", ["He.", "In 1917 all of them did not, or did.", "1917", "“”"])
def test_odd_texts_are_compared_without_an_error(claim: str, source: str) -> None:
    for finding in compare(claim, window_of(source)):
        assert finding.outcome in ("agrees", "differs", "absent")


def test_he_is_whom_the_text_before_the_claim_names() -> None:
    window = window_of("“The plan betrayed the miners of the valley,” said Roth.")
    said = {
        before: [
            f.outcome for f in compare("He said the plan betrayed the miners.", window, before) if f.kind == "speaker"
        ]
        for before in ("Anton Roth spoke first.", "Weiss spoke first.", "Weiss answered Roth.", "")
    }
    assert list(said.values()) == [["agrees"], ["differs"], [], []]


def test_a_month_alone_says_nothing_of_the_year() -> None:
    def outcomes(claim: str, source: str) -> list[str]:
        return [finding.outcome for finding in compare(claim, window_of(source)) if finding.kind == "date"]

    assert outcomes("Weiss moved to Kars in May 1917.", "1917 was a hard year. In May Weiss moved to Kars.") == [
        "agrees"
    ]
    assert outcomes("Weiss moved to Kars in May 1917.", "In May Weiss moved to Kars.") == []
    assert outcomes("Weiss moved to Kars in May 1917.", "In May Weiss moved to Kars. He died there in 1923.") == []
    assert outcomes("The mill closed in 1917.", "The mill opened in 1914 and closed three years later.") == ["agrees"]


def test_somebody_who_is_quoted_may_tell_what_another_said() -> None:
    told = window_of("“Anna Weiss, the clerk, proposed to close the old mill.”", speaker="Anton Roth")

    def outcomes(claim: str) -> list[str]:
        return [finding.outcome for finding in compare(claim, told) if finding.kind == "speaker"]

    assert outcomes("Weiss suggested to close the old mill.") == []
    assert outcomes("Anna Weiss said that she would close the old mill.") == []
    assert outcomes("Lund said that she would close the old mill.") == ["differs"]


def test_a_family_name_alone_is_not_that_of_another_first_name_of_the_document() -> None:
    def outcomes(claim: str, before: str) -> list[str]:
        found = compare(claim, window_of("In March Roth fled to Kars.", before=before))
        return [finding.outcome for finding in found if finding.kind == "name"]

    alone = "Karl Roth was a painter. His sister Elisabeth stayed. "
    assert outcomes("Elisabeth Roth fled to Kars.", alone) == ["absent", "agrees"]
    assert outcomes("Karl Roth fled to Kars.", alone) == ["agrees", "agrees"]
    assert outcomes("Elisabeth Roth fled to Kars.", "Karl Roth was a painter. Elisabeth Roth wrote. ") == ["agrees"] * 2
