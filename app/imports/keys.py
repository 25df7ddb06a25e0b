"""Folding, remembered: lists say the same words thousands of times."""

from functools import lru_cache

from models import clean

fold = lru_cache(maxsize=20_000)(clean.fold)
