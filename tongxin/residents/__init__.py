"""The resident's own side: sign-in by telephone, what one allows, whom one acts for, my record.

Residents use it, and the people who act for them. Staff have the desk.
"""
