"""What a page showed in each of its fields: it tells what was typed there, and what somebody else changed meanwhile."""

import hashlib
from collections.abc import Mapping

from app.domain.vietnamese import normalise_lines


def fingerprints_of(texts: Mapping[str, str]) -> str:
    """Texts by field as a hidden field keeps them: enough to know each again."""
    return " ".join(f"{name}={_fingerprint(text)}" for name, text in texts.items())


def changed_since(seen: str, texts: Mapping[str, str]) -> frozenset[str]:
    """The fields whose texts are not those that were seen.

    >>> sorted(changed_since(fingerprints_of({"a": "Trà", "b": "Sen", "c": ""}), {"a": " Trà", "b": "Súng", "d": ""}))
    ['b', 'd']
    """
    known = dict(pair.split("=", 1) for pair in seen.split() if "=" in pair)
    return frozenset(name for name, text in texts.items() if known.get(name) != _fingerprint(text))


def _fingerprint(text: str) -> str:
    return hashlib.sha256(normalise_lines(text).encode()).hexdigest()[:16]
