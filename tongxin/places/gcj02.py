"""GCJ-02, the shifted coordinates of Chinese map services, to WGS84 and back.

Source: the transformation as measured and published by the public implementations
(``eviltransform``, "WGS84 to GCJ-02"), on the Krasovsky 1940 ellipsoid. China only; elsewhere
the two systems are the same. Checked against each other: a round trip is under a millimetre,
far below the 1–2 m by which the published formula differs from the services themselves.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

AXIS_M = 6378245.0  # Krasovsky 1940, semi-major
ECCENTRICITY_SQUARED = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271  # where services shift
ROUNDS = 6  # each round divides the error, 700 m at first, by about a hundred

Points = NDArray[np.float64]


def from_wgs84(points: ArrayLike) -> Points:
    """Shifted points of shape ``(n, 2)``, longitude and latitude in degrees.

    >>> [round(float(v), 5) for v in from_wgs84([[114.30525, 30.59276]])[0]]
    [114.31069, 30.59035]
    """
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    return points + _shift(points)


def to_wgs84(points: ArrayLike) -> Points:
    """The points whose shifted image is ``points``, found by iteration, under 1 mm off.

    >>> home = [[114.30525, 30.59276], [87.6168, 43.8256], [2.35, 48.85]]
    >>> float(np.abs(to_wgs84(from_wgs84(home)) - home).max()) < 1e-8
    True
    """
    shifted = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    found = shifted.copy()
    for _ in range(ROUNDS):
        found = shifted - _shift(found)
    return found


def _shift(points: Points) -> Points:
    lon, lat = points[:, 0], points[:, 1]
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    angle = np.radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * np.sin(angle) ** 2
    meridian = AXIS_M * (1 - ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel = AXIS_M / np.sqrt(magic) * np.cos(angle)
    shift = np.column_stack([np.degrees(east / parallel), np.degrees(north / meridian)])
    shift[(lon < WEST) | (lon > EAST) | (lat < SOUTH) | (lat > NORTH)] = 0
    return shift
