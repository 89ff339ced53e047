"""The phone in the browser: only in development, only from this machine."""

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/dev/wechat/"
LOCAL = {"headers": {"host": "localhost", "accept-language": "en"}}


def press(client, act, value=""):
    return client.post(PAGE, {"act": act, "value": value}, **LOCAL)


def shown(client):
    return client.get(PAGE, **LOCAL).content.decode()


@pytest.mark.django_db(transaction=True)  # the simulator writes to us from a thread of its own
def test_a_conversation_with_the_menu(client, wechat, county):
    wechat.world.service(county.app_id).menu = [
        {"name": "帮助", "type": "click", "key": "help"},
        {"name": "疫情", "type": "view", "url": "https://a.example/"},
    ]
    assert "You do not follow this account yet." in shown(client)
    assert press(client, "subscribes").status_code == 302
    assert press(client, "says", "<b>38.2</b>").status_code == 302
    page = shown(client)
    assert "&lt;b&gt;38.2&lt;/b&gt;" in page and "这里没能回答" in page, "in her language"
    assert "帮助" in page and 'href="https://a.example/"' in page and "120" in page
    assert press(client, "unsubscribes").status_code == 302


def test_without_the_simulator_the_page_says_how_to_start_it(client, settings):
    settings.WECHAT_API = settings.WECHAT_SIMULATOR = "http://127.0.0.1:9"
    assert "tongxin wechat simulate" in shown(client)
    assert press(client, "says", "x").status_code == 302


def test_what_the_phone_cannot_do_is_not_found(client, wechat):
    assert press(client, "explode").status_code == 404
    assert client.get(f"{PAGE}?account=unknown", **LOCAL).status_code == 404


@pytest.mark.parametrize("change", [{"DEVELOPMENT": False}, {"WECHAT_API": "https://a.example"}])
def test_in_production_there_is_no_such_page(client, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    assert client.get(PAGE, **LOCAL).status_code == 404
    assert client.post(PAGE, {"act": "says"}, **LOCAL).status_code == 404


def test_nobody_from_elsewhere_opens_it(client, wechat):
    assert client.get(PAGE, headers={"host": "evil.example"}).status_code == 403
    assert client.get(PAGE, **LOCAL, REMOTE_ADDR="192.0.2.7").status_code == 403
