"""Performance, measured against a named peer or limit in the same run: `make bench`.

Each bench is one module with `measure(setting) -> list[Row]`; `register.py` names them all. A bench
runs in a process of its own on throw-away data, so that none sees another's memory.
docs/performance.md says what is measured, how to read it, and what was found.
"""
