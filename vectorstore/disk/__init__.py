"""The directory of an index: where it lies, who owns it, and what happens when nothing can be written.

directory.py   what lies in it, and how it is opened
place.py       the directory itself, or a private copy where it may not be written; lock.py its one owner
reserve.py     room kept back for a full disk; scratch.py private folders in the temporary directory
filesum.py     the SHA-256 of a file; packaged.py files that ship with attest, held against theirs
"""
