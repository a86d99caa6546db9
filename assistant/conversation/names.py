"""Given names, places, kinds of people and of groups: what tells a he, a she, a they and a there apart.

Small lists of the frequent ones; a name in none of them is of unknown kind.
But: nothing here finds a name in a text.
"""

from __future__ import annotations

from assistant.conversation.english import words

MALE = words(
    """
    john james robert michael william david richard joseph thomas charles christopher daniel matthew anthony
    mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan
    jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel frank gregory raymond
    alexander patrick jack dennis jerry peter adam henry nathan douglas zachary walter kyle harold carl jeremy
    keith roger gerald arthur terry lawrence sean christian austin joe ethan bruce willie billy bryan ralph roy
    eugene louis philip bobby johnny leon vladimir ivan nikolai grigory lev karl friedrich josef otto hans franz
    heinrich wilhelm adolf kurt jean pierre jacques michel henri claude andre luis carlos juan jose pedro miguel
    antonio francisco giuseppe marco mario luigi mikhail boris sergei alexei dmitri yuri viktor igor ernest
    alfred albert frederick francis hugh isaac edmund oscar oliver harry simon martin ian alan neil graham colin
    stuart derek geoffrey nigel trevor ray lee ted ben sam tom jim bob bill dave steve mike tony chris dan matt
    max leo felix hugo emil gustav axel erik lars sven olaf knut roald fridtjof ernst rudolf ludwig wolfgang
    marcus julius augustus muhammad mohamed ahmed ali omar hassan ibrahim raj rahul sachin salvador adolph
    aaron abraham elijah moses noah gordon herbert stanley norman fred walt
    """
)
FEMALE = words(
    """
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra
    ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura
    cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra
    rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren
    christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison
    frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle
    beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori jane rosa clara nadezhda
    natalia olga tatiana svetlana ekaterina irina ludmila alexandra inessa angelica eleanor florence agnes edith
    ethel gertrude harriet ida irene josephine lucy mabel mildred nellie sylvia ursula vera violet wallis
    wilhelmina fatima aisha ingrid astrid greta frida marta lucia elena carmen sofia simone yvonne claire
    camille colette juliette anne annie kate katie kim tina courtney britney madonna audrey audra
    courtney hilary hillary indira benazir golda beatrice bertha caroline cecilia constance daisy
    """
)
MALE_TITLES = words("mr sir king prince lord emperor pope baron count duke father brother uncle")
FEMALE_TITLES = words(
    """
    mrs ms miss queen princess lady empress dame madame baroness countess duchess mother sister aunt
    """
)
TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | words(
        """
    dr professor prof president comrade general captain colonel major admiral saint st chancellor minister
    senator governor judge bishop doctor lieutenant sergeant commander premier marshal commissar
    """
    )
)

_MALE_NOUNS = words(
    """
    man boy king prince father brother husband son uncle nephew duke emperor monk priest gentleman widower
    """
)
_FEMALE_NOUNS = words(
    """
    woman girl queen princess mother sister wife daughter aunt niece duchess empress nun actress lady widow
    heroine
    """
)
GENDER_OF_NOUN = {noun: "m" for noun in _MALE_NOUNS} | {noun: "f" for noun in _FEMALE_NOUNS}

PERSON_NOUNS = (
    _MALE_NOUNS
    | _FEMALE_NOUNS
    | words(
        """
    person leader diplomat author writer minister president chancellor premier secretary commissar general
    captain colonel admiral officer soldier scientist biologist naturalist geologist explorer engineer architect
    artist painter poet singer musician composer guitarist drummer actor director producer player coach founder
    owner manager chairman chairwoman head chief commander politician deputy member delegate ambassador
    spokesman journalist editor printer historian philosopher teacher professor doctor surgeon nurse lawyer
    judge worker miner peasant farmer sailor fisherman keeper mayor governor bishop pope saint rival successor
    predecessor opponent supporter ally enemy friend colleague comrade assistant deputy guide navigator inventor
    discoverer winner loser candidate heir child parent student pupil agent spy traitor assassin killer murderer
    victim character narrator revolutionary communist socialist reformist anarchist activist
    speaker informer witness survivor resident inhabitant villager employee customer investor shareholder
    researcher lieutenant spouse partner sibling cousin baby hero protagonist
    """
    )
)
GROUP_NOUNS = words(
    """
    party committee union company band team army government opposition group commission leadership council club
    family crew board crowd police majority minority parliament cabinet bureau delegation
    tribe clan firm corporation association society orchestra choir faction tendency movement league
    international federation staff public press navy fleet regiment battalion garrison troop court jury ministry
    office department agency institute university college school church bank inc ltd corp orphanage
    duo trio quartet quintet troika triumvirate alliance coalition bloc inspectorate secretariat
    presidium soviet colony herd flock pack people couple
    """
)
EVENT_NOUNS = words(
    """
    congress conference meeting plenum session war battle strike revolution uprising revolt coup trial debate
    election campaign festival tour expedition voyage journey siege demonstration rally gathering funeral
    ceremony exhibition
    """
)
PLACE_NOUNS = words(
    """
    city town village country region province island river lake mountain valley street road harbour harbor port
    bay coast forest desert station camp factory mill mine bridge castle hospital prison building site hall
    house palace farm park museum capital district county border sea ocean reef cave glacier hut base plateau
    area place location state
    """
)
PLACES = words(
    """
    africa america asia europe antarctica australia arctic england britain scotland wales ireland france germany
    italy spain portugal russia ussr china japan india pakistan iran iraq turkey greece egypt israel poland
    ukraine austria hungary bulgaria romania yugoslavia serbia croatia switzerland belgium holland netherlands
    denmark norway sweden finland iceland estonia latvia lithuania belarus georgia armenia azerbaijan kazakhstan
    siberia mongolia korea vietnam cambodia thailand malaysia singapore indonesia philippines burma myanmar
    nepal tibet afghanistan syria lebanon jordan palestine arabia yemen canada mexico cuba haiti jamaica brazil
    argentina chile peru bolivia colombia venezuela ecuador uruguay paraguay nigeria kenya ghana ethiopia sudan
    somalia uganda tanzania congo angola mozambique zambia zimbabwe madagascar morocco algeria tunisia libya
    california texas florida alaska hawaii london paris berlin kiev kyiv
    kharkov warsaw prague vienna budapest rome milan madrid barcelona lisbon athens istanbul cairo jerusalem
    baghdad tehran delhi mumbai calcutta beijing peking shanghai guangzhou hong
    tokyo osaka seoul hanoi sydney melbourne toronto montreal chicago boston philadelphia washington detroit
    seattle amsterdam brussels geneva zurich hamburg munich cologne frankfurt dresden stockholm oslo copenhagen
    helsinki dublin belfast edinburgh glasgow manchester liverpool birmingham leeds bristol oxford cambridge
    sheffield versailles bavaria saxony prussia brest greenland svalbard newfoundland tasmania caucasus balkans
    crimea kazan baku tbilisi odessa astrakhan manchuria taiwan earth mars
    """
)
NATIONALITIES = words(
    """
    german russian french british english american chinese japanese italian spanish polish soviet georgian
    ukrainian hungarian austrian bulgarian indian irish scottish welsh dutch swedish norwegian danish finnish
    greek turkish european asian african canadian australian mexican brazilian western eastern northern southern
    communist socialist marxist social democratic
    central red white jewish christian muslim islamic catholic protestant roman
    victorian arctic antarctic portuguese
    """
)
WORK_NOUNS = words(
    """
    book album film movie ship novel pamphlet song single magazine newspaper journal play paper poem opera
    musical show series documentary painting essay letter vessel boat dog horse game programme program band
    group record
    """
)
"""Nouns that a title or a name follows: "the ship Fram"."""
HUMAN_VERBS = words(
    """
    die say think want hope marry write resign believe live feel know love hate wish speak tell study graduate
    born wed divorce retire read sing swim learn dream grieve arrested exiled married assassinated murdered
    expelled elected imprisoned banished paralysed educated buried knighted appointed
    """
)
"""Verbs whose subject, in the active or the passive as it stands, is a person."""
SOURCE_NOUNS = words("article text page story document source passage section paragraph")
TIME_WORDS = words(
    """
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday spring summer autumn winter christmas easter
    """
)
TIME_NOUNS = words(
    """
    year month week day time century decade moment date hour minute period era season night morning evening
    years days months
    """
)
EMPTY_NOUNS = TIME_NOUNS | words(
    """
    thing things way ways kind sort type number amount part reason reasons case fact article aspect aspects role
    name names something anything interest information details example result effect impact end beginning start
    lot lots role order conditions terms course view opinion favour favor words addition place
    """
)
"""Nouns too thin to be what a conversation is about."""


def gender_of(name: str) -> str:
    """ "m", "f" or "" (not known) for a person's name, by title, given name or Slavic ending."""
    words = [word.strip(".").lower() for word in name.split()]
    first, last = words[0], words[-1]
    if first in FEMALE_TITLES:
        return "f"
    if first in MALE_TITLES:
        return "m"
    if first in FEMALE and first not in MALE:
        return "f"
    if first in MALE and len(words) > 1:
        return "m"
    if len(last) > 5 and last.endswith(("skaya", "ova", "eva", "aya")):
        return "f"
    if len(last) > 5 and last.endswith(("sky", "skii", "ov", "ev", "ovich", "evich")):
        return "m"
    return "m" if first in MALE else ""
