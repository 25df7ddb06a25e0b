"""Hiding small counts for the public: 1–9 become "<10", and enough beside them is left out that none can be worked back.

Pure. A table of parts of a known whole is safe when each hidden small part could still be any number from 1 to 9.
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

    Beside small parts the largest others are left out, one after the other, until what is
    left to divide (the whole less what is shown) leaves each small part free from 1 to 9.
    """
    small = [number for number, count in enumerate(counts) if is_small(count)]
    if not small:
        return list(counts)
    if is_small(whole):
        return [HIDDEN] * len(counts)
    hidden: list[int] = []
    others = sorted((n for n in range(len(counts)) if n not in small), key=lambda n: (-counts[n], n))
    for number in others:
        hidden.append(number)
        if _is_free(
            whole - sum(count for n, count in enumerate(counts) if n not in small and n not in hidden), small, hidden
        ):
            break
    else:
        return [HIDDEN] * len(counts)
    return [SMALL if n in small else HIDDEN if n in hidden else count for n, count in enumerate(counts)]


def _is_free(left: int, small: list[int], hidden: list[int]) -> bool:
    """Whether each small part may be anything from 1 to 9, a hidden one being at least 10 as everybody can tell."""
    return left - 9 * len(small) >= 10 * len(hidden)
