"""Signing in by WeChat, the question whether it may be linked, and how a person is reached."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from tests.channels.push_service import Browser, push_service
from tests.channels.wechat.conftest import clock, county, wechat
from tests.residents.conftest import PHONE, newest_code, own
from tongxin.audit.models import Entry
from tongxin.channels.models import Follower, Reach, Subscription
from tongxin.channels.reaching import tell_person
from tongxin.channels.reaching.queries import followers_of
from tongxin.channels.words import Words
from tongxin.people.models import Person, User
from tongxin.people.roles import Role
from tongxin.residents.holdings import held

__all__ = ["clock", "county", "wechat"]
pytestmark = pytest.mark.django_db
START = "/my/sign-in/wechat/county/"
LINK = "/my/sign-in/wechat/link/"


def english():
    return Client(HTTP_ACCEPT_LANGUAGE="en")


def through_wechat(client, openid="rui", start=START):
    """What the browser brings back from WeChat to our page."""
    sent = client.get(start)
    assert sent.status_code == 302, sent.content
    address = sent.url.replace("#", f"&openid={openid}#")
    back = urlsplit(httpx.get(address, follow_redirects=False).headers["Location"])
    assert parse_qs(back.query)["code"]
    return client.get(f"{back.path}?{back.query}")


def signed_in_and_asked(client, openid="rui"):
    """By telephone, once, after WeChat did not know who it is."""
    assert through_wechat(client, openid).url == "/my/sign-in/"
    client.post("/my/sign-in/", {"phone": PHONE})
    answer = client.post("/my/sign-in/code/", {"code": newest_code()})
    assert answer.url == LINK
    return client


def test_who_is_new_signs_in_by_telephone_once_and_is_asked(wechat):
    client = signed_in_and_asked(english())
    page = client.get(LINK).content.decode()
    assert "May Sample county CDC know in WeChat who you are?" in page
    assert client.post(LINK, {"answer": "yes"}).url == "/my/"
    row = Follower.objects.get()
    assert row.person.phone == "+8613800138000" and row.linked_at
    again = english()
    assert through_wechat(again).url == "/my/"
    assert again.get("/my/").status_code == 200, "the second time no code is needed"


def test_who_says_no_is_signed_in_and_not_linked(wechat):
    client = signed_in_and_asked(english())
    assert client.post(LINK, {"answer": "no"}).url == "/my/"
    assert Follower.objects.get().person is None
    assert through_wechat(english()).url == "/my/sign-in/"
    assert client.get(LINK).url == "/my/", "what was settled is not asked again"


def test_who_asked_for_a_page_comes_to_it_through_wechat(wechat):
    client = english()
    page = "/my/people/add/"
    through_wechat(client, start=f"{START}?next={page}")
    client.post("/my/sign-in/", {"phone": PHONE})
    client.post("/my/sign-in/code/", {"code": newest_code()})
    assert client.post(LINK, {"answer": "yes"}).url == page
    assert through_wechat(english(), start=f"{START}?next={page}").url == page
    assert through_wechat(english(), start=f"{START}?next=https://evil.example/").url == "/my/"


def test_a_link_that_is_ended_signs_nobody_in(wechat, sign_in):
    client = signed_in_and_asked(english())
    client.post(LINK, {"answer": "yes"})
    number, row = own(client), Follower.objects.get()
    assert client.post(f"/my/{number}/reach/{row.pk}/end/").url == f"/my/{number}/reach/"
    assert through_wechat(english()).url == "/my/sign-in/"
    deeds = Entry.objects.filter(target=f"people.Person:{number}").values_list("deed", flat=True)
    assert {"channels.wechat_linked", "channels.wechat_unlinked"} <= set(deeds)
    assert (
        "A WeChat account was linked to you" in client.get(f"/my/{number}/record/").content.decode()
    )


def test_a_stranger_ends_no_link_and_sees_no_page(wechat, sign_in):
    client = signed_in_and_asked(english())
    client.post(LINK, {"answer": "yes"})
    number, row = own(client), Follower.objects.get()
    stranger = sign_in("13900139000")
    for method, page in (
        ("get", "reach/"),
        ("post", f"reach/{row.pk}/end/"),
        ("post", "reach/browser/"),
        ("post", "reach/browsers/end/"),
    ):
        assert getattr(stranger, method)(f"/my/{number}/{page}").status_code == 404
    assert stranger.post(f"/my/{own(stranger)}/reach/{row.pk}/end/").status_code == 404
    assert Follower.objects.get().person_id is not None
    assert Client().get(f"/my/{number}/reach/").url.startswith("/my/sign-in/")
    assert Client().get(LINK).url.startswith("/my/sign-in/")


def test_another_persons_wechat_is_not_taken_over(wechat, sign_in):
    signed_in_and_asked(english()).post(LINK, {"answer": "yes"})
    row = Follower.objects.get()
    other = sign_in("13900139000")
    assert through_wechat(other).url == "/my/", "who owns this WeChat is signed in, nobody else"
    assert own(other) == str(row.person_id)


def test_staff_are_never_signed_in_by_wechat(wechat):
    """They need a second factor, which WeChat is not."""
    signed_in_and_asked(english()).post(LINK, {"answer": "yes"})
    User.objects.update(role=Role.CLINICIAN)
    client = english()
    assert through_wechat(client).url == "/my/sign-in/"
    assert client.get("/my/").url.startswith("/my/sign-in/")


def test_an_answer_that_began_elsewhere_says_so_and_leads_to_the_telephone(wechat, client):
    begun = english()
    begun.get(START)
    page = english().get(f"{START}back/?code=abc&state=" + "0" * 74, follow=True)
    assert page.redirect_chain[-1][0] == "/my/sign-in/"
    assert "begun in another browser" in page.content.decode()
    assert client.get("/my/sign-in/wechat/nobody/").url == "/my/sign-in/"


def test_the_button_is_there_inside_wechat_and_nowhere_else(wechat, settings):
    settings.DEVELOPMENT = False
    settings.WECHAT_FILE = ""
    assert "WeChat:" not in english().get("/my/sign-in/").content.decode()
    settings.DEVELOPMENT = True
    assert START in english().get("/my/sign-in/").content.decode()
    settings.WECHAT_OPEN = "https://open.weixin.qq.com"
    assert START not in english().get("/my/sign-in/").content.decode()
    inside = Client(HTTP_USER_AGENT="Mozilla/5.0 MicroMessenger/8.0")
    assert START in inside.get("/my/sign-in/").content.decode()


def test_the_order_is_chosen_and_kept(sign_in):
    client = sign_in()
    page = f"/my/{own(client)}/reach/"
    said = {"wechat": "2", "push": "never", "sms": "1", "email": "4", "language": "en"}
    assert client.post(page, said).status_code == 302
    row = Reach.objects.get()
    assert (row.order, row.off, row.language) == (["sms", "wechat", "email"], ["push"], "en")
    assert not row.is_one_conversation
    assert '<option value="never" selected>' in client.get(page).content.decode()
    wrong = client.post(page, said | {"sms": "0"})
    assert wrong.status_code == 200 and Reach.objects.get().order[0] == "sms"


def test_several_accounts_write_only_where_that_was_allowed(sign_in, noon):
    client = sign_in()
    person = Person.objects.get()
    for at, name in enumerate(("county", "hospital")):
        Follower.objects.create(
            account=name, openid_hash=name, openid=b"x", made_at=noon, person=person,
            linked_at=noon.replace(minute=at),
        )  # fmt: skip
    assert [row.account for row in followers_of(person)] == ["county"]
    said = {"wechat": "1", "push": "2", "sms": "3", "email": "4", "language": "en"}
    client.post(f"/my/{person.pk}/reach/", said | {"is_one_conversation": "on"})
    assert [row.account for row in followers_of(person)] == ["county", "hospital"]


def test_this_browser_is_told_and_told_no_more(sign_in):
    client = sign_in()
    person, browser = Person.objects.get(), Browser()
    door = f"/my/{person.pk}/reach/browser/"
    with push_service() as service:
        keys = {"p256dh": browser.keys["key"], "auth": browser.keys["secret"]}
        given = {"endpoint": f"{service.url}/rui", "keys": keys}
        wish = {"subscription": given, "language": "en", "code": "-"}
        told = client.post(door, wish, "application/json").json()
        page = client.get(f"/my/{person.pk}/reach/").content.decode()
        assert f'data-receipt="{told["persons"][0]}"' in page
        assert str(person.pk) not in Subscription.objects.get().topics[0]
        left = client.delete(door, {"endpoint": given["endpoint"], "code": "-"}, "application/json")
        assert left.json()["persons"] == [] and not Subscription.objects.exists()
        client.post(door, wish, "application/json")
    client.post(f"/my/{person.pk}/reach/browsers/end/")
    assert Subscription.objects.get().topics == []


@pytest.mark.parametrize("body", ["", "{}", "[]", "no json", '{"subscription": 1}', "9" * 9000])
def test_what_no_browser_sends_is_refused(sign_in, body):
    client = sign_in()
    door = f"/my/{own(client)}/reach/browser/"
    for method in ("post", "delete"):
        answer = getattr(client, method)(door, body, content_type="application/json")
        assert answer.status_code == 422 and json.loads(answer.content)["code"] == "NotAPushService"
    assert not Subscription.objects.exists()


def test_followers_and_letters_stand_in_my_record_by_themselves(wechat, clock):
    client = signed_in_and_asked(english())
    client.post(LINK, {"answer": "yes"})
    words = {"en": Words("A fever", "Call us.", "/my/")}
    person = Person.objects.get()
    tell_person(
        person, words, kind="flag", key="1", holds_for=timedelta(days=1), by="t", at=clock()
    )
    wechat.phone("rui").says("38.2")
    labels = {one.label for one in held(person)}
    assert {"channels.Follower", "channels.Letter"} <= labels
    page = client.get(f"/my/{person.pk}/record/").content.decode()
    assert "You in WeChat" in page and "A fever: Call us." in page
    taken = client.get(f"/my/{person.pk}/export/json/").json()
    assert len(taken["channels.Received"]) == 1 and "openid" not in str(taken)
