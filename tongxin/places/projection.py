"""Map projections, from degrees to a plane with y upwards, in degrees of arc at the centre."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

# Equal Earth: Šavrič, Patterson and Jenny (2018), International Journal of Geographical
# Information Science 33, 454–465, equations 8 and 9.
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
# The map of China's usual conic: standard parallels 25° and 47° N, central meridian 105° E.
CHINA_PARALLELS, CHINA_MERIDIAN = (25.0, 47.0), 105.0
HAIR = 1e-6  # of sin(latitude): closer parallels make a cylinder, not a cone


def equal_earth(points: Points) -> Points:
    """The whole world, every area in true proportion.

    >>> equal_earth(np.array([[0.0, 0.0], [180.0, 0.0], [0.0, 90.0]])).round(1).tolist()
    [[0.0, 0.0], [155.1, 0.0], [0.0, 75.5]]
    """
    a1, a2, a3, a4 = EQUAL_EARTH
    half = np.sqrt(3) / 2
    t = np.arcsin(half * np.sin(np.radians(points[:, 1])))
    t2, t6 = t**2, t**6
    slope = 9 * a4 * t**8 + 7 * a3 * t6 + 3 * a2 * t2 + a1
    x = points[:, 0] * np.cos(t) / (half * slope)
    y = np.degrees(t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2)))
    return np.column_stack([x, y])


@dataclass(frozen=True, slots=True)
class Albers:
    """Equal areas between two standard parallels (Snyder 1987, USGS PP 1395, pages 98–103).

    >>> points = np.array([[105.0, 36.0], [135.0, 36.0]])
    >>> Albers((25.0, 47.0), 105.0, 36.0)(points).round(1).tolist()
    [[0.0, 0.0], [23.5, 3.6]]
    """

    parallels: tuple[float, float]
    meridian: float
    latitude: float

    def __call__(self, points: Points) -> Points:
        first, second = np.sin(np.radians(self.parallels))
        n = (first + second) / 2
        if abs(n) < HAIR:
            return points - (self.meridian, self.latitude)
        c = 1 - first**2 + 2 * n * first
        height = np.sqrt(c - 2 * n * np.sin(np.radians(self.latitude))) / n
        rho = np.sqrt(np.maximum(c - 2 * n * np.sin(np.radians(points[:, 1])), 0)) / n
        angle = np.radians(n * (points[:, 0] - self.meridian))
        plane = np.column_stack([rho * np.sin(angle), height - rho * np.cos(angle)])
        return np.degrees(plane)


def around(west: float, south: float, east: float, north: float) -> Albers:
    """Albers fitted to a box: the parallels a sixth of its height inside (Snyder, page 99)."""
    sixth = (north - south) / 6
    return Albers((south + sixth, north - sixth), (west + east) / 2, (south + north) / 2)


def of_china() -> Albers:
    """The projection of the national map."""
    return Albers(CHINA_PARALLELS, CHINA_MERIDIAN, 36.0)


Projection = Callable[[Points], Points]
