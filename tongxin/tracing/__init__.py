"""Suspected cases: reported by anybody, looked at by the officer of the place, never published.

Residents report, for themselves or another; duty and community officers look, and say what came
of it. What is reported is one person's word: whether it is a case others decide.
"""
