import numpy as np

from tests.meaning.conftest import ANSWERS
from tongxin.meaning.evaluation import evaluate, report
from tongxin.meaning.pair_evaluation import folds_of, groups_of, pairs
from tongxin.meaning.pair_features import likeness_features
from tongxin.meaning.pairs import learn_pairs

KNOWLEDGE = [
    {"id": f"{name}{number}", "text": text, "answer_id": name}
    for name, texts in ANSWERS.items()
    for number, text in enumerate(texts)
]
QUESTIONS = [
    {"id": "1", "text": "出门要戴口罩嗎", "answer_id": "mask"},
    {"id": "2", "text": "are cats contagious", "answer_id": "pets"},
    {"id": "3", "text": "发烧了怎么办", "answer_id": "garlic"},  # wrong on purpose
    {"id": "4", "text": "?", "answer_id": "mask"},
    {"id": "5", "text": "anything", "answer_id": "not known"},
]


def test_the_evaluation_counts_what_it_says(vectors):
    found = evaluate(KNOWLEDGE, QUESTIONS, "zh", vectors=vectors)
    assert (found.ours.top1.count, found.ours.top1.of) == (2, 5)
    assert ("garlic", "fever", 1) in found.confusions
    assert {question.id for question, _ in found.misses} == {"3", "4", "5"}
    certain = found.thresholds[-1]
    assert certain.coverage.count >= 2  # two are known phrasings
    assert certain.risk.count == 1


def test_fewer_are_answered_the_surer_one_must_be(vectors):
    found = evaluate(KNOWLEDGE, QUESTIONS, vectors=vectors)
    covered = [line.coverage.count for line in found.thresholds]
    assert covered == sorted(covered, reverse=True)


def test_the_report_names_both_methods(vectors):
    text = report(evaluate(KNOWLEDGE, QUESTIONS, vectors=vectors))
    assert "Tongxin: 40.0%" in text
    assert "character TF-IDF" in text


ILLNESSES = ["肺炎", "感冒", "哮喘", "肺气肿", "支气管炎", "流感", "咽炎", "鼻炎", "咳嗽", "胸闷"]
SAME = [("{}怎么治疗？", "如何治疗{}？"), ("{}有什么症状？", "{}的症状有哪些？")]
APART = [("{}怎么治疗？", "{}有什么症状？"), ("{}会传染吗？", "{}要住院吗？")]
TABLE = [
    {"text_a": a.format(ill), "text_b": b.format(ill), "same": str(int(same))}
    for ill in ILLNESSES
    for same, kinds in ((True, SAME), (False, APART))
    for a, b in kinds
]


def test_pairs_are_judged_beside_the_simpler_ways(vectors):
    found = pairs(TABLE, vectors=vectors)
    assert [m.name for m in found.methods] == [
        "Tongxin",
        "embedding, one threshold",
        "character TF-IDF",
    ]
    assert found.methods[0].accuracy.value >= 0.9
    assert found.groups == 20  # each illness: treated or felt; caught or bedded


def test_a_group_is_never_torn_apart():
    texts = [("a", "b"), ("c", "d"), ("b", "e"), ("f", "g"), ("e", "h")]
    groups = groups_of(texts)
    assert len({groups[0], groups[2], groups[4]}) == 1
    assert len(set(groups)) == 3
    fold = folds_of(groups)
    assert len({fold[0], fold[2], fold[4]}) == 1


def test_the_order_within_a_pair_does_not_matter(vectors):
    there = [(row["text_a"], row["text_b"]) for row in TABLE[:6]]
    back = [(b, a) for a, b in there]
    assert np.allclose(likeness_features(there, vectors), likeness_features(back, vectors))


def test_a_model_learned_from_pairs_judges_others(vectors):
    texts = [(row["text_a"], row["text_b"]) for row in TABLE]
    model = learn_pairs(texts, [row["same"] == "1" for row in TABLE], vectors)
    assert model.probability("肺结核怎么治疗？", "如何治疗肺结核？") > 0.5
    assert model.probability("肺结核怎么治疗？", "肺结核有什么症状？") < 0.5
    assert model.probability("肺结核怎么治疗？", "肺結核 怎么治疗") == 1.0
