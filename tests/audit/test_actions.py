import threading

import pytest
from django.db import ProgrammingError, connection, transaction

from tongxin.audit.actions import record
from tongxin.audit.models import Entry, Head
from tongxin.audit.queries import verify


def test_a_line_says_who_did_what_to_what(chen):
    line = record("places.loaded", "CN", by=chen, places=3)
    assert (line.by, line.deed, line.target) == (f"user:{chen.pk}", "places.loaded", "CN")
    assert line.facts == {"places": 3}
    assert record("people.record_read", chen, by="worker").target == f"people.User:{chen.pk}"


def test_a_deed_that_is_undone_leaves_no_line(db):
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("places.loaded", "CN", by="tests")
        raise ZeroDivisionError
    assert Entry.objects.count() == before
    assert verify().is_whole


@pytest.mark.parametrize(
    "deed",
    [
        lambda: Entry.objects.update(by="somebody else"),
        lambda: Entry.objects.all().delete(),
        lambda: connection.cursor().execute("UPDATE audit_entry SET facts = '{}'"),
    ],
)
def test_the_database_refuses_to_change_a_line(db, deed):
    record("places.loaded", "CN", by="tests")
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        deed()


def test_the_database_refuses_to_empty_the_trail(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL tongxin.may_truncate = 'off'")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE audit_entry")


def write(count, failures):
    try:
        for n in range(count):
            record("tests.written", str(n), by="tests")
    except Exception as failure:
        failures.append(failure)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_keep_every_chain_whole():
    before, failures = verify().lines, []
    writers = [threading.Thread(target=write, args=(15, failures)) for _ in range(12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert verify().is_whole
    assert verify().lines == before + 12 * 15
    assert Head.objects.filter(seq__gt=0).count() > 1
