import numpy as np
import pytest

from tongxin.meaning.calibration import Calibration, Trial, calibrated, line
from tongxin.meaning.measures import area_under_curve, wilson
from tongxin.meaning.trials import calibrate, trials


def some_trials(count=400):
    random = np.random.default_rng(1)
    for _ in range(count):
        right = bool(random.random() < 0.6)
        score, margin = random.normal([0.8, 0.2] if right else [0.5, 0.05], 0.12)
        yield Trial(score, abs(margin), right, right or random.random() < 0.5)


def test_a_better_score_is_never_less_likely():
    learned = calibrated(list(some_trials()))
    by_score = [learned.probability(score, 0.1) for score in np.linspace(0, 1.2, 30)]
    by_margin = [learned.probability(0.7, margin) for margin in np.linspace(0, 0.6, 30)]
    assert by_score == sorted(by_score)
    assert by_margin == sorted(by_margin)
    assert by_score[0] < 0.2 < 0.8 < by_score[-1]


def test_not_even_when_the_trials_say_so():
    upside_down = [Trial(-t.score, -t.margin, t.is_right, t.is_offered) for t in some_trials()]
    learned = calibrated(upside_down)
    assert learned.probability(1, 0) >= learned.probability(0, 0)


def test_the_probabilities_are_as_often_right_as_they_say():
    found = list(some_trials(4000))
    learned = calibrated(found)
    chances = np.array([learned.probability(t.score, t.margin) for t in found])
    right = np.array([t.is_right for t in found])
    for low in (0.1, 0.3, 0.5, 0.7, 0.9):
        inside = (chances >= low - 0.1) & (chances < low + 0.1)
        assert right[inside].mean() == pytest.approx(chances[inside].mean(), abs=0.12)


def test_above_the_line_the_answers_are_right():
    chances, right = np.array([0.9, 0.8, 0.8, 0.7, 0.6]), np.array([1, 1, 0, 1, 1])
    assert line(chances, right, 1.0) == 0.9
    assert line(chances, right, 0.75) == 0.6
    assert line(chances, 1 - right, 0.9) == 1.0


def test_the_three_verdicts():
    usual = Calibration()
    assert [usual.verdict(p) for p in (1.0, 0.5, 0.01)] == ["answer", "offer", "unknown"]


def test_an_index_is_tried_on_what_it_was_not_told(index):
    found = trials(index)
    assert len(found) == 27  # 18 phrasings, every second one also with its answer absent
    assert 0 < sum(t.is_right for t in found) <= 18
    assert calibrate(index) == Calibration()  # too few to learn from


@pytest.mark.parametrize(("count", "of"), [(0, 0), (0, 10), (10, 10), (5, 10)])
def test_intervals_hold_the_share(count, of):
    low, high = wilson(count, of)
    assert 0 <= low <= (count / of if of else 0) <= high <= 1


def test_area_agrees_with_counting_pairs():
    random = np.random.default_rng(2)
    truth, scores = random.random(60) < 0.4, random.integers(0, 8, 60)
    wins = [(a > b) + 0.5 * (a == b) for a in scores[truth] for b in scores[~truth]]
    assert area_under_curve(scores, truth) == pytest.approx(np.mean(wins))
