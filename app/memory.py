"""How Python looks for unreachable cycles: seldom, from the first import on. What is in no cycle goes at once, as ever."""

import gc

#: How many more things there are before a look at the newest; now and then it is at everything there is.
SELDOM = 20_000

# As Python sets itself up, a sixth of the start of every command goes into such looks: nearly all that is made stays.
gc.set_threshold(SELDOM)


def leave_out_what_is_here() -> None:
    """Look no more among what the program itself is made of.

    Otherwise pages that read much of the register wait for a look at everything there is, a third of a second each
    time (docs/performance.md).
    """
    gc.collect()
    gc.freeze()
