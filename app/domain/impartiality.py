"""The wording of the impartiality statement. The Vietnamese text is the one of record; older versions stay readable."""

from dataclasses import dataclass
from typing import Final

from app.domain.errors import IllegalState
from app.domain.messages import N_, Message

LONGEST_LINKS: Final = 2000


class StatementMissing(IllegalState):
    """A judge who has not yet signed the impartiality statement of the contest."""

    default = N_(
        "Sign the impartiality statement of this contest first; you find it on the page of your score sheets. "
        "Nothing was saved."
    )


@dataclass(frozen=True)
class Wording:
    """One version of the statement, paragraph by paragraph, in both languages."""

    vi: tuple[str, ...]
    en: tuple[str, ...]


WORDINGS: Final[dict[str, Wording]] = {
    "2026-1": Wording(
        vi=(
            "Tôi được cử làm giám khảo của đợt bình chọn này và cam kết:",
            (
                "1. Chấm điểm trung thực, khách quan, công bằng, chỉ căn cứ vào hồ sơ, sản phẩm và bộ tiêu chí đã "
                "công bố; tự mình cho điểm, không để người khác tác động."
            ),
            (
                "2. Không chấm sản phẩm của cơ sở mà tôi hoặc người thân thích của tôi (vợ, chồng; cha, mẹ; con; "
                "anh, chị, em ruột) là chủ, người góp vốn, người quản lý, người lao động, người tư vấn hoặc có "
                "quan hệ mua bán, vay mượn trong ba năm gần đây. Gặp sản phẩm như vậy, tôi khai báo ngay và không "
                "tham gia chấm."
            ),
            "3. Không nhận tiền, quà hoặc lợi ích khác của cơ sở tham gia bình chọn.",
            (
                "4. Không tiết lộ điểm và ý kiến chấm, không sử dụng tài liệu trong hồ sơ vào việc khác khi kết quả "
                "chưa được công bố."
            ),
            "Những điều khai dưới đây là đúng sự thật. Tôi chịu trách nhiệm về cam kết này.",
        ),
        en=(
            "I have been appointed a judge of this contest and state:",
            (
                "1. I score honestly, objectively and fairly, by nothing but the dossier, the product and the "
                "published criteria; I give my marks myself and let nobody influence them."
            ),
            (
                "2. I do not score a product of a facility that I or a close relative of mine (spouse, parents, "
                "children, brothers and sisters) own, have a share in, manage, work for or advise, or have traded "
                "with, lent to or borrowed from in the last three years. If I meet such a product, I declare it at "
                "once and stand aside."
            ),
            "3. I take no money, gift or other advantage from a facility that takes part.",
            (
                "4. Until the result is public I tell nobody marks or opinions, and I use the papers of the dossiers "
                "for nothing else."
            ),
            "What I declare below is true. I answer for this statement.",
        ),
    ),
}
CURRENT: Final = "2026-1"


def statement_faults(links: str, *, agreed: bool) -> dict[str, Message]:
    """What keeps a statement from being taken, by field: it was not agreed to, or its list of links is too long."""
    faults: dict[str, Message] = {}
    if not agreed:
        faults["agreed"] = Message(N_("Tick that you have read the statement and agree to it."))
    if len(links) > LONGEST_LINKS:
        text = N_("At most %(most)d characters; there are %(length)d.")
        faults["links"] = Message(text, {"most": LONGEST_LINKS, "length": len(links)})
    return faults
