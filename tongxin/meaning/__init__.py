"""What a sentence means, in Chinese and English, without asking any machine outside.

Text becomes one normal form, words and vectors; an `Index` finds the answer that a question
asks for and says how sure it is; a `PairModel` says whether two sentences mean the same. Plain
Python: no Django, no clock, no database. Used by myths and the assistant. It gives no answers
and holds no advice of its own.
"""
