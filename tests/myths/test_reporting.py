"""Somebody asks whether a rumour is true: what they read, what is kept, what is refused."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from tests.myths.test_claims import a_claim
from tongxin.audit.models import Entry
from tongxin.myths import limits, reading_pictures
from tongxin.myths.actions.queue import answer_cluster, gather_reports
from tongxin.myths.models import Cluster, Report, Told
from tongxin.myths.queries import report_of

FORM = "/en/myths/report/"


@pytest.fixture
def tea(db):
    return a_claim()


def send(client=None, **fields):
    return (client or Client()).post(FORM, fields)


def receipt_of(answer) -> str:
    return Client().get(answer["Location"]).content.decode()


def code_of(answer) -> str:
    return answer["Location"].rstrip("/").rpartition("/")[2]


def test_a_known_rumour_is_answered_at_once(tea):
    answer = send(text="Strong tea cures COVID-19")
    page = receipt_of(answer)
    assert "This is known" in page and "No study shows that tea cures" in page
    assert Report.objects.get().how == "matched"
    assert Told.objects.get().ruling == tea.rulings.get()


def test_a_rumour_in_other_spelling_is_the_same(tea):
    assert "This is known" in receipt_of(send(text="喝濃茶 能治好 新冠！！"))


def test_a_rumour_like_a_known_one_is_offered_and_can_be_chosen(tea):
    answer = send(text="My aunt drinks tea and says the virus goes away")
    page = receipt_of(answer)
    assert "Is it this?" in page
    choose = Client().post(answer["Location"] + "choose/", {"claim": tea.slug})
    assert choose.status_code == 302
    assert "This is known" in receipt_of(answer)
    assert Report.objects.get().how == "chosen"


def test_what_was_not_offered_cannot_be_chosen(tea):
    a_claim("garlic", claim_en="Garlic", claim_zh="大蒜", tellings_zh=[], tellings_en=[])
    answer = send(text="My aunt drinks tea and says the virus goes away")
    refused = Client().post(answer["Location"] + "choose/", {"claim": "unheard-of"})
    assert refused.status_code == 409


def test_a_new_rumour_waits_and_its_receipt_tells_when_it_is_answered(tea, qing):
    answer = send(text="Helicopters spray disinfectant over the city tonight")
    assert "An editor will look at it" in receipt_of(answer)
    assert gather_reports(by="worker", at=timezone.now()) == 1
    assert answer_cluster(Cluster.objects.get(), tea, by=qing, at=timezone.now()) == 1
    assert "No study shows that tea cures" in receipt_of(answer)


def test_who_was_told_a_verdict_reads_its_correction(tea):
    answer = send(text="Strong tea cures COVID-19")
    tea.verdict, tea.why_en = "unproven", "A study began. Wait for it."
    tea.save()
    page = receipt_of(answer)
    assert "The answer was corrected" in page and "A study began" in page
    assert "What you were told before" in page and "No study shows" in page
    assert Told.objects.filter(is_correction=True).count() == 1


def test_a_receipt_is_found_only_by_its_code_however_typed(tea):
    code = code_of(send(text="Strong tea cures COVID-19"))
    assert report_of(f"{code[:4].lower()}-{code[4:]} ") == Report.objects.get()
    assert code not in str(list(Report.objects.values()))
    assert Client().get("/en/myths/receipt/AAAABBBBCCCCDDDD/").status_code == 404
    typed = Client().post("/en/myths/receipt/", {"code": code})
    assert typed["Location"].endswith(f"{code}/")


def test_personal_numbers_are_struck_out_before_anything_is_kept(tea):
    send(text="王医生 13800138000 身份证11010519491231002X 说直升机今晚喷药")
    kept = Report.objects.get().text
    assert "138" not in kept and "1101" not in kept and "直升机" in kept
    assert "直升机" not in str(list(Entry.objects.values("facts", "target")))


def test_a_link_is_kept_without_what_names_who_shared_it(tea):
    send(link="https://example.org/strong-tea-cures?shared_by=alice")
    assert Report.objects.get().link == "https://example.org/strong-tea-cures"
    assert send(link="javascript:alert(1)").status_code == 422


@pytest.mark.parametrize("text", ["", "?!。", "a", "\u200b\u200b\u200b\u200b\u200b"])
def test_nothing_to_check_is_refused_in_words(tea, text):
    answer = send(text=text)
    assert answer.status_code == 422 and "too little here to check" in answer.content.decode()
    assert not Report.objects.exists()


def test_too_much_text_is_refused(tea):
    assert send(text="喝茶" * 1500).status_code == 422
    assert (
        Client(raise_request_exception=False).post(FORM, {"text": "a" * 10_000_000}).status_code
        == 400
    )
    assert not Report.objects.exists()


def test_hidden_characters_and_look_alikes_change_nothing(tea):
    hidden = "St\u200brong te\u0430 cur\u0435s \u202eCOVID-19\u202c"  # zero width, Cyrillic, RTL
    answer = send(text=hidden)
    assert "This is known" in receipt_of(answer)
    assert "\u202e" not in Report.objects.get().text


def test_scripts_come_back_as_text(tea):
    page = receipt_of(send(text="<script>alert(1)</script> drones spray the town"))
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_flood_from_one_address_is_stopped_and_others_are_not(tea, monkeypatch):
    monkeypatch.setattr(limits, "OF_ONE", 3)
    flood, other = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")
    codes = [send(flood, text=f"rumour number {n} of many").status_code for n in range(5)]
    assert codes == [302, 302, 302, 429, 429]
    assert send(other, text="another rumour altogether").status_code == 302


def test_a_form_from_another_site_is_refused(tea):
    foreign = Client(headers={"origin": "https://evil.example"})
    assert send(foreign, text="Strong tea cures COVID-19").status_code == 422
    assert not Report.objects.exists()


def test_advertising_stays_out_of_the_queue_until_an_editor_lets_it_in(tea, qing, client):
    send(text="特效药优惠包邮，加微信下单 http://a.example http://b.example")
    gather_reports(by="worker", at=timezone.now())
    assert not Cluster.objects.exists()
    client.force_login(qing)
    client.post(f"/desk/rumours/let-in/{Report.objects.get().pk}/")
    gather_reports(by="worker", at=timezone.now())
    assert Cluster.objects.count() == 1


def picture(content: bytes, name="rumour.png"):
    file = BytesIO(content)
    file.name = name
    return file


def test_a_picture_that_is_none_is_refused(tea):
    answer = send(picture=picture(b"MZ\x90\x00 this is a program" * 50))
    assert answer.status_code == 422 and "not a picture" in answer.content.decode()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(tea):
    from PIL import Image

    bomb = BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    answer = send(picture=picture(bomb.getvalue()))
    assert answer.status_code == 422 and "too large" in answer.content.decode()


def test_a_picture_of_too_many_bytes_is_refused(tea, monkeypatch):
    monkeypatch.setattr(reading_pictures, "MOST_BYTES", 100)
    assert "too large" in send(picture=picture(b"x" * 200)).content.decode()


def test_the_text_in_a_picture_is_read_and_answered(tea):
    from PIL import Image, ImageDraw, ImageFont

    from tongxin.pictures.fonts import font_file

    drawn = Image.new("RGB", (900, 220), "white")
    font = ImageFont.truetype(str(font_file("regular")), 64)
    ImageDraw.Draw(drawn).text((40, 60), "喝浓茶能治好新冠", "black", font=font)
    sent = BytesIO()
    drawn.save(sent, "PNG")
    answer = send(picture=picture(sent.getvalue()))
    assert "This is known" in receipt_of(answer)
    assert Report.objects.get().kind == "picture"


def test_a_picture_without_text_is_refused_in_words(tea):
    from PIL import Image

    blank = BytesIO()
    Image.new("RGB", (300, 200), "white").save(blank, "PNG")
    assert "No text could be read" in send(picture=picture(blank.getvalue())).content.decode()
