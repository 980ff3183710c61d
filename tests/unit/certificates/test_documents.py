import re
import unicodedata
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from datetime import date, time
from typing import Any, Literal

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # published without types

from certificates import EmptyText, InconsistentDocument, TextTooLong, UnprintableText, foreign_letters
from certificates.documents import PRINTABLE
from certificates.press import HERE
from tests.unit.certificates.samples import (
    TORTURE,
    make_certificate,
    make_entry,
    make_list,
    make_minutes,
    make_row,
    make_signature,
)

Maker = Callable[..., Any]
MAKERS: list[Maker] = [make_certificate, make_list, make_row, make_signature, make_minutes, make_entry]


def texts(*, required: bool) -> list[Any]:
    """Each text or tuple of texts of each document that must, or need not, be there."""
    return [
        pytest.param(make, item.name, id=f"{type(document).__name__}.{item.name}")
        for make in MAKERS
        for document in [make()]
        for item in fields(document)
        if item.name in document._places and (item.default is MISSING) is required
    ]


@pytest.mark.parametrize("nothing", ["", " \t\n", "\u200b", None, ()])
@pytest.mark.parametrize(("make", "field"), texts(required=True))
def test_a_text_that_must_be_printed_may_not_be_empty(make: Maker, field: str, nothing: object) -> None:
    with pytest.raises(EmptyText) as refused:
        make(**{field: nothing})

    assert refused.value.field == field


@pytest.mark.parametrize(("make", "field"), texts(required=False))
def test_a_text_that_may_be_missing_may_also_be_blank(make: Maker, field: str) -> None:
    whole = getattr(make(), field)

    blank = make(**{field: () if isinstance(whole, tuple) else "  "})

    assert not getattr(blank, field)


@pytest.mark.parametrize(("make", "field"), [*texts(required=True), *texts(required=False)])
def test_a_text_may_be_as_long_as_its_place_and_no_longer(make: Maker, field: str) -> None:
    limit = make()._places[field][0]
    lines = isinstance(getattr(make(), field), tuple)
    changes: dict[str, Any] = {"code": "a"} if field == "check_url" else {}
    if field == "code":
        changes["check_url"] = "https://binhchon.example/c/" + "a" * limit
    longest = (
        "https://e.vn/" + "/a".rjust(limit - 13, "a") if field == "check_url" else "A" * limit
    )  # titles are printed in capitals

    document = make(**changes | {field: (longest,) if lines else longest})
    with pytest.raises(TextTooLong) as refused:
        make(**{field: (longest + "a",) if lines else longest + "a"})

    assert getattr(document, field) == ((longest,) if lines else longest)
    assert (refused.value.field, refused.value.length, refused.value.limit) == (field, limit + 1, limit)


def test_one_empty_line_among_several_is_refused() -> None:
    with pytest.raises(EmptyText, match="signatory_title"):
        make_certificate(signatory_title=("KT. CHỦ TỊCH", ""))


def test_decomposed_letters_become_composed_ones() -> None:
    certificate = make_certificate(product=unicodedata.normalize("NFD", TORTURE))

    assert certificate.product == TORTURE


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_stands_above_a_signature_is_in_capitals_however_it_was_typed(
    form: Literal["NFC", "NFD"],
) -> None:
    title = tuple(
        unicodedata.normalize(form, line) for line in ("TM. Ủy ban nhân dân", "KT. Chủ tịch", TORTURE)
    )

    capitals = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "Ẵ Ặ Ữ Ự Ỹ Đ Đ Ẫ Ệ Ỗ Ở Ứ Ỵ Ậ Ễ Ỡ")
    assert make_certificate(signatory_title=title).signatory_title == capitals
    assert make_signature(title=title).title == capitals


def test_a_letter_whose_capital_cannot_be_printed_is_refused_above_a_signature() -> None:
    with pytest.raises(UnprintableText) as refused:
        make_signature(title=("ẖ",))  # no single letter is its capital

    assert refused.value.characters == "\u0331"


def test_letters_that_cannot_be_printed_are_told_before_there_is_a_document() -> None:
    assert foreign_letters(f"{TORTURE}\nTrà\u200b sen\t– “đậm”") == ""
    assert foreign_letters("Trà 🪷 và 茶🪷") == "🪷茶"


def test_spaces_are_single_and_line_breaks_become_spaces() -> None:
    certificate = make_certificate(product="\u00a0Trà  sen\r\nTây\u2028Hồ\t")

    assert certificate.product == "Trà sen Tây Hồ"


def test_invisible_characters_disappear_so_that_a_text_reads_as_it_is_stored() -> None:
    certificate = make_certificate(product="Tr\u00adà\u200b \u202eOlong\u202c\ufeff")

    assert certificate.product == "Trà Olong"


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("Trà 🍵 sen 🍵", "🍵"),
        ("龍井茶", "龍井茶"),
        ("Trà\x00 sen\x07", "\x00\x07"),
        ("ชา", "ชา"),
        ("a\u0301\u0302\u0303\u0304", "\u0302\u0303\u0304"),
        ("\ud83c", "\ud83c"),
    ],
    ids=["emoji", "Han", "control", "Thai", "stacked marks", "half a pair"],
)
def test_letters_outside_the_shipped_typeface_are_refused_by_name(text: str, characters: str) -> None:
    with pytest.raises(UnprintableText) as refused:
        make_certificate(product=text)

    assert (refused.value.field, refused.value.characters) == ("product", characters)
    assert f"U+{ord(characters[0]):04X}" in str(refused.value)


@pytest.mark.parametrize("style", ["Regular", "Bold", "Italic", "BoldItalic"])
def test_every_letter_that_may_be_printed_is_in_the_typeface(style: str) -> None:
    wanted = {point for point in range(0x10000) if re.fullmatch(f"[{PRINTABLE}]", chr(point))}
    has = set(TTFont(HERE / "fonts" / f"Tinos-{style}.ttf").getBestCmap())

    assert wanted - has == set()


@pytest.mark.parametrize("value", [12, b"Tra", ["a"], date(2026, 1, 1)])
def test_a_value_that_is_no_text_is_a_programming_error(value: object) -> None:
    with pytest.raises(TypeError, match="product must be text"):
        make_certificate(product=value)


def test_a_document_cannot_be_changed() -> None:
    certificate = make_certificate()

    with pytest.raises(FrozenInstanceError):
        certificate.product = "Trà khác"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    "address",
    [
        "binhchon.example/c/7K3M-Q2XD",
        "javascript:alert(1)//c/7K3M-Q2XD",
        'https://a"><script>/7K3M-Q2XD',
        "https://é/7K3M-Q2XD",
    ],
)
def test_the_check_address_must_be_a_whole_web_address(address: str) -> None:
    with pytest.raises(InconsistentDocument, match="check_url"):
        make_certificate(check_url=address)


@pytest.mark.parametrize("code", ["7K3MQ2XD", "7k3m q2xd"])
def test_the_code_may_be_grouped_otherwise_than_in_the_address(code: str) -> None:
    assert make_certificate(code=code).code == code


def test_a_code_of_another_certificate_is_refused() -> None:
    with pytest.raises(InconsistentDocument, match="code"):
        make_certificate(code="7K3M-Q2XE")


def test_a_certificate_may_end_on_the_day_it_is_signed_but_not_before() -> None:
    assert make_certificate(valid_until=date(2023, 9, 15)).valid_until == date(2023, 9, 15)

    with pytest.raises(InconsistentDocument, match="valid_until"):
        make_certificate(valid_until=date(2023, 9, 14))


def test_five_lines_above_a_signature_are_too_many() -> None:
    with pytest.raises(InconsistentDocument, match="signatory_title"):
        make_certificate(signatory_title=("a", "b", "c", "d", "e"))


def test_a_list_needs_a_group() -> None:
    with pytest.raises(EmptyText, match="groups"):
        make_list(groups=())


@pytest.mark.parametrize("number", [0, 4])
def test_a_list_is_signed_by_one_to_three(number: int) -> None:
    with pytest.raises(InconsistentDocument, match="signatures"):
        make_list(signatures=(make_signature(),) * number)


def test_a_meeting_cannot_close_before_it_opens() -> None:
    with pytest.raises(InconsistentDocument, match="closed_at"):
        make_minutes(closed_at=time(7, 59))


def test_a_meeting_may_go_on_past_midnight() -> None:
    minutes = make_minutes(closed_on=date(2023, 9, 2), closed_at=time(0, 30))

    assert minutes.closed_at == time(0, 30)


def test_votes_are_not_negative() -> None:
    with pytest.raises(InconsistentDocument, match="negative"):
        make_entry(no=-1)
