"""Who may see whose record, for what, under which authority, until when.

Every staff query about a person starts from `queries.people_visible_to`.
"""
