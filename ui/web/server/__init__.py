"""The server around the page: addresses, logins, limits, and the check of every request.

But: nothing here knows what an answer looks like.
"""
