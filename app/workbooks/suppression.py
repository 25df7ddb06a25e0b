"""Hiding small counts for the public: 1–9 become "<10", and enough beside them is left out that none can be worked back.

Pure. Which parts are left out follows from their order, not from their size: somebody who knows this code, and that
the largest was left out, could count back from there.
"""

from collections.abc import Sequence

SMALL = "<10"
HIDDEN = "…"


def is_small(count: int) -> bool:
    """From 1 to 9."""
    return 1 <= count <= 9


def alone(count: int) -> int | str:
    """A count that is part of no published whole."""
    return SMALL if is_small(count) else count


def parts(whole: int, counts: Sequence[int]) -> list[int | str]:
    """What is published of the parts of a whole. The whole itself is published by `alone`.

    Beside small parts the others are left out from the first on, until what is left to
    divide (the whole less what is shown) leaves each small part free from 1 to 9.
    """
    small = [number for number, count in enumerate(counts) if is_small(count)]
    if not small:
        return list(counts)
    left = sum(counts[number] for number in small)
    hidden: set[int] = set()
    for number, count in enumerate(counts):
        if number not in small:
            hidden.add(number)
            left += count
            if left - 9 * len(small) >= 10 * len(hidden):
                return [SMALL if n in small else HIDDEN if n in hidden else count for n, count in enumerate(counts)]
    return [HIDDEN] * len(counts)
