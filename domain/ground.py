"""Where on the map a piece of ground ends: a box or a polygon, as data, and whether a point is on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Outline = tuple[tuple[float, float], ...]
"""Corners as (latitude, longitude), in degrees: two opposite ones of a box, or all of a polygon in order."""


def read_outline(points: object) -> Outline:
    """The outline as a file has it; raises ValueError with what cannot be a corner."""
    if not isinstance(points, Sequence) or isinstance(points, str) or len(points) == 1:
        raise ValueError(f"{points!r}")
    return tuple(_corner(point) for point in points)


def holds(outline: Outline, latitude: float, longitude: float) -> bool:
    """Whether a point lies on the ground; nothing lies on no ground."""
    if len(outline) == 2:
        (south, west), (north, east) = outline
        within = min(south, north) <= latitude <= max(south, north)
        return within and min(west, east) <= longitude <= max(west, east)
    crossed = False  # by a line from the point to the east, once for every side it meets
    for (lat1, long1), (lat2, long2) in pairwise((*outline, *outline[:1])):
        if (lat1 > latitude) != (lat2 > latitude):
            crossed ^= longitude < long1 + (latitude - lat1) / (lat2 - lat1) * (long2 - long1)
    return crossed


def _corner(point: object) -> tuple[float, float]:
    if not isinstance(point, Sequence) or isinstance(point, str) or len(point) != 2:
        raise ValueError(f"{point!r}")
    latitude, longitude = point
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in point)
    if not numbers or abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError(f"{point!r}")
    return float(latitude), float(longitude)
