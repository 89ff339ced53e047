import numpy as np

from tongxin.meaning.wording import learn_wording, load, save

PEOPLE = ["my dad", "grandma", "a neighbour", "our teacher", "he", "she", "the tenant", "my aunt"]
BADLY = [f"{who} has chest pain {when}" for who in PEOPLE for when in ("now", "again", "today")]
WELL = [f"{who} has no chest pain {when}" for who in PEOPLE for when in ("now", "again", "today")]


def learned():
    texts = BADLY * 3 + WELL * 3
    named = ["ill"] * 72 + ["well"] * 72
    facts = [["older"] if "teacher" in text else [] for text in texts]
    return learn_wording(texts, named, facts=facts, longest=3, epochs=8, voices=2, digest="d")


def kind_of(wording, text):
    return wording.kinds[int(wording.logits(text).argmax())]


def test_a_single_word_turns_the_meaning():
    wording = learned()
    assert kind_of(wording, "my boss has chest pain now") == "ill"
    assert kind_of(wording, "my boss has no chest pain now") == "well"


def test_what_was_learned_is_the_same_each_time_and_survives_its_file(tmp_path):
    first, again = learned(), learned()
    assert (first.logits("her chest pain") == again.logits("her chest pain")).all()
    save(first, tmp_path / "words.npz")
    kept = load(tmp_path / "words.npz")
    assert kept.digest == "d" and kept.kinds == ("ill", "well") and kept.longest == 3
    assert np.allclose(
        kept.logits("no pain", ["older"]), first.logits("no pain", ["older"]), atol=0.01
    )


def test_texts_of_nothing_known_and_very_long_ones_are_read():
    wording = learned()
    for text in ("", "unheard", "chest pain " * 5000):
        assert np.isfinite(wording.logits(text)).all()
