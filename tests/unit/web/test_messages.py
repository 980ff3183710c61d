"""What a rule says is written in the language of who reads it, its numbers too."""

import pytest
from flask import Flask, session

from app.domain.messages import N_, Message, Points
from app.web.i18n import say

STEP = Message(N_("Enter points in steps of %(step)s."), {"step": Points(50)})
RANGE = Message(N_("Enter points from %(low)s to %(high)s."), {"low": Points(1), "high": Points(1000)})
COUNT = Message(N_("Enter a whole number from %(low)d to %(high)d."), {"low": 1, "high": 100})


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", ["Nhập điểm theo bước 0,5.", "Nhập điểm từ 0,01 đến 10.", "Nhập số nguyên từ 1 đến 100."]),
        ("en", [
            "Enter points in steps of 0.5.",
            "Enter points from 0.01 to 10.",
            "Enter a whole number from 1 to 100.",
        ]),
    ],
)  # fmt: skip
def test_marks_in_a_message_have_the_decimal_sign_of_the_language(
    app: Flask, language: str, said: list[str]
) -> None:
    with app.test_request_context():
        session["language"] = language

        assert [say(message) for message in (STEP, RANGE, COUNT)] == said


def test_a_message_in_a_log_is_english() -> None:
    assert str(RANGE) == "Enter points from 0.01 to 10."
