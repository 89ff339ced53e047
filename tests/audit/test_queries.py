import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tongxin.audit.actions import record
from tongxin.audit.models import Entry, Head
from tongxin.audit.queries import lines, seal, verify
from tongxin.audit.rules import link


@pytest.fixture
def chain(db):
    """The chain of this connection, with five more lines."""
    return [record("tests.written", str(n), by="tests") for n in range(5)]


def behind_the_back(statement, *values):
    """Do what only somebody with the database in their hands can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_untouched_trail_is_whole(chain):
    assert verify().is_whole
    assert verify().lines == Entry.objects.count()


@pytest.mark.parametrize("column", ["by", "deed", "target", "at", "facts"])
def test_a_changed_line_is_named(chain, column):
    value = {"at": "2020-01-01", "facts": '{"lines": 1}'}.get(column, "somebody")
    behind_the_back(f'UPDATE audit_entry SET "{column}" = %s WHERE id = %s', value, chain[2].pk)
    assert (verify().chain, verify().line) == (chain[2].chain, chain[2].seq)


def test_the_line_after_a_removed_one_is_named(chain):
    behind_the_back("DELETE FROM audit_entry WHERE id = %s", chain[1].pk)
    assert verify().line == chain[2].seq


def test_a_trail_cut_at_its_end_is_found(chain):
    behind_the_back("DELETE FROM audit_entry WHERE id >= %s", chain[3].pk)
    assert (verify().chain, verify().line) == (chain[3].chain, chain[3].seq)


def test_a_line_hung_behind_the_last_is_found(chain):
    last = chain[-1]
    Entry.objects.create(
        chain=last.chain,
        seq=last.seq + 1,
        by="x",
        deed="x",
        target="x",
        previous=last.hash,
        hash=link(last.hash, {}),
    )
    assert verify().line == last.seq + 1


def test_a_line_slipped_between_two_others_is_found(chain):
    behind_the_back(
        "UPDATE audit_entry SET seq = seq + 1000 WHERE chain = %s AND seq >= %s",
        chain[0].chain,
        chain[3].seq,
    )
    Entry.objects.create(
        chain=chain[0].chain,
        seq=chain[3].seq,
        by="x",
        deed="x",
        target="x",
        previous=chain[2].hash,
        hash=link(chain[2].hash, {}),
    )
    assert verify().line == chain[3].seq


def test_a_chain_that_lost_all_its_lines_and_its_head_is_found(chain):
    number = chain[0].chain
    behind_the_back("DELETE FROM audit_entry WHERE chain = %s", number)
    assert (verify().chain, verify().line) == (number, 1)
    Head.objects.filter(chain=number).update(seq=0, hash="0" * 63 + "1")
    assert verify().chain == number


def test_the_seal_moves_with_every_line(chain):
    before = seal()
    assert seal() == before
    record("tests.written", "one more", by="tests")
    assert seal() != before


def test_the_command_says_whole_or_names_the_line(chain, capsys):
    call_command("audit", "verify")
    assert re.search("whole|完整", capsys.readouterr().out)
    behind_the_back("UPDATE audit_entry SET deed = 'x' WHERE id = %s", chain[0].pk)
    with pytest.raises(CommandError, match=str(chain[0].seq)):
        call_command("audit", "verify")


def test_lines_are_found_by_who_what_and_when(chain, chen):
    at = record("places.loaded", "CN-421083", by=chen).at
    mine = {"by": f"user:{chen.pk}", "deed": "places"}
    assert [row.target for row in lines(**mine)] == ["CN-421083"]
    assert lines(**mine, since=at + timedelta(seconds=1)) == []
    assert lines(**mine, before=at) == []
    assert [row.target for row in lines(deed="tests", count=2)] == ["4", "3"]
    assert [row.target for row in lines(deed="tests", below=chain[2].pk)] == ["1", "0"]
