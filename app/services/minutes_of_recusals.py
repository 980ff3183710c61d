"""What the minutes say of judges who did not score a product, in Vietnamese."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.entries import EntryState
from app.domain.vietnamese import as_sentence, person_sort_key
from app.models import Entry, Judge, Recusal, User
from app.queries.people import name_on_jury
from app.queries.progress import code_key
from certificates import foreign_letters


def recusals_in_words(session: Session, contest_id: int) -> Iterator[str]:
    """One sentence for each recusal with its reason, by entry code and judge."""
    rows = session.execute(
        select(Entry.code, name_on_jury(), Recusal.reason)
        .select_from(Recusal)
        .join(Judge, Judge.id == Recusal.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == Recusal.entry_id)
        .where(Judge.contest_id == contest_id, Entry.state == EntryState.ACCEPTED)
    )
    found = [(code or "", name, _printable(reason)) for code, name, reason in rows]
    for code, name, reason in sorted(found, key=lambda row: (code_key(row[0]), person_sort_key(row[1]))):
        yield f"Giám khảo {name} không tham gia chấm sản phẩm {code}. Lý do: {as_sentence(reason)}"


def _printable(reason: str) -> str:
    """A reason in one line; of one from before letters were checked, those that can be printed."""
    foreign = foreign_letters(reason)
    return " ".join("".join(letter for letter in reason if letter not in foreign).split())
