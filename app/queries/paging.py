"""Long lists are read a page at a time."""

PER_PAGE = 50


def last_page(found: int) -> int:
    """Number of the last page of a list of this length; an empty list has one page."""
    return max(1, -(-found // PER_PAGE))
