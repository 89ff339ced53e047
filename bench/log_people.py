"""People of a whole county's log, made in the database of a running product: rows are copied."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

PLACE = "CN-421083"
STREETS = 1000
FEVER_SHARE, SILENT_SHARE, LOST_SHARE = 0.02, 0.05, 0.002
"""Of all people: feverish; silent; both, which is what an officer must see first."""


def staff(username: str, role: str, body: Any) -> Any:
    """An account of this body, of the sample town."""
    from tongxin.people.actions import add_account

    return add_account(username=username, role=role, organisation=body, is_cast=True, by="bench")


def body_of(kind: str) -> Any:
    """An organisation of this kind in the county."""
    from tongxin.people.actions import add_organisation

    return add_organisation(kind=kind, name_zh=kind, name_en=kind, place=PLACE, by="bench")


def session_of(user: Any) -> str:
    """The cookie of somebody who has signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def copied(model: Any, row: Any, source: str, **changed: str) -> None:
    """Rows like ``row``, one for each of ``source``, with some columns as SQL says."""
    from django.db import connection

    fields = [field for field in model._meta.concrete_fields if not _is_counted(field)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(changed.get(field.column, f"t.{quote(field.column)}") for field in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}, {table} t "
            "WHERE t." + quote(model._meta.pk.column) + " = %s",
            [row.pk],
        )


def _is_counted(field: Any) -> bool:
    return field.primary_key and field.get_internal_type() == "BigAutoField"


def county(people: int, days: int, bodies: Mapping[str, Any]) -> None:
    """So many people who logged so many days and allow these bodies to read it."""
    from django.db import connection
    from django.utils import timezone

    from tongxin.consent.models import Grant, Purpose
    from tongxin.monitoring.models import Entry, Watch
    from tongxin.people.actions import add_person
    from tongxin.people.models import Person

    now = timezone.now()
    one = add_person(name="一人", place=PLACE, by="bench")
    watch = Watch.objects.create(
        person=one, begun_at=now, logged_on=now.date(), silent_from=now + timedelta(days=1)
    )
    span = {"starts_at": now - timedelta(days=20), "ends_at": now + timedelta(days=60)}
    grants = [
        Grant.objects.create(person=one, to=body, purpose=Purpose.MONITORING, **span)
        for body in bodies.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_people AS SELECT gen_random_uuid() AS id, n, random() AS dice "
            "FROM generate_series(1, %s) n",
            [people],
        )
    copied(
        Person, one, "bench_people b",
        id="b.id", name="'人' || b.n", street=f"'街' || b.n %% {STREETS}",
    )  # fmt: skip
    for grant in grants:
        copied(Grant, grant, "bench_people b", person_id="b.id")
    silent = f"b.dice < {SILENT_SHARE}"
    feverish = f"b.dice < {LOST_SHARE} OR b.dice > {1 - FEVER_SHARE}"
    copied(
        Watch, watch, "bench_people b",
        person_id="b.id",
        level=f"CASE WHEN {feverish} THEN 2 ELSE 0 END",
        silent_from=f"now() + interval '1 day' * CASE WHEN {silent} THEN -b.dice ELSE b.dice END",
        logged_on=f"current_date - CASE WHEN {silent} THEN 2 ELSE 0 END",
    )  # fmt: skip
    _entries(Entry, days)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entries(model: Any, days: int) -> None:
    """An entry a person and day; their answers stay away, for no list reads them.

    The indexes are built after the rows, as any load of this size does.
    """
    from django.db import connection

    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = %s::regclass AND indexrelid NOT IN "
            "(SELECT conindid FROM pg_constraint WHERE conrelid = indrelid)",
            [table],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f'INSERT INTO {table} (person_id, response_id, "on", taken_at, via, celsius, '
            "symptoms, feeling, level, reasons) "
            "SELECT b.id, d * 100000000 + b.n, current_date - d, now() - d * interval '1 day', "
            "'web', 36.5, '{}', '', 0, '{}' "
            "FROM generate_series(0, %s) d, bench_people b",
            [days - 1],
        )
        cursor.execute("SET session_replication_role = origin")
        for _, made in indexes:
            cursor.execute(made)
