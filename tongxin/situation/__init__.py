"""The public figures: readings from many agencies in, pages, maps and series out.

A reading is one figure as one source said it, and when it was known. Everything shown is
computed from readings as known at a moment, so any page can be had as of any past day.
"""
