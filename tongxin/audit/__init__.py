"""The trail: who did or read what, when, chained by hashes so that a changed line shows.

Every app above writes here in the transaction of its own deed. Nothing here knows them.
"""
