"""The documents of an index as they are stored: texts, passages and sentences in one SQLite file, the manifest.

manifest.py    the SQLite file; migrations.py its tables, records.py one document in it, structures.py
               what its text is made of, summary.py the settings
pages.py       where the words of a document stand on the pages of its file
shelf.py       documents and passages as they are read from it, and remembered; content.py all of them at one moment
damage.py      what is said of a broken manifest; salvage.py what can still be read of it
origins.py     where the documents came from, kept in a file beside it
"""
