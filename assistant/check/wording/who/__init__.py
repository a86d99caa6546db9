"""Who is meant: in other words, by a pronoun, or in what rank.

aliases.py     what else a text calls somebody
whom.py        whom "he" means, and whether a deed is somebody else's
ranks.py       "the director" for "the deputy director"
"""
