"""A form is answered on a phone: with nothing but the page itself, in both languages."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.journeys.conftest import faults
from tests.journeys.test_alert import await_true


def test_the_daily_log_is_answered_without_javascript(visit):
    page = visit("/zh-hans/forms/daily-health-log/", java_script_enabled=False)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#error-summary-title")).to_have_text("有问题需要处理")
    page.get_by_label("咳嗽").check()
    page.get_by_role("button", name="更新").first.click()
    expect(page.get_by_label("从哪天开始的？")).to_be_visible()
    page.get_by_label("和昨天一样").check()
    page.get_by_label("不知道").check()
    for no in page.get_by_label("否", exact=True).all():
        no.check()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("h1")).to_have_text("您的答案已收到")


def test_it_can_be_gone_on_with_on_another_device(visit):
    page = visit("/en/forms/daily-health-log/", language="en-GB")
    assert faults(page) == []
    page.get_by_label("Fever or feeling feverish").check()
    page.get_by_role("button", name="Go on later").click()
    code = page.get_by_text(re.compile(r"^(\w{4}-){3}\w{4}$")).inner_text()
    other = visit("/zh-hans/forms/")
    other.get_by_label("16 位字母和数字的代码").fill(code.lower())
    other.get_by_role("button", name="显示我的答卷").click()
    expect(other.get_by_label("发热或感觉发热")).to_be_checked()
    assert faults(other) == []


def test_answers_written_without_a_network_are_sent_once_when_there_is_one(visit, town):
    page = visit("/zh-hans/forms/daily-health-log/")
    is_kept = "() => caches.match(location.href).then(Boolean)"
    await_true(lambda: page.evaluate(is_kept))
    page.get_by_label("咳嗽").check()
    began = datetime.now(UTC)
    page.context.set_offline(True)
    page.reload()  # the browser was closed and opened again: page and answers are on the phone
    expect(page.get_by_label("咳嗽")).to_be_checked()
    expect(page.get_by_label("从哪天开始的？")).to_be_visible()  # asked only of who coughs
    page.get_by_label("和昨天一样").check()
    for no in page.get_by_label("否", exact=True).all():
        no.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="提交").press("Enter")
    expect(page.locator("[data-outbox-said]")).to_have_text(
        "已保存在这部手机上，有网络时会自动发送。"
    )
    assert faults(page) == []
    page.context.set_offline(False)
    expect(page.locator("h1")).to_have_text("您的答案已收到")
    assert responses(town, since=began) == 1
    page.goto("/zh-hans/forms/daily-health-log/")
    expect(page.locator("[data-outbox-list] li")).to_have_count(1)
    page.get_by_role("button", name="从这部手机上删除").click()
    expect(page.locator("[data-outbox]")).to_be_hidden()


def responses(town, *, since):
    """How many answers are in the database that came since then."""
    count = "from tongxin.questionnaires.models import Response as R; print(R.objects"
    count += f".filter(authored_at__gte='{since.isoformat()}').count())"
    done = town.command("django", "shell", "--verbosity", "0", "--command", count)
    return int(done.stdout.split()[-1])


def test_what_the_server_refuses_later_is_mended_and_nothing_of_it_is_lost(visit):
    page = visit("/en/forms/daily-health-log/", language="en-GB")
    await_true(lambda: page.evaluate("() => caches.match(location.href).then(Boolean)"))
    page.context.set_offline(True)
    page.get_by_label("What is the temperature now?").first.fill("98")
    page.get_by_label("Cough").check()
    page.get_by_role("button", name="Send the answers").click()
    said = page.locator("[data-outbox-said]")
    expect(said).to_have_text("Kept on this phone. It will be sent when there is a network.")
    page.context.set_offline(False)
    expect(said).to_contain_text("needs another look")
    page.get_by_role("button", name="Look at it and mend it").click()
    expect(page.locator("#error-summary-title")).to_be_visible()
    expect(page.get_by_label("Cough")).to_be_checked()
    expect(page.get_by_label("What is the temperature now?").first).to_have_value("98")
    page.get_by_label("What is the temperature now?").first.fill("36.6")
    page.get_by_label("As yesterday").check()
    for no in page.get_by_label("No", exact=True).all():
        no.check()
    page.get_by_role("button", name="Send the answers").click()
    expect(page.locator("h1")).to_have_text("Your answers have arrived")
