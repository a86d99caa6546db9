"""What a follow-up question means after the turns before it, by rules and without a language model.

`readings` offers whole questions, `choose` takes the one that the source supports best. From the inside out:
`english` and `names` are word lists, `tokens` and `mentions` find noun phrases, `clauses` takes a question apart and
puts it together, `focus` weighs what the talk is about, `anaphors` finds the words that point back, `resolution`,
`fragments` and `parallels` say what goes in their place.
But: nothing here searches; the support of a reading is the caller's to measure.
"""

from assistant.conversation.reading import MOST, Reading, choose, readings

__all__ = ["MOST", "Reading", "choose", "readings"]
