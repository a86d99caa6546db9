"""Words that end in a full stop without ending a sentence ("Dr."), and words that begin one ("However").

Mostly English, with the commonest abbreviations of German, French and Spanish.
"""

from __future__ import annotations

from vectorstore.english import SHORT_MONTHS, TITLES, word_set

NEVER_LAST = word_set(
    f"""{TITLES.lower()} cpt maj cmdr adm fr pres msgr supt insp mme mlle vs v cf viz e.g i.e al ca approx hrsg bzw vgl
    z.b d.h u.a bspw sog ff seqq s.v q.v"""
)
"""Never the last word of a sentence: titles ("Dr."), connectives ("e.g."), the "v." between parties."""

BEFORE_NUMBER = word_set(
    """no nos nr vol vols p pp ch chs chap chaps fig figs eq eqs eqn eqns sec secs sect sects art arts par para paras
    subpara subparas cl cls subcl sch schs s ss subs subsec r rr reg regs ord cap c n nn pt pts bk bks ex exh app apps
    chp appx tel fax mob ext ref refs f fo fol fols l ll col cols pl pls tab tabs thm lem cor def stat doc docs ser vers
    rev abs anm bd kap ziff"""
)
"""Not the last word where a number, a numeral or a bracketed letter follows: "cl. 2.1", "Sch. IV", "para. (b)"."""

PERHAPS_LAST = word_set(
    f"""etc inc ltd co corp bros jr sr a.m p.m u.s u.k u.n e.u u.s.a u.s.s.r b.c a.d b.c.e c.e ph.d m.d b.a m.a d.c ed
    eds trans esq dept univ assn ave blvd rd mt ft {SHORT_MONTHS.lower()} jun jul mon tue tues wed thu thur thurs fri
    sat sun est repr ibid id cit seq sp spp ssp subsp var cv nov syn supp suppl cir dist ct j l.j q.c k.c n.d s.d l.c
    op.cit"""
)
"""The last word only where one of STARTERS follows: "in the U.S. However"."""

STARTERS = word_set(
    """a after again all also although among an and another any are as at because before both but by can could
    despite did do does during each early even every few finally first for from further had has have he hence her
    here his how however i if in indeed instead is it its just last later like many meanwhile moreover most much
    my neither never nevertheless next no none nor not nothing now of on once one only or other others our out
    over perhaps rather several shall she should similarly since so some soon still such than that the their then
    there therefore these they this those though three through thus to today two under unlike until up was we were
    what when where whether which while who whom why will with within without would yes yet you your"""
)
"""Words with which sentences begin and names do not."""
