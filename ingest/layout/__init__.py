"""What a text is made of: headings, paragraphs, captions, letters, notes, rows of tables, as offsets.

Every converter writes a table as `vectorstore.table_rows` describes it, with `written` and `cell_text` there.
"""
