"""The pages of residents and officers, through the web alone; everybody else is refused."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from tongxin.audit.models import Entry as Trail
from tongxin.consent.actions import add_ward, end_proxy, withdraw_consent
from tongxin.monitoring.models import Entry, Task, Watch
from tongxin.people.actions import add_person

BREATH = "267036007"


def signed_in(user, language="en"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def of_page(client, fields):
    """The fields as a new page names them: p0 is the first person on it, p1 the second."""
    page = client.get("/my/log/").content.decode()
    parts = re.findall(r'<h2 class="tx-log__who" id="(p[0-9a-f]{10})"', page)
    named = {"key": re.search(r'name="key" value="([^"]+)"', page)[1]}
    for name, value in fields.items():
        found = re.fullmatch(r"p(\d)-(.+)", name)
        named[f"{parts[int(found[1])]}-{found[2]}" if found else name] = value
    return {n: parts[int(v[1])] if n == "same" else v for n, v in named.items()}


@pytest.fixture
def home(rui):
    return signed_in(rui)


def test_a_household_is_sent_together_and_the_receipt_names_who_was_told(
    home, rui, grandmother, street, wei
):
    said = {"p0-how": "well", "p0-degrees": "36.5", "p0-unit": "Cel"}
    said |= {"p1-how": "ill", "p1-symptoms": [BREATH], "p1-degrees": "101.3", "p1-unit": "[degF]"}
    sent = of_page(home, said)
    page = home.post("/my/log/", sent, follow=True).content.decode()
    assert "Call 120 now" in page and "38.5 °C" in page
    assert "魏强 Wei Qiang of Xindi Community Committee has been told" in page
    assert Entry.objects.count() == 2
    assert "Logged today" in home.get("/my/log/").content.decode()


def test_the_same_form_sent_again_is_taken_once(home, rui):
    sent = of_page(home, {"p0-how": "well"})
    assert [home.post("/my/log/", sent).status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("on", "day"), [("2020-03-19", 19), ("", 20), ("2020-03-21", 20), ("soon", 20)]
)
def test_what_a_phone_sends_late_is_of_the_day_it_was_said(home, rui, on, day):
    home.post("/my/log/", of_page(home, {"p0-how": "well", "on": on}))
    assert Entry.objects.get().on == date(2020, 3, day)


def test_a_page_that_waited_gives_nobody_anothers_answers(home, rui, grandmother, noon):
    sent = of_page(home, {"p1-how": "ill", "p1-symptoms": [BREATH]})
    end_proxy(grandmother.proxies.get().pk, by=rui, at=noon)
    add_ward(name="外公", born_on=None, relation="relative", basis="spoken", by=rui, at=noon)
    page = home.post("/my/log/", sent)
    assert page.status_code == 422 and "have changed" in page.content.decode()
    assert not Entry.objects.exists()


def test_a_page_without_a_key_is_refused(home, rui):
    sent = of_page(home, {"p0-how": "well", "key": ""})
    assert home.post("/my/log/", sent).status_code == 422
    assert not Entry.objects.exists()


def test_yesterdays_answers_are_offered_and_nothing_else_is_lost(home, rui, grandmother, say, noon):
    say(grandmother, symptoms=("49727002",), contact="no", on=date(2020, 3, 19))
    page = home.post("/my/log/", of_page(home, {"p0-degrees": "36.7", "same": "p1"}))
    text = page.content.decode()
    assert page.status_code == 200 and not Entry.objects.filter(on=date(2020, 3, 20)).exists()
    assert 'value="36.7"' in text
    assert re.search(r'name="p[0-9a-f]{10}-symptoms" value="49727002" checked', text)
    assert re.search(r'name="p[0-9a-f]{10}-how" value="ill" checked', text)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "at least one person"),
        ({"p0-degrees": "25"}, "is no body temperature in °C"),
        ({"p0-degrees": "98.6", "p0-unit": "Cel"}, "86 and 111 °F"),
        ({"p0-how": "well", "p0-symptoms": [BREATH]}, "Which is right?"),
        ({"p0-how": "ill"}, "Say what is not right"),
        ({"p0-how": "well", "p0-travelled": "yes"}, "Say where"),
        ({"p0-how": "well", "p0-medicine": "yes"}, "Say which medicine"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_taken(home, wrong, said):
    page = home.post("/my/log/", of_page(home, wrong))
    assert page.status_code == 422 and said in page.content.decode()
    assert not Entry.objects.exists()


def test_errors_are_in_the_readers_language(rui):
    client = signed_in(rui, "zh-hans")
    page = client.post("/my/log/", of_page(client, {"p0-degrees": "25"}))
    assert "不是" in page.content.decode()


def test_the_person_sees_the_two_weeks_and_chooses_the_hour(home, rui, say):
    say(rui.person, celsius="38.2", on=date(2020, 3, 18))
    address = f"/my/{rui.person.pk}/log/"
    assert "Highest 38.2 °C on 03-18" in home.get(address).content.decode()
    home.post(address, {"remind_at": "08:00", "zone": "Pacific/Guam"})
    assert Watch.objects.get(person=rui.person).next_reminder_at.hour == 22
    wrong = home.post(address, {"remind_at": "08:00", "zone": "Mars/Olympus"})
    assert wrong.status_code == 422 and "no time zone" in wrong.content.decode()


def test_an_officer_sees_the_own_street_takes_the_task_and_says_what_came_of_it(
    rui, street, say, wei
):
    say(rui.person, symptoms=(BREATH,))
    officer, number = signed_in(wei), Task.objects.get().pk
    assert "瑞 Rui" in officer.get("/desk/log/").content.decode()
    officer.post(f"/desk/log/tasks/{number}/", {"take": "yes"})
    assert Task.objects.get().state == "taken"
    officer.post(f"/desk/log/tasks/{number}/", {"outcome": "clinic", "note": ""})
    assert Task.objects.get().outcome == "clinic"
    assert "Sent to the fever clinic" in officer.get(f"/desk/log/tasks/{number}/").content.decode()


def test_each_look_is_a_line_that_the_person_reads(home, rui, street, say, wei):
    say(rui.person)
    signed_in(wei).get(f"/desk/log/person/{rui.person.pk}/")
    looks = Trail.objects.filter(deed="people.record_read", target__endswith=str(rui.person.pk))
    assert looks.get().facts == {"purpose": "monitoring"}
    record = home.get(f"/my/{rui.person.pk}/record/").content.decode()
    assert "Xindi Community Committee" in record


@pytest.mark.parametrize("name", ["sam", "dara", "yan", "ola", "meng"])
def test_everybody_else_is_refused(cast, name, rui, street, say):
    say(rui.person, symptoms=(BREATH,))
    client = signed_in(cast[name])
    for path in ("", "county/", "sheet/", f"person/{rui.person.pk}/", "tasks/1/"):
        assert client.get(f"/desk/log/{path}").status_code == 403
    assert client.get(f"/my/{rui.person.pk}/log/").status_code == 404
    assert "瑞 Rui" not in client.get("/my/log/").content.decode()


def test_an_officer_without_consent_finds_nobody(rui, street, say, wei, noon):
    say(rui.person, symptoms=(BREATH,))
    withdraw_consent(street[rui.person.pk, "committee"].pk, by=rui, at=noon)
    officer = signed_in(wei)
    assert "瑞 Rui" not in officer.get("/desk/log/?state=reported").content.decode()
    assert officer.get(f"/desk/log/person/{rui.person.pk}/").status_code == 404
    number = Task.objects.get().pk
    assert officer.get(f"/desk/log/tasks/{number}/").status_code == 404
    assert officer.post(f"/desk/log/tasks/{number}/", {"take": "yes"}).status_code == 404


def test_a_paper_sheet_is_typed_in_all_or_nothing(rui, grandmother, street, say, wei, noon):
    for person in (rui.person, grandmother):
        say(person, at=noon - timedelta(days=2))
    officer = signed_in(wei)
    pasted = "姓名\t体温\t症状\n李奶奶\t37.9\t咳嗽\n瑞 Rui\t36.5\tdizzy\n陌生人\t36.5\t\n"
    page = officer.post("/desk/log/sheet/", {"pasted": pasted, "save": "yes", "key": "k" * 30})
    text = page.content.decode()
    assert page.status_code == 422
    assert (
        "“dizzy” was not understood" in text.replace("36.5 ", "") and "nobody of this name" in text
    )
    assert Entry.objects.filter(via="paper").count() == 0
    pasted = "李奶奶\t37.9\t咳嗽\n瑞 Rui\t36.5\t\n"
    sent = {"pasted": pasted, "save": "yes", "key": "k" * 30}
    for _ in range(2):
        assert officer.post("/desk/log/sheet/", sent).status_code == 302
    assert Entry.objects.filter(via="paper", author=wei).count() == 2
    assert Task.objects.get(person=grandmother).kind == "fever"


def test_looking_at_a_sheet_saves_nothing(rui, street, say, wei, noon):
    say(rui.person, at=noon - timedelta(days=2))
    words = {f"words-{rui.person.pk}": "38.1 fever"}
    page = signed_in(wei).post("/desk/log/sheet/", words)
    assert page.status_code == 200 and "38.1 °C" in page.content.decode()
    assert not Entry.objects.filter(via="paper").exists()


def test_odd_letters_break_nothing(rui, street, say, wei, noon):
    say(rui.person, at=noon - timedelta(days=2))
    officer = signed_in(wei)
    for path in ("?street=%00", "?state=%00&page=-1", "?page=x", "sheet/?street=%00"):
        assert officer.get(f"/desk/log/{path}").status_code == 200
    words = {f"words-{rui.person.pk}": "36.5 其他:\x00牙疼", f"day-{rui.person.pk}": "2-29\x00"}
    page = officer.post("/desk/log/sheet/", words | {"save": "yes", "key": "k" * 30})
    assert page.status_code == 422 and not Entry.objects.filter(via="paper").exists()


@pytest.fixture
def crowd(cast, bodies, heard, allow, rui, noon):
    """Streets with so many people, of whom so many have a fever."""
    from tongxin.consent.models import Grant, Purpose

    def made(streets):
        for name, (count, feverish) in streets.items():
            for number in range(count):
                person = add_person(name="", place="CN-421083", by="tests")
                person.street = name
                person.save()
                Grant.objects.create(
                    person=person,
                    to=bodies["health_authority"],
                    purpose=Purpose.MONITORING,
                    starts_at=noon - timedelta(days=1),
                    ends_at=noon + timedelta(days=1),
                )
                heard(person, author=None, celsius="38.5" if number < feverish else "36.5")

    return made


def test_the_county_reads_counts_and_no_small_one_can_be_worked_out(crowd, chen):
    crowd({"东街": (12, 2), "西街": (9, 6), "南街": (8, 5)})
    text = signed_in(chen).get("/desk/log/county/").content.decode()
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', text, re.DOTALL))
    fever = {name: re.findall(r"<td>([^<]*?)</td>", row)[-1] for name, row in rows.items()}
    assert fever["东街"] == "&lt;5"
    assert list(fever.values()).count("&lt;5") == 2  # or it would be the total less the others
    assert "瑞" not in text
