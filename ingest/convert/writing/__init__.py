"""Parts of writing mark-up as text: raised and lowered characters, deleted words, numbers of lists, tables."""
