"""The rules of a contest as pages: read, changed, refused."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.domain.contests import ContestState
from app.domain.rule_sentences import rule_sentences
from app.domain.rules import Method, PrizeBy, PrizeRule, ThresholdOp, rules_digest_of
from app.models import Contest
from tests.browsing import Browser, squeeze
from tests.builders import World

PRIZES = (PrizeRule("1", "Giải Nhất", "First prize", 9050), PrizeRule("2", "Giải Nhì", "Second prize", 8000))


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION, rules=world.rules(min_sheets=5))


def form_of(browser: Browser, contest: Contest) -> dict[str, str]:
    return browser.get(f"/contests/{contest.id}/rules/edit").values("main form")


def send(browser: Browser, contest: Contest, status: int = 303, **changes: str) -> dict[str, str]:
    page = browser.post(
        f"/contests/{contest.id}/rules/edit", form_of(browser, contest) | changes, status=status
    )
    return page.field_errors


def test_the_form_saved_as_it_is_changes_nothing(world: World, organiser: Browser) -> None:
    rules = world.rules(
        threshold=7525,
        group_quotas={"A": 0, "C": 7},
        tie_break=("spread", "L4"),
        outlier=650,
        facility_quota=2,
        prizes=PRIZES,
        prize_by=PrizeBy.BAND,
        passes=2,
        advance_mark=6550,
        deciding_pass=2,
    )
    criteria = tuple(replace(criterion, floor=criterion.max_mark // 2) for criterion in rules.criteria)
    contest = world.contest(ContestState.DRAFT, rules=replace(rules, criteria=criteria))

    send(organiser, contest)

    assert world.get(Contest, contest.id).rules == contest.rules


def test_every_rule_can_be_set(world: World, organiser: Browser, contest: Contest) -> None:
    send(
        organiser,
        contest,
        threshold="75,5",
        threshold_op="gt",
        mark_step="0.25",
        min_sheets="7",
        method="trimmed",
        trim="2",
        outlier="8",
        quota="30",
        spread_limit="12",
        quorum_percent="75",
        complaint_days="10",
        certificate_months="24",
        certificate_series="GCN-LĐ",
        lower_tier_skipped="Năm 2026 không tổ chức bình chọn cấp xã.",
        floor_L1="20",
        quota_A="10",
        quota_B="",
        tie_1="L3",
        tie_2="",
        tie_3="spread",
        vi_A="Thủ công mỹ nghệ",
        en_A="Crafts",
        facility_quota="3",
        prize_by="rank",
        prize_vi_2="Giải Nhất",
        prize_en_2="First prize",
        prize_limit_2="1",
        passes="2",
        advance_mark="65,5",
        deciding_pass="2",
    )

    before, rules = contest.rules, world.get(Contest, contest.id).rules
    assert rules == replace(
        before,
        threshold=7550,
        threshold_op=ThresholdOp.GT,
        mark_step=25,
        min_sheets=7,
        method=Method.TRIMMED,
        trim=2,
        outlier=800,
        quota=30,
        spread_limit=1200,
        quorum_percent=75,
        complaint_days=10,
        certificate_months=24,
        certificate_series="GCN-LĐ",
        lower_tier_skipped="Năm 2026 không tổ chức bình chọn cấp xã.",
        group_quotas={"A": 10},
        tie_break=("L3", "spread"),
        criteria=(replace(before.criteria[0], floor=2000), *before.criteria[1:]),
        groups=(replace(before.groups[0], name_vi="Thủ công mỹ nghệ", name_en="Crafts"), *before.groups[1:]),
        facility_quota=3,
        prizes=(PrizeRule("1", "Giải Nhất", "First prize", 1),),
        passes=2,
        advance_mark=6550,
        deciding_pass=2,
    )


def test_the_saved_rules_are_read_back_as_sentences(
    world: World, organiser: Browser, contest: Contest
) -> None:
    send(organiser, contest, threshold="80")

    page = organiser.follow()
    shown = [squeeze(item) for item in page.select(".sentences li")]
    assert page.flashes == ["Đã lưu quy chế. Hãy đọc lại một lần nữa dưới đây."]
    stored = world.get(Contest, contest.id)
    assert shown == list(rule_sentences(stored.rules, stored.tier, "vi"))
    assert page.select(".code") == []


FLOOR = "Điểm bình quân tối thiểu của tiêu chí phải từ 0 đến điểm tối đa của tiêu chí đó."
FAULTS = {
    "threshold": {
        "": "Mục này là bắt buộc.",
        "  ": "Mục này là bắt buộc.",
        "-5": "Nhập điểm từ 0 trở lên.",
        "70,123": "Nhập tối đa hai chữ số thập phân, ví dụ 8,25.",
        "100,5": "Nhập điểm từ 0 đến 100.",
    },
    "quota": {"0": "Nhập số từ 1 đến 100000.", "1e3": "Phải là số nguyên."},
    "quota_B": {"-1": "Nhập số từ 0 đến 100000."},
    "quorum_percent": {"0": "Nhập số nguyên từ 1 đến 100.", "": "Phải là số nguyên."},
    "certificate_series": {
        " ": "Mục này là bắt buộc.",
        "X" * 41: "Nhập tối đa 40 ký tự.",
        **dict.fromkeys(
            ("GCN/ /AG <b>", "GCN--AG", "/GCN", "GCN-", "GCN_AG", "GCN.AG"),
            "Chỉ dùng chữ cái và chữ số, các phần cách nhau bằng một dấu gạch nối hoặc một dấu gạch chéo",
        ),
    },
    "floor_L1": {"40,5": FLOOR},
    "floor_L3": {"11": FLOOR},
    "tie_2": {"L1": "Mục này đã được chọn ở trên."},
    "mark_step": {
        "0": "Nhập điểm từ 0,01 đến 10.",
        "0,3": "Điểm tối đa của mỗi tiêu chí phải chia hết cho bước điểm.",
    },
    "vi_C": {"": "Mục này là bắt buộc."},
}


@pytest.mark.parametrize(
    ("name", "typed"), [(name, typed) for name, cases in FAULTS.items() for typed in cases]
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field(
    world: World, organiser: Browser, contest: Contest, name: str, typed: str
) -> None:
    said = send(organiser, contest, 422, **{name: typed})

    assert list(said) == [name]
    assert said[name].startswith(FAULTS[name][typed])
    assert world.get(Contest, contest.id).rules == contest.rules


FIRST = {"prize_vi_1": "Giải Nhất", "prize_en_1": "First", "prize_limit_1": "1"}
THIRD = {"prize_vi_3": "Giải Ba", "prize_en_3": "Third", "prize_limit_3": "3"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (FIRST | {"prize_en_1": " "}, {"prize_en_1": "Mỗi hạng giải cần có tên bằng cả hai ngôn ngữ."}),
        (FIRST | {"prize_limit_1": "1,5"}, {"prize_limit_1": "Số lượng sản phẩm phải là số nguyên."}),
        (
            FIRST | {"prize_limit_1": ""},
            {"prize_limit_1": "Nhập số lượng sản phẩm của hạng giải, từ 1 trở lên."},
        ),
        (
            FIRST | THIRD | {"prize_limit_3": "0"},
            {"prize_limit_3": "Nhập số lượng sản phẩm của hạng giải, từ 1 trở lên."},
        ),
        (
            FIRST | THIRD | {"prize_by": "band", "prize_limit_1": "90", "prize_limit_3": "90"},
            {"prize_limit_3": "Hạng giải dưới phải bắt đầu từ số điểm thấp hơn hạng giải trên."},
        ),
        (
            FIRST | {"prize_by": "band", "prize_limit_1": "69,5"},
            {"prize_limit_1": "Nhập điểm từ 70 đến 100."},
        ),
        (FIRST | {"prize_vi_1": "x" * 10_000}, {"prize_vi_1": "Nhập tối đa 100 ký tự."}),
        ({"facility_quota": "0"}, {"facility_quota": "Nhập số từ 1 đến 100000."}),
        ({"passes": "2", "advance_mark": "100,5"}, {"advance_mark": "Nhập điểm từ 0 đến 100."}),
    ],
)
def test_quotas_prizes_and_passes_that_cannot_be_are_refused_beside_their_row(
    world: World, organiser: Browser, contest: Contest, typed: dict[str, str], said: dict[str, str]
) -> None:
    page = organiser.post(
        f"/contests/{contest.id}/rules/edit", form_of(organiser, contest) | typed, status=422
    )

    assert page.field_errors == said
    assert {name: page.values("main form")[name].strip() for name in typed} == {
        name: text.strip() for name, text in typed.items()
    }
    assert world.get(Contest, contest.id).rules == contest.rules


def test_rows_of_prizes_left_empty_between_others_do_not_count(
    world: World, organiser: Browser, contest: Contest
) -> None:
    form = form_of(organiser, contest) | FIRST | THIRD
    organiser.post(f"/contests/{contest.id}/rules/edit", form)

    assert world.get(Contest, contest.id).rules.prizes == (
        PrizeRule("1", "Giải Nhất", "First", 1),
        PrizeRule("2", "Giải Ba", "Third", 3),
    )


def test_with_one_pass_the_first_decides_whatever_was_chosen(
    world: World, organiser: Browser, contest: Contest
) -> None:
    send(organiser, contest, passes="1", deciding_pass="2")

    assert world.get(Contest, contest.id).rules.deciding_pass == 1


def test_the_file_of_frozen_rules_is_the_text_whose_digest_is_shown(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORING)
    old = contest.rules_json.replace('"passes":1,', "")  # as it was written before there were passes
    with world.session() as session:
        session.execute(update(Contest).values(rules_json=old, rules_digest=rules_digest_of(old)))

    file = organiser.file(f"/contests/{contest.id}/rules.json").data

    assert file.decode() == old
    assert hashlib.sha256(file).hexdigest() == world.get(Contest, contest.id).rules_digest


def test_the_rules_show_both_levels_with_the_marks_of_each_group(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.DRAFT, rules=world.detailed_rules())

    rows = organiser.get(f"/contests/{contest.id}/rules").rows("table.sheet-lines")

    assert [(row[0], row[2:]) for row in rows] == [
        ("L1", ["40"] * 4),
        ("L1.1", ["25"] * 4),
        ("L1.2", ["15"] * 4),
        ("L2", ["40"] * 4),
        ("L2.1", ["20", "–", "–", "–"]),
        ("L2.2", ["20", "–", "–", "–"]),
        ("L2.1", ["–", "10", "–", "–"]),
        ("L2.2", ["–", "30", "–", "–"]),
        ("L3", ["10"] * 4),
        ("L4", ["10"] * 4),
    ]
    assert "Xem báo cáo" in rows[1][1]


def test_dropping_sheets_needs_enough_of_them(world: World, organiser: Browser, contest: Contest) -> None:
    said = send(organiser, contest, 422, method="trimmed", trim="3")

    assert list(said) == ["min_sheets"]


@pytest.mark.parametrize("name", ["method", "threshold_op", "tie_1"])
def test_a_choice_that_is_none_is_refused(organiser: Browser, contest: Contest, name: str) -> None:
    assert list(send(organiser, contest, 422, **{name: "made up"})) == [name]


def test_what_was_typed_stays_when_a_rule_is_refused(organiser: Browser, contest: Contest) -> None:
    changes = form_of(organiser, contest) | {"threshold": "80", "quota": "không"}

    page = organiser.post(f"/contests/{contest.id}/rules/edit", changes, status=422)

    values = page.values("main form")
    assert (values["threshold"], values["quota"]) == ("80", "không")


def test_a_regional_contest_is_not_asked_about_the_commune_tier(world: World, browser: Browser) -> None:
    region = world.territory("Phía Nam")
    contest = world.contest(ContestState.DRAFT, region)
    browser.sign_in(world.organiser(region))

    send(browser, contest, threshold="71")

    assert {"commune_tier", "lower_tier_skipped"} & form_of(browser, contest).keys() == set()
    assert world.get(Contest, contest.id).rules == replace(contest.rules, threshold=7100)


def test_frozen_rules_are_only_read(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORING)

    page = organiser.get(f"/contests/{contest.id}/rules")
    organiser.get(f"/contests/{contest.id}/rules/edit", status=409)
    organiser.post(f"/contests/{contest.id}/rules/edit", {"threshold": "10"}, status=409)

    assert page.select("main .actions") == []
    assert contest.rules.digest in squeeze(page.select_one(".facts"))
    assert world.get(Contest, contest.id).rules == contest.rules


def test_whether_the_commune_tier_was_held_is_chosen_and_said(
    world: World, organiser: Browser, contest: Contest
) -> None:
    assert form_of(organiser, contest)["commune_tier"] == "not_held"

    send(organiser, contest, commune_tier="held")

    assert organiser.follow().select(".sentences li")[-1].get_text() == (
        "Sản phẩm tham gia phải có giấy chứng nhận cấp xã còn giá trị, trừ trường hợp được miễn có ghi lý do."
    )
    assert world.get(Contest, contest.id).rules == replace(contest.rules, lower_tier_skipped="")
    assert form_of(organiser, contest)["commune_tier"] == "held"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("commune_tier", {"commune_tier": ""}),
        ("commune_tier", {"commune_tier": "perhaps"}),
        ("lower_tier_skipped", {"commune_tier": "not_held", "lower_tier_skipped": " "}),
    ],
)
def test_the_commune_tier_needs_a_choice_and_its_reason(
    world: World, organiser: Browser, contest: Contest, field: str, changes: dict[str, str]
) -> None:
    assert list(send(organiser, contest, 422, **changes)) == [field]
    assert world.get(Contest, contest.id).rules == contest.rules


@pytest.mark.parametrize("series", ["GCN", "GCN/SCT", "05-GCN/CNNTTB-LĐ"])
def test_a_series_may_have_parts(world: World, organiser: Browser, contest: Contest, series: str) -> None:
    send(organiser, contest, certificate_series=series)

    assert world.get(Contest, contest.id).rules.certificate_series == series
