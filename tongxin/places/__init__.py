"""The one tree of areas: country, province, prefecture, county, township.

Who uses it: importers ask it what a published name means, pages ask it what to draw and what
to call it. It holds no figures and decides nothing about a name it is not sure of.
"""
