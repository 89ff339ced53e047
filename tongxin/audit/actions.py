from django.db import connection, models, transaction

from tongxin.audit.models import Entry, Head
from tongxin.audit.rules import CHAINS, link


@transaction.atomic
def record(deed: str, target: models.Model | str, *, by: object, **facts: object) -> Entry:
    """Add one line to the trail, in the caller's transaction.

    Args:
        deed: ``app.what_was_done``; a read is a deed too (``people.record_read``).
        target: the row it was done to, or a plain name where there is no row.
        by: a user, or the plain name of a machine process ("worker", "command line").
        facts: small JSON values; never a name, a phone number or an answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() %% %s", [CHAINS])
        (chain,) = cursor.fetchone()
    head = Head.objects.select_for_update().get(chain=chain)
    entry = Entry(
        chain=chain,
        seq=head.seq + 1,
        by=by if isinstance(by, str) else f"user:{by.pk}",
        deed=deed,
        target=target if isinstance(target, str) else f"{target._meta.label}:{target.pk}",
        facts=facts,
        previous=head.hash,
    )
    entry.hash = link(head.hash, entry.content)
    entry.save(force_insert=True)
    Head.objects.filter(chain=chain).update(seq=entry.seq, hash=entry.hash)
    return entry
