"""Forms are found in the text of a page, and filled in there."""

from werkzeug.datastructures import MultiDict

from app.web.page_forms import filled_in, forms_of

PAGE = """<p>a &lt; b</p>
<form action="/search"><input name="text" value="Trà"></form>
<form method="post" action="vote#end">
<input type="hidden" name="csrf_token" value="x">
<input type="hidden" name="seen" value="1 &amp; 2">
<input type="radio" name="choice" value="yes" checked> <input type="radio" name="choice" value="no">
<input type="checkbox" name="sure" checked> <input type="checkbox" name="late" value="y" disabled>
<select name="days"><option value="1" selected>1</option><option value="2">2</option></select>
<input name="count" value="7"> <textarea name="why" rows="3">
cũ</textarea> <textarea name="off" disabled>nguyên</textarea> <input type="password" name="secret">
<button name="act" value="keep">Giữ <b>lại</b></button></form>"""
FILLED = """<p>a &lt; b</p>
<form action="/search"><input name="text" value="Trà"></form>
<form method="post" action="vote#end"><p class="saved-beside">Chưa gửi</p>
<input type="hidden" name="csrf_token" value="x">
<input type="hidden" name="seen" value="1 &amp; 2">
<input type="radio" name="choice" value="yes"> <input type="radio" name="choice" value="no" checked>
<input type="checkbox" name="sure"> <input type="checkbox" name="late" value="y" disabled>
<select name="days"><option value="1">1</option><option value="2" selected>2</option></select>
<input name="count" value="&quot;3&quot;"> <textarea name="why" rows="3">
&lt;/textarea&gt;</textarea> <textarea name="off" disabled>nguyên</textarea> <input type="password" name="secret">
<button name="act" value="keep">Giữ <b>lại</b></button></form>"""
SENT = {
    "seen": "1 & 2",
    "choice": "no",
    "days": "2",
    "count": '"3"',
    "why": "</textarea>",
    "act": "keep",
}


def test_a_form_is_filled_in_and_nothing_else_of_the_page_changes() -> None:
    [form] = forms_of(PAGE)
    sent = MultiDict(SENT)

    assert (form.address_on("/council/1"), form.shows(sent), form.pressed(sent)) == (
        "/council/vote",
        True,
        "Giữ lại",
    )
    assert filled_in(PAGE, form, sent, "Chưa gửi") == FILLED


def test_a_form_that_shows_something_else_or_lacks_a_place_is_another() -> None:
    [form] = forms_of(PAGE)
    others = [
        {"seen": "2"},
        {"choice": "maybe"},
        {"days": "3"},
        {"act": "drop"},
        {"new": "x"},
        {"secret": "x"},
    ]

    assert [form.shows(MultiDict(SENT | other)) for other in others] == [False] * len(others)
    assert not form.shows(MultiDict({"choice": "no"}))


def test_only_what_is_filled_in_counts_as_held() -> None:
    [form] = forms_of(PAGE)

    assert [form.holds(MultiDict(sent)) for sent in ({"act": "keep", "count": " "}, {"count": "0"})] == [
        False,
        True,
    ]
