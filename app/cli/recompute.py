"""`binhchon recompute`: every kept result once more from the frozen rules and the sheets, without storing."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.refusals import Refusal
from app.config import Settings
from app.domain.contests import ContestState
from app.installation import open_installation
from app.models import Contest
from app.services.recomputing import Difference, Recomputed, Value, recompute

OPEN = (ContestState.DRAFT, ContestState.REGISTRATION)
WORDS = {
    "sheets": "số phiếu hợp lệ",
    "numerator": "tử số",
    "denominator": "mẫu số",
    "rank": "hạng",
    "outcome": "kết quả",
    "decided_by": "căn cứ xếp hạng",
    "spread": "độ lệch",
    "prize": "hạng giải",
    "prize_tied": "đồng hạng ở ranh giới giải",
    "rules_digest": "SHA-256 của quy tắc",
    "inputs_digest": "SHA-256 của điểm",
}


@click.command("recompute")
@click.argument("contest", required=False)
@click.option("--all", "everything", is_flag=True, help="Every contest that has a result.")
def recompute_command(contest: str | None, *, everything: bool) -> None:
    """Compute the results of CONTEST (its address, such as lam-dong-2026) again; exit code 1 if any byte differs."""
    if (contest is None) is not everything:
        raise Refusal("Hãy ghi tên một đợt bình chọn (như lam-dong-2026) hoặc --all.")
    engine = open_installation(Settings.from_env())
    try:
        with Session(engine) as session:
            found = _contests(session, contest)
            faults = sum(_report(one, recompute(session, one)) for one in found)
    finally:
        engine.dispose()
    sys.exit(1 if faults else 0)


def _contests(session: Session, slug: str | None) -> list[Contest]:
    statement = select(Contest).order_by(Contest.year, Contest.slug)
    if slug is None:
        return list(session.scalars(statement.where(Contest.state.not_in(OPEN))))
    contest = session.scalars(statement.where(Contest.slug == slug)).one_or_none()
    if contest is None:
        raise Refusal(f"Không có đợt bình chọn nào tên {slug}.")
    return [contest]


def _report(contest: Contest, results: tuple[Recomputed, ...]) -> int:
    if not results:
        click.echo(f"{contest.slug}: chưa có kết quả nào để tính lại")
    for result in results:
        head = f"{contest.slug}: vòng {result.pass_no}, lần tính {result.version}"
        if result.is_identical:
            click.echo(f"{head}: giống hệt từng byte (SHA-256 {result.digest})")
        elif result.refusal is not None:
            click.echo(f"{head}: KHÔNG TÍNH LẠI ĐƯỢC: có phiếu hợp lệ thiếu điểm")
        else:
            click.echo(f"{head}: KHÁC ở {len(result.differences)} chỗ")
        for difference in result.differences:
            click.echo(f"  {_line(difference)}")
    return sum(not result.is_identical for result in results)


def _line(difference: Difference) -> str:
    said = f"{WORDS[difference.field]}: đã lưu {_value(difference.stored)}, tính lại {_value(difference.now)}"
    return f"{difference.entry}: {said}" if difference.entry else said


def _value(value: Value) -> str:
    return "–" if value is None else str(value)
