"""Messages that ask nothing of the source ("hello", "ok", "thanks", "help"), and what is said to them.

But: "yes" and "more" after an answer ask for more of it; `assistant.understanding.conversation` sees to that first.
"""

from __future__ import annotations

import re

from vectorstore.english import one_of

_HELLO = one_of(
    """hello hallo helo hullo hi hiya hey heya yo howdy greetings welcome hola bonjour salut ciao namaste moin servus
    good_(?:morning|afternoon|evening|day) g'day guten_(?:tag|morgen|abend) (?:what's|whats)_up sup how_are_you
    how_are_you_doing how's_it_going how_do_you_do nice_to_meet_you there everyone all"""
)
_BYE = one_of(
    """bye bye-bye byebye goodbye good_bye good_night farewell cheerio see_(?:you|ya)(?:_(?:later|soon|tomorrow))? cya
    later take_care have_a_(?:good|nice)_(?:day|one|evening|night|weekend) exit quit done i'm_(?:done|finished)
    that's_(?:all|it)(?:_for_(?:now|today))? that_is_all auf_wiedersehen tschüss adios au_revoir"""
)
_THANKS = one_of(
    """thanks(?:_(?:a_lot|a_million|so_much|very_much|again|for_(?:that|your_help|the_help)))? thanx thx tx ty
    thank_you(?:_(?:so_much|very_much|again|for_(?:that|your_help|the_help)))? many_thanks much_appreciated cheers
    merci danke(?:_schön)? gracias grazie appreciated i_appreciate_(?:it|that) well_done good_(?:job|work|answer|point)
    great_(?:job|work|answer) nice_(?:job|work|one) that_(?:helps|helped)(?:_a_lot)? very_helpful helpful"""
)
_HELP = one_of(
    """help help_me(?:_out)? (?:can|could|will|would)_you_help(?:_me)? i_need_(?:some_)?help who_are_you what_are_you
    what's_your_name what_is_your_name are_you_(?:a_bot|a_robot|an_ai|human|there|real) what_can_you_do what_do_you_do
    what_(?:can|should|could|do)_i_ask(?:_you)?(?:_here|_now)? what_can_i_do_here how_do_you_work
    how_(?:do|can|should)_i_(?:use_(?:you|attest)|ask_(?:you_)?(?:a_question|questions|something))
    what_(?:is|does)_attest what's_attest get_started"""
)
_OTHER = one_of(
    """ok okay okey k kk oki okie-dokie alright all_right right sure fine good great nice cool perfect excellent
    awesome wonderful brilliant super well yes yeah yep yup yea aye ja oui no nope nah nay nein non not_really
    never_mind nevermind forget_it nothing none no_(?:problem|worries|thanks|thank_you|question|questions) maybe perhaps
    hmm+ hm mm+ mhm uh um er erm oh ah aha ha haha+ lol wow ooh oops sorry excuse_me pardon i_see
    i_(?:understand|agree|know) understood got_it makes_sense interesting really true indeed exactly correct agreed
    absolutely definitely of_course certainly please test testing ping a_lot
    very_(?:good|nice|interesting) that's_(?:good|great|nice|fine|interesting|right|ok|okay) that_is_(?:good|great|fine)
    sounds_good go_on continue more next"""
)
_WORDS = rf"(?:{_HELLO}|{_BYE}|{_THANKS}|{_HELP}|{_OTHER}|bot|attest|assistant|friend|sir|madam|again|you_too)"
_TALK = re.compile(rf"(?:\W*(?<!\w){_WORDS}(?!\w))*\W*", re.I)
_OPENS = (
    (re.compile(rf"\W*(?:\w+\W+)?{_HELP}(?!\w)", re.I), "help"),
    (re.compile(rf"(?:.*\W)?{_THANKS}(?!\w)", re.I), "thanks"),
    (re.compile(rf"(?:\W*(?:ok|okay|well|so|no)\W+)?{_BYE}(?!\w)", re.I), "bye"),
    (re.compile(rf"\W*{_HELLO}(?!\w)", re.I), "hello"),
)
_REPLIES = {
    "hello": "Hello. ",
    "thanks": "You are welcome. ",
    "bye": "Goodbye. ",
    "help": "The answers are sentences of {what}, each with the place where it stands. ",
    "other": "",
}
MOST_CHARACTERS = 120


def is_talk(message: str) -> bool:
    """Whether a message asks nothing: it holds no word, or only words that greet, thank, agree or take leave."""
    return not re.search(r"\w", message) or (
        len(message) <= MOST_CHARACTERS and bool(_TALK.fullmatch(_straight(message)))
    )


def reply(message: str, titles: list[str]) -> str:
    """What is said to a message that asks nothing; `titles` are those of the documents that can be asked."""
    plain = _straight(message)
    sort = next((sort for pattern, sort in _OPENS if pattern.match(plain)), "other")
    if not titles:
        return _REPLIES[sort].format(what="your documents") + "Add a document first, then ask a question about it."
    what = f"“{titles[0]}”" if len(titles) == 1 else f"the {len(titles)} documents"
    if sort == "bye":
        return _REPLIES[sort].strip()
    asks = "“What is this document about?”" if len(titles) == 1 else "“Which documents are there?”"
    return _REPLIES[sort].format(what=what) + f"Ask a question about {what}, or try: {asks}"


def _straight(message: str) -> str:
    return message.replace("’", "'").replace("‘", "'").casefold()
