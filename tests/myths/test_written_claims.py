"""What editors write is learned at the installation from how people tell it."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock
from zlib import crc32

import pytest

from tests.myths.test_claims import a_claim
from tests.myths.test_queue import heard
from tongxin.meaning import wording
from tongxin.meaning.vectors import EncoderMissing, Vectors
from tongxin.myths import known, learning, written_claims
from tongxin.myths.actions import queue as deeds
from tongxin.myths.matching import ByLearning, ByMeaning, taught_here
from tongxin.myths.models import Cluster, Report
from tongxin.myths.written_claims import Told, learn_written, load_written, save_written

TEA = Told(
    ("喝浓茶能治好新冠", "Strong tea cures COVID-19"),
    (
        "我婆婆天天熬浓茶，说喝了新冠就好",
        "茶叶水泡得越浓越能治新冠，真的吗",
        "群里说普洱浓茶能把病毒喝没",
        "大伯阳了不去医院，一天三壶酽茶",
        "my uncle drinks black tea all day to get rid of covid",
        "is it true that very strong tea kills the virus?",
        "they say a pot of dark tea and your covid is gone",
        "Auntie's cure for corona: tea you could stand a spoon in",
        "听说浓茶一喝新冠就退",
        "同事阳了只喝铁观音，说比药灵",
        "forwarded: boil tea leaves for an hour and drink, covid cured in a day",
        "my flatmate refuses paxlovid and drinks strong tea instead, would that cure him",
    ),
)
BATH = Told(
    ("用醋泡脚能防新冠", "Soaking the feet in vinegar prevents COVID-19"),
    (
        "老妈每晚用白醋泡脚，说病毒从脚上走",
        "陈醋兑热水泡脚防新冠有用吗",
        "邻居教我拿醋水烫脚就不会阳",
        "朋友圈说睡前醋泡脚半小时，新冠绕着走",
        "gran soaks her feet in vinegar so she won't catch covid",
        "does a vinegar foot bath keep the virus away?",
        "people on my street dip their feet in vinegar against corona",
        "forwarded: hot vinegar for the feet every night and no covid",
        "醋泡脚真能防病毒吗，我妈天天逼我泡",
        "每天脚泡在醋里二十分钟就不会得新冠",
        "a friend says soaking your feet in vinegar keeps corona out",
        "vinegar on the feet, no virus - is that true?",
    ),
)
CLAIMS = {"tea-cures": TEA, "vinegar-feet": BATH}


@pytest.fixture(scope="module")
def few_messages():
    """Messages that tell another claim or none: a tenth of those that ship, to save time."""
    with pytest.MonkeyPatch.context() as patch:
        every = list(written_claims.tellings())
        patch.setattr(written_claims, "tellings", lambda: every[::10])
        yield


@pytest.fixture(scope="module")
def vectors():
    return Vectors()


@pytest.fixture(scope="module")
def learned(few_messages, vectors):
    return learn_written(CLAIMS, vectors)


def answers(learned, told, vectors):
    phrasings = {slug: [*one.claim, *one.tellings] for slug, one in told.items()}
    taught = taught_here(learned, told, vectors)
    return lambda text: ByLearning([taught], ByMeaning(phrasings, vectors)).match(text).answer


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("喝酽茶真的能把新冠治好吗", "tea-cures"),
        ("someone told me strong tea makes covid go away", "tea-cures"),
        ("睡前拿醋泡脚可以防新冠病毒？", "vinegar-feet"),
        ("vinegar foot baths stop you catching covid, right?", "vinegar-feet"),
    ],
)
def test_a_telling_that_nobody_wrote_down_is_answered(learned, vectors, text, slug):
    assert answers(learned, CLAIMS, vectors)(text) == slug


@pytest.mark.parametrize("text", ["明天几点开门", "口罩怎么选", "where can I get tested", "?"])
def test_what_tells_no_claim_is_not_answered(learned, vectors, text):
    assert answers(learned, CLAIMS, vectors)(text) is None


def test_a_claim_that_now_says_something_else_is_not_given_by_what_was_learned(learned, vectors):
    changed = {"tea-cures": replace(TEA, claim=("喝浓茶能退烧", "Strong tea lowers a fever"))}
    assert taught_here(learned, changed, vectors).likely("喝酽茶真的能把新冠治好吗") == []


def test_what_was_learned_survives_its_file_and_half_of_it_is_nothing(learned, vectors, tmp_path):
    assert load_written(tmp_path) is None
    save_written(learned, tmp_path)
    again = load_written(tmp_path)
    assert answers(again, CLAIMS, vectors)("喝酽茶真的能把新冠治好吗") == "tea-cures"
    (tmp_path / written_claims.FILES[1]).unlink()
    assert load_written(tmp_path) is None


def test_a_claim_of_few_tellings_is_not_learned():
    few = {"tea-cures": replace(TEA, tellings=TEA.tellings[:7])}
    assert written_claims.digest(few) == ""
    told = {"tea-cures": replace(few["tea-cures"], reports=("浓茶治新冠？",))}
    assert written_claims.digest(told)


@pytest.mark.parametrize("name", written_claims.FILES)
def test_a_torn_file_is_nothing_learned(learned, tmp_path, name):
    save_written(learned, tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    assert load_written(tmp_path) is None


def test_words_that_only_people_wrote_are_not_remembered(few_messages, vectors):
    told = replace(TEA, reports=("王小明说浓茶治新冠", "王小明又说浓茶治新冠", "喝浓茶治新冠"))
    hashes = set(learn_written({"tea-cures": told}, vectors).worded.hashes.tolist())
    assert hashes & set(wording.read("浓茶", 2)[0].tolist())
    assert not hashes & {crc32("王 小".encode()), crc32("小 明".encode())}


@pytest.fixture
def learner(settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(known, "_kept", {})
    return learning.Learner()


def looked(learner, at):
    """Whether there was something to learn; it is learned by now."""
    before = learner.thread
    learner.look(at)
    if learner.thread is before:
        return False
    learner.thread.join()
    return True


@pytest.mark.django_db
def test_what_editors_answer_is_learned_and_what_was_answered_at_once_is_not(
    learner, few_messages, qing, noon
):
    texts = [*TEA.tellings, "喝茶治新冠吗", "https://example.org/tea"]
    for text in texts:
        heard(text)
    Report.objects.filter(text=texts[-1]).update(kind=Report.Kind.LINK)
    claim = a_claim()
    for cluster in Cluster.objects.all():
        deeds.answer_cluster(cluster, claim, by=qing, at=noon)
    Report.objects.filter(text=texts[-2]).update(how=Report.How.MATCHED)
    assert set(learning.tellings_now()["tea-cures"].reports) == set(TEA.tellings)
    assert looked(learner, noon)
    assert known.current_matcher().match("喝酽茶真的能把新冠治好吗").answer == "tea-cures"
    later = noon + timedelta(hours=1)
    assert not looked(learner, later), "nothing new is not learned again"
    claim.withdrawn_on = noon.date()
    claim.save()
    assert known.current_matcher().match("喝酽茶真的能把新冠治好吗").answer is None


@pytest.mark.django_db
def test_tellings_that_were_taken_away_answer_no_longer(learner, few_messages, noon):
    claim = a_claim(tellings_zh=list(TEA.tellings[:4]), tellings_en=list(TEA.tellings[4:8]))
    assert looked(learner, noon) and load_written(known.folder())
    claim.tellings_zh = []
    claim.save()
    learner.look(noon + timedelta(hours=1))
    assert load_written(known.folder()) is None


@pytest.fixture
def failing(db, monkeypatch):
    """A claim that is told often enough, and learning that ends so: ``failing(OSError())``."""

    def made(trouble):
        a_claim(tellings_zh=list(TEA.tellings))
        monkeypatch.setattr(learning, "learn_written", Mock(side_effect=trouble))

    return made


def test_where_the_encoders_are_missing_nothing_is_learned(learner, failing, noon):
    failing(EncoderMissing("e5"))
    assert looked(learner, noon)
    assert load_written(known.folder()) is None and learner.trouble == []


def test_what_goes_wrong_is_said_at_the_next_look_and_tried_again(learner, failing, noon):
    failing(OSError("no space left"))
    assert looked(learner, noon)
    with pytest.raises(OSError, match="no space"):
        learner.look(noon + timedelta(hours=1))
    assert looked(learner, noon + timedelta(hours=2))
