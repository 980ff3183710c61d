from datetime import date, time

import pytest

from certificates.wording import clock, long_date, short_date, unbroken


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 1, 5), "ngày 05 tháng 01 năm 2027"),
        (date(2027, 2, 28), "ngày 28 tháng 02 năm 2027"),
        (date(2027, 3, 9), "ngày 09 tháng 3 năm 2027"),
        (date(2026, 9, 10), "ngày 10 tháng 9 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_a_long_date_has_a_zero_before_small_days_and_before_the_first_two_months(
    day: date, words: str
) -> None:
    assert long_date(day) == words


def test_a_short_date_has_two_figures_for_day_and_month() -> None:
    assert short_date(date(2027, 1, 5)) == "05/01/2027"


@pytest.mark.parametrize(
    ("moment", "words"),
    [(time(0, 0), "00 giờ 00 phút"), (time(8, 5, 59), "08 giờ 05 phút"), (time(14, 30), "14 giờ 30 phút")],
)
def test_the_clock_says_hours_and_minutes(moment: time, words: str) -> None:
    assert clock(moment) == words


@pytest.mark.parametrize(
    ("issuer", "parts"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN", ["TỈNH THÁI NGUYÊN"]),
        ("Hội đồng bình chọn thành phố Hồ Chí Minh", ["thành phố Hồ Chí Minh"]),
        ("ỦY BAN NHÂN DÂN XÃ ĐỒNG HỶ, TỈNH THÁI NGUYÊN", ["XÃ ĐỒNG HỶ,", "TỈNH THÁI NGUYÊN"]),
        ("ỦY BAN NHÂN DÂN XÃ ĐỒNG HỶ TỈNH THÁI NGUYÊN", ["XÃ ĐỒNG HỶ", "TỈNH THÁI NGUYÊN"]),
        ("BỘ CÔNG THƯƠNG", []),
        ("ỦY BAN NHÂN DÂN XÃ MỘT TÊN RẤT DÀI KHÔNG VỪA MỘT DÒNG", []),
    ],
)
def test_a_territory_keeps_its_name_in_one_line(issuer: str, parts: list[str]) -> None:
    glued = [part for part in unbroken(issuer).split(" ") if "\xa0" in part]

    assert [part.replace("\xa0", " ") for part in glued] == parts
    assert unbroken(issuer).replace("\xa0", " ") == issuer
