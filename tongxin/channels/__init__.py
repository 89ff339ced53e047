"""How a message leaves the house: who asked for it, what waits, what went, what could not.

Apps above say `tell`: to whoever follows a topic, in the follower's language. The worker sends.
Each way out has a folder of its own (`webpush`). No names, no accounts: a browser follows.
"""
