"""The word lists of the generators: opposites, words that mean the same, details that no text has."""

from __future__ import annotations


def _listed(text: str) -> list[str]:
    return [" ".join(item.split()) for item in text.split(";")]


_OPPOSITES = """
increased decreased; increase decrease; increases decreases; increasing decreasing; rose fell; rise fall; higher
lower; highest lowest; larger smaller; largest smallest; greater lesser; greatest smallest; oldest youngest;
older younger; first last; northern southern; eastern western; north south; east west; supported opposed;
supports opposes; support oppose; accepted rejected; accept reject; allowed forbade; permitted prohibited; legal
illegal; possible impossible; successful unsuccessful; successfully unsuccessfully; succeeded failed; success
failure; won lost; victory defeat; strong weak; stronger weaker; strongest weakest; rich poor; hot cold; warm
cool; wet dry; public private; majority minority; maximum minimum; popular unpopular; common rare; often seldom;
frequently rarely; usually rarely; always never; early late; earlier later; earliest latest; began ended; begins
ends; opened closed; import export; imports exports; positive negative; male female; internal external; inside
outside; above below; upper lower; more fewer; longest shortest; fastest slowest; best worst; heavy light;
simple complex; united divided; included excluded; includes excludes; strengthened weakened; strengthen weaken;
improved worsened; encouraged discouraged; encourage discourage; agreed refused; praised criticised; wealthy
poor; friendly hostile"""
_SAME = """
began = started; located = situated; approximately = about; nearly = almost; numerous = many; many = numerous;
purchased = bought; obtained = got; however = though; throughout = all through; whole = entire; entire = whole;
assisted = helped; allows = lets; required = needed; requires = needs; require = need; main = chief; primarily =
mainly; mainly = chiefly; frequently = often; often = frequently; constructed = built; attempted = tried; large
= big; huge = enormous; famous = well-known; quickly = rapidly; rapidly = fast; died = passed away; children =
kids; showed = demonstrated; demonstrated = showed; currently = at present; initially = at first; originally =
at first; subsequently = later; eventually = in the end; although = though; because they = since they; because
it = since it; because he = since he; because of = owing to; ended = finished; commonly = usually; various =
different; several = a number of; important = significant; significant = important; utilized = used; additional
= further; roughly = about; difficult = hard; area = region; regarded as = seen as; known as = called; due to =
because of; in order to = to; as well as = and also; prior to = before; in addition to = besides"""
_INVENTED = """
in front of a large crowd; against the advice of several experts; with the help of a private donor; for the
second time; after a long legal dispute; to the surprise of most observers; at a cost of nine million dollars;
without any public debate; on a Tuesday morning; under a different name; in return for a share of the profits;
together with two cousins; in spite of heavy rain; with money from a lottery; following a vote by the local
residents; as a birthday present; while recovering from an illness; on the orders of the army; in protest
against higher taxes; in exchange for land"""

_PAIRS = [item.split() for item in _listed(_OPPOSITES)]
OPPOSITES = {a: b for a, b in _PAIRS} | {b: a for a, b in _PAIRS}
"""A word and its opposite, both ways."""
SAME = {a: b for a, b in (item.split(" = ") for item in _listed(_SAME))}
"""A word and another that may stand for it, one way."""
INVENTED = _listed(_INVENTED)
"""Ends of a sentence that tell of something more."""
