"""The way in: the root, health, search, sign-in list, the desk's first page, first run.

It stands on top of the tower and joins what the apps below offer.
"""
