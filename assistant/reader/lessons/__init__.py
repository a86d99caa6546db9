"""What the reader learns from: questions, texts and labels out of published data sets, and their token arrays.

lesson.py      one lesson; windows of whole sentences
squad.py       questions on articles: rivals, near misses, exchanged names, follow-ups
published.py   other sets of questions: stories, meetings, lists, negation, judged sentences, abstracts
claims.py      claims that a text supports, contradicts or leaves open
statements.py  claims made from questions and their answers
rewording.py   claims made from sentences: worded otherwise, or changed in one place
tables.py      rows of tables and key lines, made up
leaning.py     conversations: which of their words a follow-up needs
encoded.py     lessons as arrays, ready to be taught
"""
