"""Rumours: what is said of each and since when, what people report, and who was told what.

A `Claim` is a rumour with our verdict; a `Ruling` is what was said of it from one moment to
another; a `Report` is somebody's question about a rumour, a `Cluster` those that no claim answers
yet. It sends no messages itself and states no advice: that is guidance.
"""
