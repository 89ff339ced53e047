"""Logistic regression by quasi-Newton steps: small, exact, with no library of its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

Floats = NDArray[np.float64]
Rows = Floats | sparse.csr_array


@dataclass(frozen=True)
class Logistic:
    """Weights of a learned model, the last one the constant."""

    weights: Floats

    def logits(self, rows: Rows) -> Floats:
        """One number a row; above 0 means more likely than not."""
        return rows @ self.weights[:-1] + self.weights[-1]

    def probabilities(self, rows: Rows) -> Floats:
        """One probability a row."""
        return expit(self.logits(rows))


def learn(
    rows: Rows, truth: NDArray, *, shrink: float, steps: int = 150, never_less: bool = False
) -> Logistic:
    """The weights that make ``truth`` (0 or 1 a row) most likely.

    ``shrink`` is the penalty on the squares of the weights, a row's worth each (the constant
    is free). ``never_less`` keeps weights at 0 or above, so that more never means less likely.
    """
    rows = rows.astype(np.float64)
    signs = np.where(np.asarray(truth) > 0, 1.0, -1.0)
    count, width = rows.shape

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = signs * (rows @ weights[:-1] + weights[-1])
        pull = -signs * expit(-margins) / count
        gradient = np.append(rows.T @ pull + shrink * weights[:-1], pull.sum())
        penalty = shrink / 2 * float(weights[:-1] @ weights[:-1])
        return float(np.logaddexp(0, -margins).mean()) + penalty, gradient

    bounds = [(0, None)] * width + [(None, None)] if never_less else None
    start = np.zeros(width + 1)
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": steps}
    )
    return Logistic(found.x)
