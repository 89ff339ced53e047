"""The conversation: danger first, then quotes of advice, verdicts, notices and figures.

It states nothing of its own. What it does not know it hands to the editors with a receipt.
Nothing a person types is kept unless they hand it over, and then without numbers that name them.
"""
