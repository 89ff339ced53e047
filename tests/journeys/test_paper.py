"""Grandmother Li has no telephone: an officer enters her from paper, Rui looks after her."""

from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, faults
from tests.journeys.test_my_page import sign_in as sign_in_by_phone

SIGNED = {"signed_on": "2020-03-19", "signed_in": "家中", "kept_at": "A-17"}
LI = {"name": "李奶奶", "born_on": "1949-12-31", "street": "新堤街3号"}
NUMBER = "13700137000"


def fill(page, **said) -> None:
    for name, value in said.items():
        page.locator(f"main [name={name}]").fill(value)


def today(page) -> str:
    return page.evaluate("new Date().toISOString().slice(0, 10)")


def send(page) -> None:
    page.locator("main form:has([name=kept_at]) button[type=submit]").click()


def find(page, text) -> None:
    page.goto("/desk/people/")
    fill(page, text=text)
    page.keyboard.press("Enter")
    page.wait_for_selector("#found")


def enter(wei) -> str:
    """The officer types in the sheet; the address of the record."""
    wei.goto("/en/consent-sheet/")
    expect(wei.locator(".tx-signing")).to_contain_text("Xindi Community Committee may see")
    assert faults(wei) == []
    wei.goto("/desk/people/enter/")
    assert faults(wei) == []
    fill(wei, **LI, **{**SIGNED, "signed_on": today(wei)})
    wei.get_by_label("Xindi Community Committee may see").check()
    fill(wei, proxy_name="李瑞", proxy_phone=NUMBER)
    wei.locator("[name=relation]").select_option("grandparent")
    send(wei)
    wei.wait_for_url("**/desk/people/*-*/")
    record = wei.url
    for text in ("Signed on paper", "李瑞"):
        expect(wei.locator("main")).to_contain_text(text)
    assert faults(wei) == []
    find(wei, "李奶奶")
    expect(wei.locator("section[role=status]")).to_contain_text("新堤街3号")
    return record


def withdraw(wei, record) -> None:
    """She withdraws in writing; the officer no longer finds her."""
    wei.goto(f"{record}withdrawal/")
    wei.get_by_label("Xindi Community Committee may see").check()
    fill(wei, **{**SIGNED, "signed_on": today(wei), "kept_at": "A-18"})
    send(wei)
    expect(wei.locator(".tx-messages")).to_contain_text("1 permission has ended")
    find(wei, "李奶奶")
    expect(wei.locator("section[role=status]")).not_to_contain_text("新堤街3号")
    assert wei.goto(record).status == 404


def test_from_a_signed_sheet_to_its_withdrawal(town, visit, sign_in):
    rui = visit("/my/", size=PHONE, language="en-GB")
    sign_in_by_phone(rui, NUMBER)
    rui.locator("a[href$='/details/']").first.click()
    fill(rui, name="李瑞")
    rui.locator("main button[type=submit]").click()
    rui.wait_for_url("**/my/")

    wei = sign_in("wei")
    record = enter(wei)
    rui.reload()
    expect(rui.locator(".tx-people")).to_contain_text("李奶奶")
    rui.locator(".tx-people a[href$='/record/']").click()
    for text in ("The record was read", "A-17"):
        expect(rui.locator("main")).to_contain_text(text)
    assert faults(rui) == []

    sam = sign_in("sam", size=DESK)
    for address in (record, rui.url, "/desk/people/", f"{record}withdrawal/", "/my/"):
        sam.goto(address)
        expect(sam.locator("body")).not_to_contain_text("李奶奶")

    withdraw(wei, record)
    rui.reload()
    expect(rui.locator("main")).to_contain_text("Withdrawn on paper")
