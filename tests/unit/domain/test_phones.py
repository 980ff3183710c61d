import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.phones import InvalidPhone, PhoneFault, check_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912345678", "0912345678"),
        (" 0912 345 678 ", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("0912-345–678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("+84 (0)912 345 678", "0912345678"),
        ("0084 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("(0210) 3846 123", "02103846123"),
        ("+84 210 3846 123", "02103846123"),
        ("84 24 3826 1234", "02438261234"),
        ("0842345678", "0842345678"),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, stored: str) -> None:
    assert check_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", PhoneFault.EMPTY),
        (" - ", PhoneFault.EMPTY),
        ("không có", PhoneFault.NOT_DIGITS),
        ("0912345678 / 0987654321", PhoneFault.NOT_DIGITS),
        ("0912345678 máy lẻ 12", PhoneFault.NOT_DIGITS),
        ("٠٩١٢٣٤٥٦٧٨", PhoneFault.NOT_DIGITS),
        ("091234567", PhoneFault.WRONG_LENGTH),
        ("09123456789", PhoneFault.WRONG_LENGTH),
        ("0210384612", PhoneFault.WRONG_LENGTH),
        ("912345678", PhoneFault.WRONG_PREFIX),
        ("0612345678", PhoneFault.WRONG_PREFIX),
        ("+14155550100", PhoneFault.WRONG_PREFIX),
        ("19001234", PhoneFault.WRONG_PREFIX),
        ("+84", PhoneFault.WRONG_PREFIX),
    ],
)
def test_what_is_not_a_vietnamese_number_is_refused_with_its_reason(typed: str, fault: PhoneFault) -> None:
    with pytest.raises(InvalidPhone) as caught:
        check_phone(typed)

    assert caught.value.fault is fault
    assert list(caught.value.fields) == ["phone"]


@given(st.text(alphabet="+0123456789 ().-x", max_size=18))
def test_a_stored_number_is_read_again_as_itself(text: str) -> None:
    try:
        stored = check_phone(text)
    except InvalidPhone:
        return

    assert check_phone(stored) == stored
    assert len(stored) in (10, 11)
