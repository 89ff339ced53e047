import numpy as np
import pytest

from tongxin.meaning.learned import Plan, learn, load, save
from tongxin.meaning.network import learn_network

CHANCE = np.random.default_rng(7)
CENTRES = {"now:a": (3, 0), "now:b": (0, 3), "none:c": (-3, -3)}


@pytest.fixture(scope="module")
def rows():
    named = [name for name in CENTRES for _ in range(200)]
    places = np.array([CENTRES[name] for name in named], np.float32)
    return places + CHANCE.normal(0, 0.7, places.shape).astype(np.float32), named


@pytest.mark.parametrize("hidden", [0, 16])
def test_what_can_be_told_apart_is_told_apart(rows, hidden):
    read, named = rows
    plan = Plan(hidden=hidden, epochs=12, pace=0.02, voices=2)
    learned = learn(read, named, plan, group=lambda kind: kind[:4], digest="d")
    best = [learned.kinds[n] for n in learned.chances(read).argmax(axis=1)]
    assert np.mean([one == name for one, name in zip(best, named, strict=True)]) > 0.95


def test_what_is_kept_says_the_same(rows, tmp_path):
    read, named = rows
    plan = Plan(hidden=8, epochs=3, pace=0.02, voices=3)
    learned = learn(read, named, plan, group=str, digest="of these")
    save(learned, tmp_path / "weights.npz")
    again = load(tmp_path / "weights.npz")
    assert (again.kinds, again.digest) == (learned.kinds, "of these")
    assert np.allclose(again.chances(read), learned.chances(read), atol=0.01)


def test_the_same_seed_learns_the_same(rows):
    read, named = rows
    kinds = [sorted(CENTRES).index(name) for name in named]
    one, two = (
        learn_network(read, kinds, [0, 1, 1], hidden=4, epochs=2, pace=0.01, seed=3)
        for _ in range(2)
    )
    assert (one.logits(read) == two.logits(read)).all()


def test_chances_add_up_to_one(rows):
    read, named = rows
    learned = learn(read, named, Plan(0, 1, 0.01, 1), group=str, digest="")
    assert np.allclose(learned.chances(read).sum(axis=1), 1, atol=1e-5)
