"""The word lists and sentences that made-up things are put together from."""

import json
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any


@cache
def trades() -> dict[str, dict[str, Any]]:
    """What facilities make, by the name of the trade."""
    names = ("trades_a", "trades_b", "trades_c", "trades_d")
    return {trade["trade"]: trade for name in names for trade in _read(name)}


def one_of(chance: Random, text: str, *keys: str) -> str:
    """One entry, by chance, of a list in one of the texts."""
    words = _read(text)
    for key in keys:
        words = words[key]
    chosen: str = chance.choice(words)
    return chosen


def text_of(text: str, key: str) -> str:
    """The one wording of a kind in one of the texts."""
    words: str = _read(text)[key]
    return words


def two_of(chance: Random, key: str) -> str:
    """Two syllables that make a brand or a commune."""
    first, second = _read("people")[key]
    return f"{chance.choice(first)} {chance.choice(second)}"


@cache
def _read(name: str) -> Any:
    return json.loads((files("app.samples") / "texts" / f"{name}.json").read_text("utf-8"))
