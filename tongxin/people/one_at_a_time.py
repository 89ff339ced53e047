"""Two requests about the same number wait for each other."""

from django.db import connection


def one_at_a_time(key: str) -> None:
    """Hold a keyed hash until the end of the transaction; whoever else wants it waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(key[:15], 16)])
