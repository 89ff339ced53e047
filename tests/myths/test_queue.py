"""The editors' queue: what spreads and harms comes first; every deed reaches those who wait."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.myths.test_claims import a_claim
from tongxin.audit.models import Entry
from tongxin.myths.actions import queue as deeds
from tongxin.myths.actions.reports import forget_old_reports, report_rumour
from tongxin.myths.matching import Match
from tongxin.myths.models import Claim, Cluster, Report
from tongxin.myths.queries import queue
from tongxin.myths.refusals import AlreadySettled, NothingChosen, NotPublished

DRONES = "Drones spray disinfectant over the old town tonight"


def heard(text=DRONES, *, hours_ago=0) -> tuple[Report, str]:
    """A report that nothing answers, gathered."""
    at = timezone.now() - timedelta(hours=hours_ago)
    made = report_rumour(
        text=text, match=Match(None, ()), kind="text", language="en", by="public", at=at
    )
    deeds.gather_reports(by="worker", at=at)
    return made


def now():
    return timezone.now()


def test_the_same_rumour_joins_the_cluster_and_another_opens_one(db):
    heard()
    heard("Tonight drones spray disinfectant over the old town!")
    heard("The hospital in the east has closed its doors to everyone")
    sizes = sorted(cluster.reports.count() for cluster in Cluster.objects.all())
    assert sizes == [1, 2]


def test_what_spreads_comes_before_what_rests_and_harm_outweighs(db):
    heard("An old rumour about hot springs", hours_ago=40)
    for _ in range(3):
        heard()
    first, second = queue(at=now())
    assert "Drones" in first.reports[0].text
    deeds.judge_harm(second.cluster, 3, by="tests")
    deeds.judge_harm(first.cluster, 1, by="tests")
    assert first.of_today == 3 and second.of_today == 0


def test_one_answer_reaches_everyone_who_waits(db, qing):
    codes = [heard()[1] for _ in range(3)]
    claim = a_claim()
    cluster = Cluster.objects.get()
    assert deeds.answer_cluster(cluster, claim, by=qing, at=now()) == 3
    for code in codes:
        assert b"This is known" in Client().get(f"/en/myths/receipt/{code}/").content
    assert queue(at=now()) == []
    with pytest.raises(AlreadySettled):
        deeds.answer_cluster(cluster, claim, by=qing, at=now())


def test_a_draft_answers_nobody_until_it_is_published(db, qing):
    _, code = heard()
    cluster = Cluster.objects.get()
    draft = deeds.begin_claim(cluster, by=qing, at=now())
    assert not draft.live and draft.claim_en == DRONES
    with pytest.raises(NotPublished):
        deeds.answer_cluster(cluster, draft, by=qing, at=now())
    draft.why_en, draft.why_zh = "No drone flew. The town says so.", "没有无人机。镇上已说明。"
    draft.long_en = draft.long_zh = "…"
    draft.save_revision().publish()
    page = Client().get(f"/en/myths/receipt/{code}/").content.decode()
    assert "This is known" in page and "No drone flew" in page
    cluster.refresh_from_db()
    assert (cluster.state, cluster.claim) == ("answered", Claim.objects.get())


def test_a_dismissed_rumour_says_why_on_its_receipt(db, qing):
    _, code = heard("My neighbour at number seven is ill")
    deeds.dismiss_cluster(Cluster.objects.get(), "person", by=qing, at=now())
    page = Client().get(f"/en/myths/receipt/{code}/").content.decode()
    assert "will not answer it" in page and "about a private person" in page


def test_merged_clusters_are_one_and_split_ones_two(db, qing):
    heard()
    heard("Something else entirely about the school canteen")
    one, two = Cluster.objects.order_by("pk")
    deeds.merge_clusters(two, one, by=qing, at=now())
    assert one.reports.count() == 2
    with pytest.raises(AlreadySettled):
        deeds.merge_clusters(two, one, by=qing, at=now())
    new = deeds.split_cluster(one, [one.reports.last().pk], by=qing, at=now())
    assert (one.reports.count(), new.reports.count()) == (1, 1)
    with pytest.raises(NothingChosen):
        deeds.split_cluster(one, [one.reports.get().pk], by=qing, at=now())


def test_the_trail_knows_the_deeds_and_not_the_words(db, qing):
    heard()
    deeds.dismiss_cluster(Cluster.objects.get(), "spam", by=qing, at=now())
    entries = Entry.objects.filter(deed__startswith="myths.")
    assert {e.deed for e in entries} >= {"myths.rumour_reported", "myths.cluster_dismissed"}
    assert "Drones" not in str(list(entries.values("facts", "target")))


def test_the_desk_shows_the_queue_and_settles_it(db, qing, client):
    client.force_login(qing)
    client.cookies["django_language"] = "en"
    claim = a_claim()
    heard()
    row = Cluster.objects.get()
    assert DRONES in client.get("/desk/rumours/").content.decode()
    page = client.get(f"/desk/rumours/{row.pk}/").content.decode()
    assert 'name="claim"' in page and 'name="reason"' in page
    assert client.post(f"/desk/rumours/{row.pk}/answer/", {"claim": "unknown"}).status_code == 200
    done = client.post(f"/desk/rumours/{row.pk}/answer/", {"claim": claim.slug})
    assert done["Location"] == "/desk/rumours/"
    row.refresh_from_db()
    assert row.settled_by == qing
    assert client.post(f"/desk/rumours/{row.pk}/unheard-of/").status_code == 404
    again = client.post(f"/desk/rumours/{row.pk}/dismiss/", {"reason": "spam"}, follow=True)
    assert "A colleague has settled this already" in again.content.decode()


def test_who_answers_no_questions_sees_no_queue(db, chen, client):
    client.force_login(chen)
    assert client.get("/desk/rumours/").status_code == 403


def test_an_answered_rumour_is_forgotten_after_two_years(db):
    report, _ = heard(hours_ago=731 * 24)
    assert forget_old_reports(by="worker", at=now()) == 0  # it still waits
    Report.objects.filter(pk=report.pk).update(dismissed_at=now())
    assert forget_old_reports(by="worker", at=now() - timedelta(days=2)) == 0
    assert forget_old_reports(by="worker", at=now()) == 1 and not Report.objects.exists()
