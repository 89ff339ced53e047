import numpy as np

from tongxin.assistant import learned_spread
from tongxin.meaning import spread


def test_what_ships_was_learned_from_these_sentences():
    told = "claims, advice or questions have changed: run `tongxin assistant learn-spread`"
    assert spread.digest() == learned_spread.digest(), told


def test_the_way_in_which_sentences_of_one_meaning_differ_counts_less():
    covariance = np.diag([0.7, 0.1, 0.1, 0.1])
    lengths = np.diag(spread.evener(covariance))
    assert lengths[0] < lengths[1] == lengths[2] == lengths[3]


def test_an_evener_of_no_spread_at_all_changes_nothing():
    assert np.allclose(spread.evener(np.eye(4) * 7), np.eye(4))
