from app.domain.entry_names import EntryNames, as_sent, with_province

NOW = EntryNames("Trà sen mới", is_set=False, facility="Cơ sở mới", address="Thôn 2, tỉnh Lâm Đồng")


def test_the_names_that_were_judged_stay_though_others_are_used_today() -> None:
    dossier = {
        "product": {"name": "Trà sen cũ", "is_set": True, "group_code": "B", "description": ""},
        "facility": {"name": "Cơ sở cũ", "address": "Thôn 1, xã Tân Hòa", "territory": "Tỉnh Lâm Đồng"},
    }

    assert as_sent(dossier, NOW) == EntryNames(
        "Trà sen cũ", is_set=True, facility="Cơ sở cũ", address="Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng"
    )


def test_a_dossier_without_names_has_those_of_today() -> None:
    assert as_sent({"answers": {}}, NOW) is NOW


def test_a_province_is_not_named_twice() -> None:
    assert (
        with_province("Số 5, phường Xuân Hương, lâm đồng", "Tỉnh Lâm Đồng")
        == "Số 5, phường Xuân Hương, lâm đồng"
    )
    assert (
        with_province("Thôn 1, xã Mỹ Khê, Tỉnh Lâm Đồng", "Tỉnh Lâm Đồng")
        == "Thôn 1, xã Mỹ Khê, tỉnh Lâm Đồng"
    )
    assert with_province("Phường Sài Gòn", "Thành phố Hồ Chí Minh") == "Phường Sài Gòn, Thành phố Hồ Chí Minh"
    assert (
        with_province("Số 5, phường Hải Châu", "Thành phố Đà Nẵng")
        == "Số 5, phường Hải Châu, thành phố Đà Nẵng"
    )
