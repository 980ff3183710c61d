"""Taking in files from outside: what a file is, its content decides; what is kept is written anew by us.

A photo is decoded and encoded again, so that nothing hidden in it survives: no place where it was taken, no
script behind the picture. A PDF is rebuilt without scripts, attached files, and actions that reach out.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PureWindowsPath

import pikepdf
from pikepdf.sanitize import Sanitizer
from PIL import Image, ImageFile, ImageOps

from app.domain.entries import AttachmentKind
from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.vietnamese import normalise

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PAGES = 200
PHOTO_SIDE = 2048
SMALLEST_PHOTO_SIDE = 400
THUMBNAIL_SIDE = 480
JPEG, PDF = "image/jpeg", "application/pdf"


class FileFault(StrEnum):
    """Why a file cannot be taken in."""

    NONE_CHOSEN = "none_chosen"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    NOT_A_PHOTO = "not_a_photo"
    NOT_A_PAPER = "not_a_paper"
    HEIC = "heic"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    PASSWORD = "password"  # noqa: S105 -- names a fault
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY = "too_many"


MESSAGES = {
    FileFault.NONE_CHOSEN: N_("Choose a file first."),
    FileFault.EMPTY: N_("“%(name)s” is empty. Open it on your device to see whether it is the right one."),
    FileFault.TOO_BIG: N_("“%(name)s” is larger than 20 MB. Send a smaller picture or scan."),
    FileFault.NOT_A_PHOTO: N_("“%(name)s” is not a picture. Send a JPEG, PNG or WebP file."),
    FileFault.NOT_A_PAPER: N_("“%(name)s” cannot be read. Send a PDF, or a photo as JPEG, PNG or WebP."),
    FileFault.HEIC: N_(
        "“%(name)s” is an iPhone picture (HEIC). Send it as JPEG: in Settings, Camera, Formats choose "
        "“Most Compatible”, or save a copy as JPEG."
    ),
    FileFault.BROKEN: N_("“%(name)s” is damaged and cannot be opened. Save or scan it again."),
    FileFault.TOO_MANY_PIXELS: N_("“%(name)s” has more than 50 megapixels. Send a smaller picture."),
    FileFault.TOO_SMALL: N_(
        "“%(name)s” is too small to be judged by: its longer side needs at least 400 pixels. Send the original photo."
    ),
    FileFault.PASSWORD: N_("“%(name)s” is protected by a password. Save a copy without it and send that."),
    FileFault.TOO_MANY_PAGES: N_("“%(name)s” has more than 200 pages. Send the pages that matter."),
    FileFault.TOO_MANY: N_("A dossier holds at most %(most)d files. Remove some first."),
}


class RefusedFile(InvalidInput):
    """A file that is not taken in; `fault` says why."""

    def __init__(self, fault: FileFault, **values: str | int) -> None:
        super().__init__({"files": Message(MESSAGES[fault], values)})
        self.fault = fault


@dataclass(frozen=True)
class CleanFile:
    """A file as it is kept: our own bytes, a safe name, and for a picture a small one for lists."""

    name: str
    media_type: str
    content: bytes
    thumbnail: bytes | None = None


def take_in(kind: AttachmentKind, name: str, content: bytes) -> CleanFile:
    """Check a file from outside and write it anew; RefusedFile says what is wrong and what to do."""
    shown = safe_name(name)
    try:
        return _take_in(kind, shown, content)
    except _Fault as error:
        raise RefusedFile(error.fault, name=shown) from error


def safe_name(name: str, suffix: str = "") -> str:
    r"""A file name without folders, invisible letters or signs that systems refuse, at most 120 letters long.

    >>> safe_name(r"C:\Ảnh\sen?.PNG", ".jpg")
    'sen_.jpg'
    """
    last = PureWindowsPath(normalise(name)).name  # knows both kinds of slash
    plain = re.sub(r'[<>:"|?*]', "_", last).strip(". ")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", plain)
    suffix = suffix or plain[len(stem) :]
    return f"{stem[: 120 - len(suffix)].strip('. ') or 'file'}{suffix}"


class _Fault(Exception):
    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def _take_in(kind: AttachmentKind, name: str, content: bytes) -> CleanFile:
    _require(content, FileFault.EMPTY)
    _require(len(content) <= MAX_BYTES, FileFault.TOO_BIG)
    picture_format = _picture_format(content)
    if picture_format:
        smallest = SMALLEST_PHOTO_SIDE if kind is AttachmentKind.PHOTO else 1
        photo, thumbnail = _redrawn(content, picture_format, smallest)
        return CleanFile(safe_name(name, ".jpg"), JPEG, photo, thumbnail)
    _require(kind is not AttachmentKind.PHOTO, FileFault.NOT_A_PHOTO)
    _require(content.startswith(b"%PDF-"), FileFault.NOT_A_PAPER)
    return CleanFile(safe_name(name, ".pdf"), PDF, _rebuilt(content))


def _picture_format(content: bytes) -> str | None:
    """Pillow's name of the picture's format by its first bytes, or None."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"):
        raise _Fault(FileFault.HEIC)
    return None


def _redrawn(content: bytes, picture_format: str, smallest: int) -> tuple[bytes, bytes]:
    """The picture upright on a fresh canvas, and a small one: nothing but its colours comes along."""
    ImageFile.LOAD_TRUNCATED_IMAGES = (
        False  # WeasyPrint turns this on for the whole process: half a photo is none
    )
    with _reading(), Image.open(BytesIO(content), formats=[picture_format]) as image:
        _require(image.width * image.height <= MAX_PIXELS, FileFault.TOO_MANY_PIXELS)
        _require(max(image.size) >= smallest, FileFault.TOO_SMALL)
        image.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))  # a large JPEG is decoded small at once
        layer = ImageOps.exif_transpose(image).convert("RGBA")
    layer.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    canvas = Image.new("RGB", layer.size, "white")
    canvas.paste(layer, mask=layer)
    photo = _jpeg(canvas, quality=86)
    canvas.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return photo, _jpeg(canvas, quality=80)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, progressive=True)
    return file.getvalue()


_SANITIZER = (
    Sanitizer()
    .remove_javascript()
    .remove_external_access()
    .remove_attachments()
    .remove_multimedia()
    .remove_collection()
    .remove_private_app_data()
)
# qpdf's limits hold for the whole process, so they are set once, before any thread opens a file: a few
# kilobytes must not unpack to gigabytes, and a file that is wrong in a hundred places is not repaired.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=32 * 1024 * 1024, parser_max_container_size=100_000, doc_max_warnings=100
)


def _rebuilt(content: bytes) -> bytes:
    """The PDF written anew: no scripts, no attached files, no action that starts by itself or reaches out."""
    file = BytesIO()
    with _reading(), pikepdf.open(BytesIO(content)) as pdf:
        _require(not pdf.is_encrypted, FileFault.PASSWORD)
        _require(len(pdf.pages) <= MAX_PAGES, FileFault.TOO_MANY_PAGES)
        _SANITIZER.apply(pdf)
        _drop(pdf.Root, "/OpenAction")
        _drop(pdf.Root.get("/AcroForm"), "/XFA")  # forms with a language of their own
        pdf.save(file, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return file.getvalue()


def _drop(holder: object, key: str) -> None:
    if isinstance(holder, pikepdf.Dictionary) and key in holder:
        del holder[key]


@contextmanager
def _reading() -> Iterator[None]:
    """Broken bytes make decoders raise whatever they meet; make one fault of it."""
    try:
        yield
    except _Fault:
        raise
    except pikepdf.PasswordError as error:
        raise _Fault(FileFault.PASSWORD) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _Fault(FileFault.TOO_MANY_PIXELS) from error
    except Exception as error:
        raise _Fault(FileFault.BROKEN) from error


def _require(condition: object, fault: FileFault) -> None:
    if not condition:
        raise _Fault(fault)
