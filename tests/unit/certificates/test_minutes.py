from datetime import date, time

import pytest

from certificates import Minutes, minutes_pdf
from certificates.render import EXAMPLE_MARK
from tests.unit.certificates.samples import Printed, make_entry, make_minutes


def printed(document: Minutes) -> Printed:
    return Printed(minutes_pdf(document))


def test_minutes_follow_form_1_9_from_the_head_to_both_signatures() -> None:
    minutes = printed(make_minutes())

    assert minutes.text == (
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG HỘI ĐỒNG BÌNH CHỌN "
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Số: 05/BB-HĐBC "
        "BIÊN BẢN Họp Hội đồng bình chọn cấp tỉnh năm 2023 "
        "Thời gian bắt đầu: 08 giờ 00 phút, ngày 01 tháng 9 năm 2023. "
        "Địa điểm: Sở Công Thương tỉnh An Giang. "
        "Thành phần tham dự: - Ông Nguyễn Văn Minh, Chủ tịch Hội đồng - Bà Phạm Ngọc Ánh, thư ký "
        "Chủ trì: Ông Nguyễn Văn Minh. Thư ký (người ghi biên bản): Bà Phạm Ngọc Ánh. "
        "Có mặt 8/9 thành viên, đủ điều kiện họp. "
        "Nội dung Thư ký báo cáo kết quả chấm điểm. "
        "Kết quả chấm điểm và biểu quyết TT Mã số Sản phẩm Cơ sở Điểm bình quân Biểu quyết (số phiếu) "
        "Đồng ý Không đồng ý Không ý kiến 1 B-001 Trà bí thơm số 1 Hợp tác xã Nhung Lũy 84,50 6 1 2 "
        "Kết luận Đề nghị công nhận các sản phẩm được đa số đồng ý. "
        "Cuộc họp kết thúc vào 11 giờ 30 phút, ngày 01 tháng 9 năm 2023./. "
        "Mã kiểm chứng: 9f86d081 THƯ KÝ Phạm Ngọc Ánh CHỦ TỌA Nguyễn Văn Minh"
    )


def test_minutes_are_portrait_a4_named_and_dated_after_the_meeting() -> None:
    minutes = printed(make_minutes(closed_on=date(2023, 9, 2), closed_at=time(0, 5)))

    assert minutes.size == (210, 297)
    assert minutes.information["/Title"] == "Biên bản: Họp Hội đồng bình chọn cấp tỉnh năm 2023"
    assert minutes.information["/CreationDate"] == "D:20230902000500+07'00"


def test_the_head_breaks_its_line_before_the_territory_and_not_within_its_name() -> None:
    minutes = printed(make_minutes(issuer_parent="ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN"))

    lines = minutes.reader.pages[0].extract_text().splitlines()
    assert [" ".join(line.split()) for line in lines[:2]] == ["ỦY BAN NHÂN DÂN", "TỈNH THÁI NGUYÊN"]


def test_without_entries_there_is_no_table() -> None:
    minutes = printed(make_minutes(entries=()))

    assert "biểu quyết" not in minutes.text
    assert "/Table" not in [kind for kind, _ in minutes.tags]


def test_a_missing_average_is_a_dash_and_no_votes_are_a_nought() -> None:
    minutes = printed(make_minutes(entries=(make_entry(average=None, yes=0, no=0, abstain=0),)))

    assert "Nhung Lũy – 0 0 0 Kết luận" in minutes.text


def test_the_head_of_the_table_is_repeated_on_each_of_its_pages() -> None:
    minutes = printed(make_minutes(entries=tuple(make_entry(number) for number in range(1, 60))))

    with_rows = [page for page in minutes.pages if "B-0" in page]
    assert len(with_rows) > 1
    assert [page.count("TT Mã số Sản phẩm Cơ sở") for page in with_rows] == [1] * len(with_rows)


def test_the_signatures_stay_together_with_words_of_the_minutes() -> None:
    for lines in range(26, 40):
        minutes = printed(make_minutes(content=("Ý kiến thảo luận.",) * lines, entries=(), example=False))
        assert "THƯ KÝ Phạm Ngọc Ánh CHỦ TỌA Nguyễn Văn Minh" in minutes.pages[-1]
        assert "kết thúc vào" in minutes.pages[-1]


@pytest.mark.parametrize("example", [True, False])
def test_only_an_example_is_marked_as_one(example: bool) -> None:
    assert (EXAMPLE_MARK in printed(make_minutes(example=example)).text) is example
