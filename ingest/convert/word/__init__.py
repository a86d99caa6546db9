"""What a Word document says in other parts than its text: styles, numbers of lists, tracked changes.

package.py    the parts of the archive
styles.py     what styles give to paragraphs and runs
numbering.py  the numbers of lists and headings, as Word counts them
preparing.py  a document in which all of that is said in its text
"""
