"""Notices and alerts: those of agencies, read from their feeds, and those of our own officers.

What was said once can be updated, cancelled or followed by an all-clear: each is a notice of its
own that follows the one before, and whoever was told of the first is told of the next.
"""
