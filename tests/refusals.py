"""What a service refused, as tests compare it."""

import pytest

from app.domain.errors import InvalidInput


def refusals(error: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    """Field -> what is said beside it, in English."""
    return {field: str(message) for field, message in error.value.fields.items()}
