from datetime import date

import pytest

from app.domain.contests import Calendar, ContestState
from app.domain.dossiers import check_answers, dossier_gaps, require_registration
from app.domain.entries import AttachmentKind
from app.domain.errors import IllegalState, InvalidInput
from app.domain.questions import QUESTIONS, AnswerKind, DossierForm, questions_of, sections_of
from tests.dossiers import ANSWERS

TODAY = date(2026, 3, 10)
PHOTO, PAPER = AttachmentKind.PHOTO, AttachmentKind.REGISTRATION_PAPER
WHOLE = [PHOTO, PHOTO, PHOTO, PAPER]


def faults_of(**answers: str) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        check_answers(answers, today=TODAY)
    return {key: str(message) for key, message in refused.value.fields.items()}


def test_every_question_has_its_own_key_and_a_limit() -> None:
    keys = [question.key for question in QUESTIONS]

    assert len(set(keys)) == len(keys)
    assert all(question.max_length > 0 and question.label and question.section for question in QUESTIONS)


def test_the_sections_hold_every_question_once_in_order() -> None:
    for form in DossierForm:
        assert [question for _title, part in sections_of(form) for question in part] == list(
            questions_of(form)
        )


def test_answers_are_cleaned() -> None:
    typed = {
        "uses": "  Uống\u200b  trà \r\n\r\n\r\n\r\n sen ",
        "main_business": "Chế biến trà",
        "workers": "1.250",
    }

    assert check_answers(typed, today=TODAY) == {
        "uses": "Uống trà\n\nsen",
        "main_business": "Chế biến trà",
        "workers": "1250",
    }


def test_letters_typed_as_letter_and_mark_are_stored_as_one() -> None:
    assert check_answers({"uses": "Tra\u0300 Ha\u0323nh"}, today=TODAY) == {"uses": "Trà Hạnh"}


def test_a_draft_may_have_gaps() -> None:
    assert check_answers({"uses": "", "year_established": " "}, today=TODAY) == {
        "uses": "",
        "year_established": "",
    }


def test_signs_and_emoji_are_kept_and_controls_are_not() -> None:
    assert check_answers({"uses": "<script>alert(1)</script> 🍵 \x00\x07"}, today=TODAY) == {
        "uses": "<script>alert(1)</script> 🍵"
    }


@pytest.mark.parametrize("year", ["1799", "2027", "26", "hai nghìn", "2020.5", "-2020", "２０２０", "20201"])
def test_a_year_is_four_digits_and_not_to_come(year: str) -> None:
    assert faults_of(year_established=year) == {
        "year_established": "Enter a year of four digits, not later than 2026."
    }


@pytest.mark.parametrize("workers", ["-5", "12,5", "nhiều", "1e3", "1234567", "12.50"])
def test_a_count_is_a_whole_number(workers: str) -> None:
    assert faults_of(workers=workers) == {"workers": "Enter a whole number, such as 25."}


def test_a_text_over_its_limit_is_refused_with_both_lengths() -> None:
    assert faults_of(uses="a" * 10_000, representative_title="b" * 151) == {
        "uses": "Shorten this text to 2000 characters; it has 10000.",
        "representative_title": "Shorten this text to 150 characters; it has 151.",
    }


def test_a_text_at_its_limit_is_taken() -> None:
    assert check_answers({"uses": "ạ" * 2000}, today=TODAY) == {"uses": "ạ" * 2000}


def test_a_contact_needs_a_telephone_that_can_be_dialled() -> None:
    assert check_answers({"contact_phone": "+84 912 345 678"}, today=TODAY) == {"contact_phone": "0912345678"}
    assert list(faults_of(contact_phone="12345")) == ["contact_phone"]


def test_a_tick_is_yes_or_nothing() -> None:
    assert check_answers({"truth": "no"}, today=TODAY) == {"truth": ""}


def test_a_question_that_no_form_asks_is_no_answer() -> None:
    with pytest.raises(KeyError):
        check_answers({"state": "accepted"}, today=TODAY)


def test_the_example_dossier_is_whole() -> None:
    assert check_answers(ANSWERS, today=TODAY) == ANSWERS
    assert dossier_gaps(ANSWERS, WHOLE) == {}


def test_an_empty_dossier_lacks_every_required_part_at_once() -> None:
    required = {question.key for question in QUESTIONS if question.required}

    gaps = dossier_gaps({}, [])

    assert set(gaps) == required | {"photos", "papers"}
    assert str(gaps["photos"]) == "Add at least 3 photos from different sides; there are 0."
    assert str(gaps["truth"]) == "Tick the statement if it is true."


def test_optional_questions_may_stay_open() -> None:
    optional = {question.key for question in QUESTIONS if not question.required}

    assert dossier_gaps({key: text for key, text in ANSWERS.items() if key not in optional}, WHOLE) == {}
    assert {q.key for q in QUESTIONS if q.kind is AnswerKind.PHONE} <= optional


@pytest.mark.parametrize(
    ("kinds", "lacking"),
    [
        ([PHOTO, PHOTO, PAPER], {"photos"}),
        ([PHOTO, PHOTO, PHOTO, AttachmentKind.OTHER], {"papers"}),
        ([PAPER, PAPER, PAPER, PAPER], {"photos"}),
    ],
)
def test_three_photos_and_the_registration_paper_are_needed(
    kinds: list[AttachmentKind], lacking: set[str]
) -> None:
    assert set(dossier_gaps(ANSWERS, kinds)) == lacking


CALENDAR = Calendar(date(2026, 3, 1), date(2026, 4, 30), date(2026, 6, 30))


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 4, 30)])
def test_the_first_and_the_last_day_count(day: date) -> None:
    require_registration(ContestState.REGISTRATION, CALENDAR, day)


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 5, 1)])
def test_before_and_after_the_message_names_the_days(day: date) -> None:
    with pytest.raises(IllegalState) as refused:
        require_registration(ContestState.REGISTRATION, CALENDAR, day)

    assert str(refused.value) == (
        "Dossiers for this contest are taken from 01/03/2026 to 30/04/2026, both days included."
    )


def test_a_returned_dossier_may_be_sent_again_until_scoring_opens() -> None:
    require_registration(ContestState.REGISTRATION, CALENDAR, date(2026, 5, 20), was_submitted=True)

    with pytest.raises(IllegalState, match="Registration for this contest is closed; it ran from 01/03/2026"):
        require_registration(ContestState.SCORING, CALENDAR, date(2026, 4, 1), was_submitted=True)
