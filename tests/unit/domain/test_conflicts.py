import pytest

from app.domain.conflicts import ConflictKind, FacilityFacts, JudgeFacts, facts_digest, findings

FACILITY = FacilityFacts(
    name="Hợp tác xã Ngọc Liên",
    representative="Trần Thị Hạnh",
    tax_code="0100047516",
    address="Thôn 1, xã Tân Hòa",
    territory="Tỉnh Lâm Đồng",
    phone="0912 345 678",
    email="ngoclien@example.vn",
)
KIND = ConflictKind


def kinds(**judge: object) -> list[ConflictKind]:
    facts = JudgeFacts(**{"name": "Lê Văn Đức", **judge})  # type: ignore[arg-type]  # the fields of the class
    return [finding.kind for finding in findings(facts, FACILITY)]


@pytest.mark.parametrize(
    "employer",
    [
        "Hợp tác xã Ngọc Liên",
        "HTX ngọc liên",
        "hop tac xa NGOC LIEN",
        "HTX. “Ngọc Liên”",
        "Công ty TNHH Ngọc Liên",
    ],
)
def test_an_employer_is_known_by_its_name_however_it_is_written(employer: str) -> None:
    assert kinds(employer=employer) == [KIND.EMPLOYER]


@pytest.mark.parametrize(
    "employer", ["", "   ", "Hợp tác xã", "Ngọc", "Ngọc Liên Sơn", "Trường Ngọc Liên", "☕"]
)
def test_another_employer_is_none(employer: str) -> None:
    assert kinds(employer=employer) == []


@pytest.mark.parametrize("tax_code", ["0100047516", "0100047516-001", "01000 47516"])
def test_a_tax_code_is_known_also_as_that_of_a_unit(tax_code: str) -> None:
    assert kinds(employer_tax_code=tax_code) == [KIND.TAX_CODE]


def test_a_household_is_known_by_its_personal_number_and_by_nothing_shorter() -> None:
    household = FacilityFacts("Hộ Tám", "Võ Tám", "001099012345", "Ấp 2", "Tỉnh An Giang", "", "")
    numbers = ("001099012345", "0010990123", "")

    found = [findings(JudgeFacts("A", employer_tax_code=number), household) for number in numbers]

    assert [[one.kind for one in each] for each in found] == [[KIND.TAX_CODE], [], []]


@pytest.mark.parametrize(
    ("link", "fact"),
    [
        ("HTX Ngọc Liên", "Hợp tác xã Ngọc Liên"),
        ("cố vấn cho HTX Ngọc Liên từ 2024", "Hợp tác xã Ngọc Liên"),
        ("MST 0100047516", "0100047516"),
        ("ĐT +84 912 345 678", "0912 345 678"),
        ("NgocLien@Example.vn", "ngoclien@example.vn"),
        ("chị trần thị hạnh", "Trần Thị Hạnh"),
    ],
)
def test_a_facility_that_the_judge_names_is_found_by_whatever_names_it(link: str, fact: str) -> None:
    [finding] = findings(JudgeFacts("Lê Văn Đức", links=["Cơ sở khác", link]), FACILITY)

    assert (finding.kind, finding.of_judge, finding.of_facility) == (KIND.DECLARED, link, fact)


@pytest.mark.parametrize("link", ["", "Liên", "0912", "Trần", "hạnh phúc", "9" * 5000])
def test_a_line_that_names_something_else_finds_nothing(link: str) -> None:
    assert kinds(links=[link]) == []


def test_the_representatives_own_name_is_found() -> None:
    assert kinds(name="TRẦN THỊ HẠNH") == [KIND.REPRESENTATIVE]


@pytest.mark.parametrize(
    "address", ["Thôn 1, xã Tân Hòa", "thôn 1 , Tân Hoà, tỉnh Lâm Đồng", "Thôn 1; X. Tân Hòa"]
)
def test_one_address_is_found_in_its_spellings(address: str) -> None:
    assert kinds(address=address) == [KIND.ADDRESS]


@pytest.mark.parametrize(
    "address", ["", "Thôn 1", "Thôn 2, xã Tân Hòa", "Thôn 1, xã Tân Lập", "xã Tân Hòa, thôn 1"]
)
def test_another_address_is_none(address: str) -> None:
    assert kinds(address=address) == []


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("Trần Văn Ba", "số 5, xã Tân Hòa, tỉnh Lâm Đồng", [KIND.FAMILY]),
        ("Trần Văn Ba", "số 5, Tân Hòa, Lâm Đồng", [KIND.FAMILY]),
        ("Nguyễn Văn Ba", "số 5, xã Tân Hòa, tỉnh Lâm Đồng", []),
        ("Trần Văn Ba", "số 5, phường Cam Ly, tỉnh Lâm Đồng", []),
        ("Trần Văn Ba", "Cam Ly, Lâm Đồng", []),  # one province is no locality
        ("Trần Văn Ba", "", []),
        ("", "xã Tân Hòa", []),
    ],
)
def test_one_family_name_in_one_commune_is_found(
    name: str, address: str, expected: list[ConflictKind]
) -> None:
    assert kinds(name=name, address=address) == expected


def test_the_commune_may_be_the_territory_of_the_facility() -> None:
    household = FacilityFacts("Hộ Tám", "Võ Tám", "", "Ấp 2", "Xã Vĩnh Hòa", "", "")

    found = findings(JudgeFacts("Võ Năm", address="Ấp 4, xã Vĩnh Hòa"), household)

    assert [finding.kind for finding in found] == [KIND.FAMILY]


def test_everything_in_common_is_told_and_has_a_digest_of_its_own() -> None:
    judge = JudgeFacts("Trần Ba", employer="HTX Ngọc Liên", address="Thôn 9, xã Tân Hòa", links=["Ngọc Liên"])
    found = findings(judge, FACILITY)

    assert [finding.kind for finding in found] == [KIND.EMPLOYER, KIND.DECLARED, KIND.FAMILY]
    assert facts_digest(found) != facts_digest(found[:2])
    assert facts_digest(found) == facts_digest(findings(judge, FACILITY))
