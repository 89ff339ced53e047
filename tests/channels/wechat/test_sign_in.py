"""Signing in by WeChat, pages inside it, the menu and codes: against the simulator."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tongxin.audit.models import Entry
from tongxin.channels.wechat import menus, oauth, pages
from tongxin.channels.wechat.followers import openid_of
from tongxin.channels.wechat.models import Follower
from tongxin.channels.wechat.refusals import NotThisBrowser, RefusedByWeChat
from tongxin.channels.wechat.token import page_ticket

pytestmark = pytest.mark.django_db
BACK = "https://tongxin.example/signed-in/?next=1"


def come_back(address):
    """What WeChat's browser brings back, having asked nobody anything."""
    answer = httpx.get(address + "&openid=rui" if "#" not in address else
                       address.replace("#", "&openid=rui#"), follow_redirects=False)  # fmt: skip
    sent = urlsplit(answer.headers["Location"])
    query = parse_qs(sent.query)
    assert sent.netloc == "tongxin.example" and query["next"] == ["1"]
    return {"code": query["code"][0], "state": query["state"][0]}


def test_somebody_signs_in_and_is_the_same_follower_each_time(wechat, county, clock):
    numbers = set()
    for _ in range(2):
        session = {}
        back = come_back(oauth.begin(county, session, back_to=BACK, at=clock()))
        numbers.add(oauth.finish(county, session, **back, at=clock()))
    row = Follower.objects.get()
    assert numbers == {row.pk} and openid_of(row) == "rui"
    assert not row.is_subscribed, "signing in is not following"


def test_what_began_in_another_browser_is_refused(wechat, county, clock):
    mine, theirs = {}, {}
    back = come_back(oauth.begin(county, theirs, back_to=BACK, at=clock()))
    oauth.begin(county, mine, back_to=BACK, at=clock())
    for session in (mine, {}):
        with pytest.raises(NotThisBrowser):
            oauth.finish(county, session, **back, at=clock())
    assert not Follower.objects.exists()


def test_a_sign_in_works_once_and_not_for_ever(wechat, county, clock):
    session = {}
    back = come_back(oauth.begin(county, session, back_to=BACK, at=clock()))
    oauth.finish(county, session, **back, at=clock())
    with pytest.raises(NotThisBrowser):
        oauth.finish(county, session, **back, at=clock())
    late = come_back(oauth.begin(county, session, back_to=BACK, at=clock()))
    with pytest.raises(NotThisBrowser):
        oauth.finish(county, session, **late, at=clock.passes(minutes=11))


@pytest.mark.parametrize("state", ["", "x" * 74, "0" * 74, "０" * 74, "0" * 10_000])
def test_a_made_up_state_is_refused(county, clock, state):
    session = {}
    oauth.begin(county, session, back_to=BACK, at=clock())
    with pytest.raises(NotThisBrowser):
        oauth.finish(county, session, code="c", state=state, at=clock())


def test_a_code_stands_for_somebody_once(wechat, county):
    code = wechat.world.authorize(county.app_id, "rui")
    assert oauth.openid_for(county, code) == "rui"
    with pytest.raises(RefusedByWeChat, match="40029"):
        oauth.openid_for(county, code)


def test_a_page_is_signed_for_its_own_address(wechat, county, clock):
    url = "https://tongxin.example/zh-hans/?a=1"
    made = pages.signed_page(county, url + "#part", at=clock())
    ticket = page_ticket(county, at=clock()).value
    given = {"nonce": made.nonce, "timestamp": made.timestamp}
    assert made.signature == pages.signature_of(ticket, url=url, **given)
    assert made.signature != pages.signature_of(ticket, url=url + "&b", **given)
    assert made.app_id == county.app_id


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "帮助"), ("en", "Help")])
def test_the_menu_is_put_under_the_conversation(wechat, county, clock, language, name):
    menus.create_menu(county, menus.own_menu(language), by="tests", at=clock())
    (_, _, services) = wechat.world.service(county.app_id).menu
    log, check, own_page, button = services["sub_button"]
    assert button == {"name": name, "type": "click", "key": "help"}
    assert (log["key"], check["key"]) == ("log", "self-check") and own_page["url"].endswith("/my/")
    assert Entry.objects.filter(deed="channels.wechat_menu_made").exists()


def test_a_menu_that_is_none_is_refused_by_wechat(wechat, county, clock):
    with pytest.raises(RefusedByWeChat, match="47001"):
        menus.create_menu(county, [], by="tests", at=clock())


def test_a_code_to_scan_brings_its_scene_back(wechat, county, clock):
    code = menus.create_code(county, "clinic-7", by="tests", at=clock())
    scene = wechat.world.service(county.app_id).scenes[code.ticket]
    wechat.phone("rui").scans(scene)
    assert Follower.objects.get().scene == "clinic-7"


def test_an_operator_makes_menu_and_code_from_the_command_line(wechat, county, capsys):
    call_command("wechat", "accounts")
    assert "/wechat/county/" in capsys.readouterr().out
    call_command("wechat", "menu", "county")
    assert len(wechat.world.service(county.app_id).menu) == 3
    call_command("wechat", "code", "county", "clinic-7")
    assert capsys.readouterr().out.startswith("http")
    with pytest.raises(CommandError, match="unknown"):
        call_command("wechat", "menu", "unknown")


def test_nobody_simulates_wechat_in_production(settings):
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError):
        call_command("wechat", "simulate")
