"""Addresses of the application, with something filled in where they need it."""

import re

from werkzeug.routing import Rule


def path_of(rule: Rule, number: str = "1") -> str:
    """A path that the rule matches: every id is this number, every word is the first that is allowed, or "x"."""
    path = re.sub(r'<any\("?([\w-]+)[^>]*>', r"\1", rule.rule)
    return re.sub(r"<[^>]*>", "x", re.sub(r"<int:[^>]*>", number, path))
