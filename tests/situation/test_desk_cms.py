from tongxin.audit.models import Entry
from tongxin.situation.models import Caveat

CAVEAT = {
    "place": "CN-420000",
    "metric": "confirmed",
    "disease": "covid-19",
    "from_on": "2020-02-12",
    "to_on": "2020-02-12",
    "text_zh": "自当日起计入临床诊断病例。",
    "text_en": "Clinically diagnosed cases are counted from this day.",
    "source": "湖北省卫生健康委员会",
    "source_url": "",
    "known_at": "2020-02-13 00:00",
}
HERE = "/cms/snippets/situation/caveat/"


def test_an_editor_writes_changes_and_deletes_a_caveat_in_the_trail(client, yan):
    client.force_login(yan)
    client.post(f"{HERE}add/", CAVEAT)
    caveat = Caveat.objects.get()
    assert (caveat.place_id, caveat.metric) == ("CN-420000", "confirmed")
    client.post(f"{HERE}edit/{caveat.pk}/", {**CAVEAT, "text_en": "From this day."})
    client.post(f"{HERE}delete/{caveat.pk}/")
    deeds = Entry.objects.filter(deed__startswith="situation.caveat").order_by("pk")
    assert list(deeds.values_list("deed", flat=True)) == [
        "situation.caveat_written",
        "situation.caveat_changed",
        "situation.caveat_deleted",
    ]
    assert {line.by for line in deeds} == {f"user:{yan.pk}"}


def test_a_caveat_that_is_refused_leaves_no_line(client, yan):
    client.force_login(yan)
    client.post(f"{HERE}add/", {**CAVEAT, "place": "XX-1"})
    client.post(f"{HERE}add/", {**CAVEAT, "to_on": "2020-02-01"})
    assert not Caveat.objects.exists()
    assert not Entry.objects.filter(deed__startswith="situation.caveat").exists()


def test_others_write_no_caveats(client, cast):
    for name in ("chen", "lin", "ola", "meng", "rui"):
        client.force_login(cast[name])
        client.post(f"{HERE}add/", CAVEAT)
    assert not Caveat.objects.exists()
