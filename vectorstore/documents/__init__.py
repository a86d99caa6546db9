"""The documents of an index as they are stored: texts, passages and sentences in one SQLite file, the manifest."""
