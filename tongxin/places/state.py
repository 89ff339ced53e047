"""Whether rows have changed since they were last read, without reading them again."""

from django.db import connection, models
from psycopg import sql

# Where PostgreSQL keeps a version of a row and which transaction wrote it: no two are the same.
ROWS = sql.SQL(
    "(SELECT count(*) || '+' || coalesce(sum(hashtextextended(ctid::text || xmin, 0)), 0) FROM {})"
)
WHERE = sql.SQL(
    "(SELECT system_identifier FROM pg_control_system()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def state_of(*tables: type[models.Model]) -> str:
    """A text that changes with every change to the rows of these tables, whoever makes it.

    Costs about a millisecond for 4,000 rows. For small tables only.
    """
    parts = [ROWS.format(sql.Identifier(table._meta.db_table)) for table in tables]
    statement = sql.SQL("SELECT concat_ws(' ', {})").format(sql.SQL(", ").join([WHERE, *parts]))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection))
        return cursor.fetchone()[0]
