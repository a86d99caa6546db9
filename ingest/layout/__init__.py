"""What a text is made of: headings, paragraphs, captions, letters, notes, as offsets."""
