"""The life of an entry (sản phẩm tham gia bình chọn) until it is judged."""

from collections.abc import Iterable
from enum import StrEnum


class EntryState(StrEnum):
    """Where the dossier stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # sent back for completion, with reasons
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class EntryStage(StrEnum):
    """What a facility and the public see of an entry, from draft to certificate."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_RECOGNISED = "not_recognised"
    PROPOSED = "proposed"
    RECOGNISED = "recognised"
    CERTIFIED = "certified"


EDITABLE = frozenset({EntryState.DRAFT, EntryState.RETURNED})
REVIEWABLE = frozenset({EntryState.SUBMITTED})


class AttachmentKind(StrEnum):
    """What a file in the dossier is."""

    PHOTO = "photo"
    REGISTRATION_PAPER = "registration_paper"
    LOWER_CERTIFICATE = "lower_certificate"
    OTHER = "other"


MIN_PHOTOS = 3  # "ít nhất 03 ảnh màu": Thông tư 14/2018, dossier item 3
MAX_ATTACHMENTS = 30


def stage_of(
    state: EntryState, *, public: bool, recognised: bool | None, certified: bool, final: bool = True
) -> EntryStage:
    """What may be said of an entry: nothing of the outcome before the list is public."""
    if state is not EntryState.ACCEPTED or not public or recognised is None:
        return EntryStage(state.value)
    if certified:
        return EntryStage.CERTIFIED
    if not recognised:
        return EntryStage.NOT_RECOGNISED
    return EntryStage.RECOGNISED if final else EntryStage.PROPOSED


def next_entry_code(group: str, taken: Iterable[str]) -> str:
    """The code after the last one given in a product group; a code is never given twice.

    >>> next_entry_code("A", []), next_entry_code("B", ["B-001", "B-009"])
    ('A-001', 'B-010')
    """
    last = max((int(code.rpartition("-")[2]) for code in taken), default=0)
    return f"{group}-{last + 1:03d}"
