"""What a follow-up question means after the turns before it, by rules and without a language model.

`readings` offers whole questions, `wordings` says in which forms the source is asked. From the inside out:
`english` and `names` are word lists, `tokens` and `mentions` find noun phrases, `clauses` takes a question apart and
puts it together, `focus` weighs what the talk is about, `anaphors` finds the words that point back, `resolution`,
`fragments` and `parallels` say what goes in their place.
But: nothing here searches.
"""

from assistant.conversation.reading import MOST, Reading, leans_back, readings, wordings

__all__ = ["MOST", "Reading", "leans_back", "readings", "wordings"]
