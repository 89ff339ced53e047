"""Who exists: persons (the only table with names), staff accounts, organisations, roles.

Roles and permissions stand on one page, `roles.py`; `access.py` guards every page and call.
"""
