from datetime import datetime
from itertools import chain

from django.conf import settings
from django.db import transaction

from tongxin.audit.actions import record
from tongxin.people.models import User
from tongxin.releases import actions as releases
from tongxin.releases import parts
from tongxin.releases.models import Release
from tongxin.releases.part_files import part_files
from tongxin.releases.queries import last_by_people
from tongxin.releases.store import store
from tongxin.situation.publishing import Progress, manifest_facts, release_files
from tongxin.situation.queries.atlas import Atlas
from tongxin.situation.queries.matter import gather
from tongxin.situation.release_gate import findings


@transaction.atomic
def build_release(
    *,
    as_of: datetime,
    by: User | str,
    at: datetime,
    disease: str | None = None,
    places: Atlas | None = None,
    progress: Progress | None = None,
) -> Release:
    """A release of what was known at ``as_of``, checked by the gate and laid aside.

    Args:
        places: an atlas read before, for whoever makes many releases in a row.
        progress: called with how many groups of files are drawn, and of how many.

    Raises:
        DiskFull: there was no room; nothing has changed.
    """
    matter = gather(as_of=as_of, disease=disease or settings.DEFAULT_DISEASE, places=places)
    told = last_by_people()  # a replay tells the public nothing new
    found = findings(matter, before=told.release.as_of if told else None)
    release = releases.build(
        chain(release_files(matter, store(), progress=progress), part_files(at)),
        facts=manifest_facts(matter) | {"parts": parts.states(at)},
        findings=found,
        as_of=as_of,
        by=by,
        at=at,
    )
    record("situation.release_built", release, by=by, findings=len(found))
    return release
