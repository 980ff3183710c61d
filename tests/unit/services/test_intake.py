import zlib
from collections.abc import Callable
from importlib import import_module
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from app.domain.entries import AttachmentKind
from app.services.intake import FileFault, RefusedFile, safe_name, take_in
from tests.uploads import paper, picture, saved, zip_bomb

PHOTO, OTHER = AttachmentKind.PHOTO, AttachmentKind.OTHER


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def fault_of(kind: AttachmentKind, name: str, content: bytes) -> FileFault:
    with pytest.raises(RefusedFile) as refused:
        take_in(kind, name, content)
    return refused.value.fault


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_each_kind_is_kept_as_jpeg_with_a_small_one(kind: str) -> None:
    file = take_in(PHOTO, f"Ấm chén.{kind.lower()}", picture(kind=kind, size=(1000, 500)))

    assert (file.name, file.media_type) == ("Ấm chén.jpg", "image/jpeg")
    assert (opened(file.content).format, opened(file.content).size) == ("JPEG", (1000, 500))
    assert opened(file.thumbnail or b"").size == (480, 240)


def test_what_a_picture_is_its_content_decides() -> None:
    assert take_in(PHOTO, "ảnh.txt", picture()).name == "ảnh.jpg"


def test_a_large_picture_is_made_smaller() -> None:
    file = take_in(PHOTO, "lớn.jpg", picture(size=(4000, 3000)))

    assert opened(file.content).size == (2048, 1536)


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6  # orientation: turn right

    file = take_in(PHOTO, "đứng.jpg", picture(size=(800, 400), exif=sideways.tobytes()))

    assert opened(file.content).size == (400, 800)


def test_nothing_but_the_picture_survives() -> None:
    told = Image.Exif()
    told[0x010F] = "Máy ảnh của bà Hạnh"
    told.get_ifd(0x8825)[2] = (11.0, 56.0, 30.0)  # latitude

    sent = picture(exif=told.tobytes(), comment=b"bi mat", icc_profile=b"profile")
    kept = opened(take_in(PHOTO, "sen.jpg", sent).content)

    assert dict(kept.getexif()) == {}
    assert set(kept.info) == {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_a_script_behind_a_picture_is_gone() -> None:
    sent = picture() + b"<script>alert(1)</script>"

    file = take_in(PHOTO, "ảnh.jpg", sent)

    assert b"<script" not in file.content + (file.thumbnail or b"")


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert take_in(PHOTO, "a.png", picture(kind="PNG")) == take_in(PHOTO, "a.png", picture(kind="PNG"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_depth_are_kept(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (600, 400)).save(file, "PNG")

    assert opened(take_in(PHOTO, "a.png", file.getvalue()).content).size == (600, 400)


def test_what_is_transparent_becomes_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (600, 400), (200, 0, 0, 0)).save(file, "PNG")

    kept = opened(take_in(PHOTO, "a.png", file.getvalue()).content)

    assert kept.getpixel((30, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"\xff\xd8\xff" + b"0" * 20 * 1024 * 1024, FileFault.TOO_BIG),
        (b"<html><script>alert(1)</script></html>", FileFault.NOT_A_PHOTO),
        (b"GIF89a" + b"\0" * 40, FileFault.NOT_A_PHOTO),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', FileFault.NOT_A_PHOTO),
        (paper(), FileFault.NOT_A_PHOTO),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", FileFault.HEIC),
        (picture()[:900], FileFault.BROKEN),
        (b"\xff\xd8\xff\xe0" + b"rubbish" * 50, FileFault.BROKEN),
        (picture(kind="PNG")[:200], FileFault.BROKEN),
        (b"RIFF\x10\0\0\0WEBPVP8 \0\0", FileFault.BROKEN),
    ],
)
def test_what_is_no_good_photo_is_refused_with_its_reason(content: bytes, fault: FileFault) -> None:
    assert fault_of(PHOTO, "ảnh.jpg", content) is fault


@pytest.mark.parametrize("size", [(5, 5), (399, 399), (399, 10)])
def test_a_photo_too_small_to_judge_by_is_refused(size: tuple[int, int]) -> None:
    assert fault_of(PHOTO, "bé.png", picture(size=size, kind="PNG")) is FileFault.TOO_SMALL


@pytest.mark.parametrize("size", [(400, 10), (10, 400)])
def test_the_longer_side_of_a_photo_counts(size: tuple[int, int]) -> None:
    assert take_in(PHOTO, "vừa.png", picture(size=size, kind="PNG")).name == "vừa.jpg"


def test_a_paper_may_be_a_small_picture() -> None:
    assert take_in(AttachmentKind.OTHER, "dấu.png", picture(size=(100, 60), kind="PNG")).name == "dấu.jpg"


def test_half_a_photo_is_refused_even_after_a_document_was_printed() -> None:
    import_module("weasyprint")  # it tells Pillow, for the whole process, to take truncated pictures

    assert fault_of(PHOTO, "ảnh.jpg", picture()[:900]) is FileFault.BROKEN


@pytest.mark.parametrize("side", [7_100, 9_500, 14_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(side: int) -> None:
    file = BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")

    assert fault_of(PHOTO, "bom.png", file.getvalue()) is FileFault.TOO_MANY_PIXELS


def test_the_message_names_the_file_and_says_what_to_do() -> None:
    with pytest.raises(RefusedFile) as refused:
        take_in(PHOTO, "C:\\ảnh\\IMG_1.HEIC", b"\0\0\0\x18ftypheic")

    assert str(refused.value.fields["files"]) == (
        "“IMG_1.HEIC” is an iPhone picture (HEIC). Send it as JPEG: in Settings, Camera, Formats choose "
        "“Most Compatible”, or save a copy as JPEG."
    )


def test_a_paper_may_be_a_pdf_or_a_photo() -> None:
    scanned = take_in(OTHER, "Giấy phép", paper(3))
    photographed = take_in(AttachmentKind.REGISTRATION_PAPER, "Giấy phép.jpeg", picture())

    assert (scanned.name, scanned.media_type, scanned.thumbnail) == ("Giấy phép.pdf", "application/pdf", None)
    assert len(pikepdf.open(BytesIO(scanned.content)).pages) == 3
    assert (photographed.name, photographed.media_type) == ("Giấy phép.jpg", "image/jpeg")


def locked() -> bytes:
    with pikepdf.open(BytesIO(paper())) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(owner="chủ", user="người đọc"))


def locked_for_changes_only() -> bytes:
    with pikepdf.open(BytesIO(paper())) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(owner="chủ", user=""))


def unpacks_to_gigabytes() -> bytes:
    """A PDF whose list of objects is 200 kB on the disk and 200 MB in memory."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    head = b"%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length "
    body = head + b"%d>>stream\n" % len(data) + data + b"\nendstream\nendobj\n"
    rows = b"\0\0\0\0" + b"\1\0\x09\0" + b"\1" + len(body).to_bytes(3, "big") + b"\2\0\1\0"
    table = (
        b"2 0 obj\n<</Type/XRef/Size 4/W[1 2 1]/Root 3 0 R/Length 16>>stream\n"
        + rows
        + b"\nendstream\nendobj\n"
    )
    return body + table + b"startxref\n%d\n%%%%EOF" % len(body)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (locked, FileFault.PASSWORD),
        (locked_for_changes_only, FileFault.PASSWORD),
        (lambda: paper(201), FileFault.TOO_MANY_PAGES),
        (lambda: b"%PDF-1.7\nrubbish", FileFault.BROKEN),
        (lambda: paper()[:60], FileFault.BROKEN),
        (unpacks_to_gigabytes, FileFault.BROKEN),
        (zip_bomb, FileFault.NOT_A_PAPER),
        (lambda: b"PK\x03\x04" + b"word/document.xml", FileFault.NOT_A_PAPER),
        (lambda: b"<html></html>%PDF-1.7", FileFault.NOT_A_PAPER),
    ],
)
def test_what_is_no_good_paper_is_refused_with_its_reason(
    make: Callable[[], bytes], fault: FileFault
) -> None:
    assert fault_of(OTHER, "giấy.pdf", make()) is fault


def dangerous() -> bytes:
    """A PDF that runs a script when it opens, starts a program, and brings a file along."""
    with pikepdf.open(BytesIO(paper())) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        program = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
        pdf.Root.OpenAction = script
        pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.Stream(pdf, b"<xfa/>"), Fields=[])
        pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", script]))
        pdf.attachments["virus.exe"] = b"MZ virus"
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=program
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        return saved(pdf)


def readable(content: bytes) -> bytes:
    """The PDF without any packing, so that it can be searched."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return saved(
            pdf,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
        )


def test_a_pdf_is_rebuilt_without_what_could_act() -> None:
    words = (
        b"JavaScript",
        b"OpenAction",
        b"Launch",
        b"calc.exe",
        b"virus",
        b"app.alert",
        b"XFA",
        b"EmbeddedFile",
    )
    sent = dangerous()
    assert [word for word in words if word not in readable(sent)] == []

    kept = take_in(OTHER, "giấy.pdf", sent).content

    assert [word for word in words if word in readable(kept)] == []
    assert len(pikepdf.open(BytesIO(kept)).pages) == 1


def test_what_stands_behind_a_pdf_is_gone() -> None:
    kept = take_in(OTHER, "giấy.pdf", paper() + b"\n<script>alert(1)</script>")

    assert b"<script" not in kept.content


def test_the_same_pdf_gives_the_same_bytes() -> None:
    sent = paper(2)

    assert take_in(OTHER, "a.pdf", sent) == take_in(OTHER, "a.pdf", sent)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Giấy chứng nhận số 5.pdf", "Giấy chứng nhận số 5.pdf"),
        ("Giấy.pdf", "Giấy.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\Windows\\win.ini", "win.pdf"),
        ('a<b>:"c"|?*.pdf', "a_b___c____.pdf"),
        ("tên\0có\u202eký tự\nlạ.pdf", "têncóký tự lạ.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("Mr. Hạnh", "Mr. Hạnh.pdf"),
    ],
)
def test_a_name_is_kept_without_what_could_do_harm(name: str, kept: str) -> None:
    assert safe_name(name, ".pdf") == kept
