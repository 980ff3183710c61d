import unicodedata

import pytest

from app.domain.errors import InvalidInput
from app.domain.passwords import check_password

EMAIL = "nguyen.van-minh@congthuong.example.vn"


@pytest.mark.parametrize(
    "password",
    ["hoa sen nở trên hồ", "xin chào cả nhà", "Kx7#pQ2!vRm9", "đường về quê xa lắm", "x1y2z3w4" * 16],
)
def test_a_long_password_of_own_words_is_taken(password: str) -> None:
    assert check_password(password, email=EMAIL) == password


def test_a_password_is_hashed_in_one_form_however_the_keyboard_composed_it() -> None:
    typed = unicodedata.normalize("NFD", "hoa sen nở trên hồ")

    assert check_password(typed, email=EMAIL) == "hoa sen nở trên hồ"


@pytest.mark.parametrize("password", ["", "ngắn quá", "hoa sen nở "])
def test_fewer_than_twelve_characters_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="at least 12"):
        check_password(password, email=EMAIL)


@pytest.mark.parametrize("password", ["hoa sen " * 17, "p" * 10_000])
def test_more_than_128_characters_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="at most 128"):
        check_password(password, email=EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "binhchon2026",
        "BinhChon@2026!!",
        "Bình Chọn 123456",
        "binhchonbinhchon",
        "Mật khẩu 123456",
        "password123456",
        "1234567890123456",
        "qwertyuiop123",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "nguyenvanminh",
        "NguyenVanMinh123",
        "minh.nguyen.van",
        "congthuong2026",
        "             ",
        "🎍🎍🎍🎍🎍🎍🎍🎍🎍🎍🎍🎍",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="easy to guess"):
        check_password(password, email=EMAIL)


def test_the_refusal_stands_beside_the_field_of_the_form() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_password("ngắn", email=EMAIL, field="new_password")

    assert list(caught.value.fields) == ["new_password"]
