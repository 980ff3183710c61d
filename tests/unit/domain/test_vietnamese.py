import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vietnamese import (
    as_sentence,
    fold,
    format_date,
    in_vietnam,
    normalise,
    normalise_lines,
    person_sort_key,
    sort_key,
)

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
SIXTY_LETTERS = "Công ty TNHH Sản xuất Thương mại Dịch vụ Chế biến Nông sản Ẵng"
ANY_TEXT = st.text(max_size=40)
VIETNAMESE = st.text(alphabet=LETTERS + LETTERS.upper() + " -0123456789", max_size=60)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("   \t\n ", ""),
        ("  Cơ sở   Ngọc\u00a0Liên\r\n", "Cơ sở Ngọc Liên"),
        (unicodedata.normalize("NFD", "Đặng Thị Ẵng"), "Đặng Thị Ẵng"),
        ("Tinh\u200b bột\u200d nghệ\ufeff", "Tinh bột nghệ"),
        ("\u202eSơn La\u202c \u2066A\u2069", "Sơn La A"),
        ("Mắm\x00 tôm\x07\x1b[31m", "Mắm tôm[31m"),
        ("Chè\u00adxanh", "Chèxanh"),
        ("\ud83dTrà", "Trà"),
        ("\u3164\u115f\u2800", ""),
        ("Ðồng Nai", "Đồng Nai"),
        ("Máy 3 m³/giờ, 50 % – “mới”", "Máy 3 m³/giờ, 50 % – “mới”"),
        ("hoà hòa", "hoà hòa"),
        (SIXTY_LETTERS, SIXTY_LETTERS),
    ],
)
def test_a_line_is_stored_clean(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    once.encode()  # every stored text can be written to a database


def test_paragraphs_of_longer_text_survive() -> None:
    typed = "\n\n Quy trình:\r\n1.  Rửa\u200b\r\n\r\n\r\n\r\n2. Sấy \n\n"

    assert normalise_lines(typed) == "Quy trình:\n1. Rửa\n\n2. Sấy"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nước mắm", "nuoc mam"),
        ("ĐƯỜNG PHÈN", "duong phen"),
        ("Thanh Hoá", "thanh hoa"),
        ("Thanh Hóa", "thanh hoa"),
        ("thuỷ tinh – thủy tinh", "thuy tinh – thuy tinh"),
        ("Ẵ ẵ Ặ Ữ ự Ỹ", "a a a u u y"),
        ("Ðắk Lắk", "dak lak"),
        ("100 m³", "100 m3"),
        ("  Gốm\u200b  Lam ", "gom lam"),
        ("", ""),
    ],
)
def test_text_is_searched_without_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(VIETNAMESE)
def test_all_spellings_of_unicode_fold_alike(text: str) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

    assert len({*forms, fold(text.upper()), fold(text.lower())}) == 1
    assert fold(text).isascii()


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "in_order",
    [
        ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ", "b"],
        ["d", "đ", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mă"],
        ["Cà Mau", "Cao Bằng", "Cần Thơ", "Chè", "Đà Nẵng", "Điện Biên", "Gia Lai"],
        ["", " ", "-", "0", "9", "a", "z", "Ω"],
        ["an", "An", "AN", "ân"],
        ["nghệ", "nghệ A", "nghệ an", "nghêu", "nghĩa"],
        ["hoa", "hoà", "hoạ", "hoan"],
    ],
)
def test_lists_stand_in_the_order_of_the_dictionary(in_order: list[str]) -> None:
    shuffled = sorted(in_order, key=lambda text: text[::-1])

    assert sorted(shuffled, key=sort_key) == in_order


@pytest.mark.parametrize(
    "char", ["³", "½", "①", "ǅ", "ﬁ", "İ", "ß", "漢", "\u0301", "\u0301\u0323\u0306", "🏺"]
)
def test_no_character_upsets_the_order(char: str) -> None:
    assert min(["bb", "b" + char, "b"], key=sort_key) == "b"


def test_a_raised_digit_stands_with_its_digit() -> None:
    assert sorted(["m4", "m³", "m2"], key=sort_key) == ["m2", "m³", "m4"]


@given(ANY_TEXT, ANY_TEXT)
def test_only_one_and_the_same_text_shares_a_key(one: str, other: str) -> None:
    assert (sort_key(one) == sort_key(other)) == (normalise(one) == normalise(other))


@given(VIETNAMESE, VIETNAMESE)
def test_tones_and_capitals_never_outweigh_letters(one: str, other: str) -> None:
    plain = {text: _without_tones(text) for text in (one, other)}

    if plain[one] != plain[other]:
        assert (sort_key(one) < sort_key(other)) == (sort_key(plain[one]) < sort_key(plain[other]))


def _without_tones(text: str) -> str:
    marks = "\u0300\u0309\u0303\u0301\u0323"
    bare = "".join(char for char in unicodedata.normalize("NFD", text.lower()) if char not in marks)
    return normalise(bare)


def test_people_stand_by_given_name_then_family_then_middle() -> None:
    in_order = [
        "",
        "Trần An",
        "NGUYỄN VĂN BÌNH",
        "Nguyễn Xuân Bình",
        "Trần Thị Bình",
        "Lê Văn Đức",
        "Khai",
        "Bùi Thị Minh Khai",
        "Bùi Thị Minh Khai (GK1)",
        "Bùi Thị Minh Khai (GK3)",
        "Đặng Quốc Khánh",
    ]
    shuffled = sorted(in_order, key=lambda name: name[::-1])

    assert sorted(shuffled, key=person_sort_key) == in_order


@given(VIETNAMESE, VIETNAMESE)
def test_only_one_and_the_same_name_shares_a_place(one: str, other: str) -> None:
    assert (person_sort_key(one) == person_sort_key(other)) == (normalise(one) == normalise(other))


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2026, 7, 5), "05/07/2026"),
        (date(2026, 11, 22), "22/11/2026"),
        (date(945, 1, 2), "02/01/0945"),
        (datetime(2026, 7, 4, 17, 0, tzinfo=UTC), "05/07/2026"),
        (datetime(2026, 7, 4, 16, 59, 59, tzinfo=UTC), "04/07/2026"),
    ],
)
def test_a_date_is_written_as_officials_write_it(day: date, printed: str) -> None:
    assert format_date(day) == printed


def test_a_moment_is_shown_on_vietnams_clock() -> None:
    moment = datetime(2026, 12, 31, 20, 30, tzinfo=timezone(timedelta(hours=1)))

    shown = in_vietnam(moment)

    assert shown.isoformat() == "2027-01-01T02:30:00+07:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 7, 5, 8, 0)  # noqa: DTZ001 -- the fault under test

    with pytest.raises(ValueError, match="without a zone"):
        in_vietnam(naive)
    with pytest.raises(ValueError, match="without a zone"):
        format_date(naive)


@pytest.mark.parametrize("text", ["Đếm nhầm.", "Vì sao?", "Thôi!", "Và…", "Bà Nhàn: “Thôi.”", "(Đã bàn.)"])
def test_a_sentence_that_has_an_end_keeps_it(text: str) -> None:
    assert as_sentence(text) == text


@pytest.mark.parametrize("text", ["Đếm nhầm", "Theo Nghị định 30/2020", "Đã bàn (hai lần)", "Bộ “Trà sen”"])
def test_a_sentence_without_an_end_gets_a_full_stop(text: str) -> None:
    assert as_sentence(text) == f"{text}."
