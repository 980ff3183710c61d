"""Writing into the drafted minutes, signing them, opening them again, keeping the scan of the signed paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion, require
from app.domain.judging import check_reason
from app.domain.messages import N_
from app.domain.minutes import CHANGED_MEANWHILE, NOT_WHAT_WAS_READ, Signing, check_open, check_text
from app.domain.permissions import Actor, Permission
from app.models import Ballot, Contest, MinutesPart, MinutesSignature, MinutesText, User
from app.queries.polls import meeting_of
from app.queries.scope import contest_for
from app.services.files import FileStore, keep_file
from app.services.intake import CleanFile
from app.services.ledger import record
from app.services.minutes import Draft, draft_of, print_minutes, said_in_general, said_of_entries
from app.services.minutes_course import keeping, presiding
from app.services.minutes_texts import SEALED, void_signatures
from app.services.printing import letter_faults

PDF = "application/pdf"


@dataclass(frozen=True)
class EditMinutes:
    """What the secretary writes, over which version of it; `parts` is the discussion of each entry."""

    contest_id: int
    version: int
    introduction: str
    discussion: str
    conclusion: str
    parts: Mapping[int, str]


@dataclass(frozen=True)
class SignMinutes:
    """Confirm the minutes as they were read: `fingerprint` is what the page showed."""

    contest_id: int
    signing: Signing
    fingerprint: str


@dataclass(frozen=True)
class ReopenMinutes:
    """Take the signatures off, so that the minutes can be changed, and why."""

    contest_id: int
    reason: str


def part_field(entry_id: int) -> str:
    """Name of the field that holds what is said of an entry."""
    return f"part_{entry_id}"


def edit_minutes(session: Session, command: EditMinutes, *, actor: Actor, now: datetime) -> None:
    """Keep what was written; every earlier wording stays in the ledger. Who had signed alone signs again.

    Raises
    ------
    StaleVersion
        Somebody else saved since the page was opened.
    IllegalState
        Both have signed, or the ballot is still open.
    """
    contest = contest_for(session, actor, Permission.MEETING_KEEP, command.contest_id, lock=True)
    draft = draft_of(session, actor, contest.id, Permission.MEETING_KEEP)
    written = draft.written
    check_open(len(written.signatures) if written else 0)
    old, new = _texts(draft), _texts_of(command)
    if command.parts.keys() - {line.entry.row.entry_id for line in draft.page.lines}:
        raise NotFound
    changes = {name: [old.get(name, ""), text] for name, text in new.items() if old.get(name, "") != text}
    if not changes:
        return
    if command.version != (written.version if written else 0):
        raise StaleVersion(CHANGED_MEANWHILE)
    for name in changes:
        check_text(name, new[name], old.get(name, ""))
    if faults := letter_faults(**{name: new[name] for name in changes}):
        raise InvalidInput(faults)
    minutes = _written(session, contest, draft)
    minutes.introduction, minutes.conclusion = command.introduction, command.conclusion
    if "discussion" in changes:
        minutes.discussion = command.discussion
    _write_parts(minutes, command.parts, changes)
    voided = [one.name for one in minutes.signatures]
    minutes.signatures.clear()
    minutes.version += 1
    record(
        session,
        actor,
        "minutes:edit",
        minutes,
        now=now,
        contest_id=contest.id,
        changes=changes,
        voided=voided,
    )


def _texts(draft: Draft) -> dict[str, str]:
    """Every free text as the minutes have it now, by field."""
    written = draft.written
    return {
        "introduction": written.introduction if written else "",
        "discussion": said_in_general(draft.page, written),
        "conclusion": written.conclusion if written else "",
        **{part_field(entry): text for entry, text in said_of_entries(draft.page, written).items()},
    }


def _texts_of(command: EditMinutes) -> dict[str, str]:
    parts = {part_field(entry): text for entry, text in command.parts.items()}
    whole = {name: getattr(command, name) for name in ("introduction", "discussion", "conclusion")}
    return whole | parts


def _write_parts(minutes: MinutesText, parts: Mapping[int, str], changes: Mapping[str, object]) -> None:
    own = {part.entry_id: part for part in minutes.parts}
    for entry_id, text in parts.items():
        if entry_id in own:
            own[entry_id].text = text
        elif part_field(entry_id) in changes:
            minutes.parts.append(MinutesPart(entry_id=entry_id, text=text))


def sign_minutes(
    session: Session, command: SignMinutes, *, store: FileStore, actor: Actor, now: datetime
) -> MinutesText:
    """Confirm the minutes as chair or as secretary; the second confirmation freezes them.

    Raises
    ------
    NotPermitted
        Somebody else presided, or kept the minutes.
    StaleVersion
        The minutes say something else than what was read, or than what the other signed.
    """
    contest = contest_for(session, actor, Permission.MINUTES_SIGN, command.contest_id, lock=True)
    draft = draft_of(session, actor, contest.id, Permission.MINUTES_SIGN)
    meeting = meeting_of(session, contest.id)
    require(
        meeting is None or meeting.closed_at, N_("End the meeting first: its close is part of the minutes.")
    )
    if actor.user_id is None or command.signing not in may_sign(draft, actor):
        raise NotPermitted(N_("These minutes are signed by who presided and by who kept them."))
    minutes = _written(session, contest, draft)
    standing = {one.signing: one for one in minutes.signatures}
    require(command.signing not in standing, N_("This signature is there already."))
    if command.fingerprint != draft.fingerprint:
        raise StaleVersion(NOT_WHAT_WAS_READ)
    if any(one.text_sha256 != draft.fingerprint for one in standing.values()):
        raise StaleVersion(
            N_("The minutes have changed since the other signed. Open them again, and both sign.")
        )
    signature = MinutesSignature(
        signing=command.signing,
        user_id=actor.user_id,
        name=session.get_one(User, actor.user_id).name,
        signed_at=now,
        text_sha256=draft.fingerprint,
    )
    minutes.signatures.append(signature)
    session.flush()
    said: dict[str, object] = {"signing": command.signing.value, "name": signature.name}
    said["text_sha256"] = draft.fingerprint
    if len(minutes.signatures) == len(Signing):
        whole = draft_of(session, actor, contest.id, Permission.MINUTES_SIGN)
        pdf = keep_file(session, store, print_minutes(whole.confirmed), PDF, now=now)
        minutes.pdf_sha256 = pdf.sha256
        said["seals"] = {SEALED: pdf.sha256}
    record(session, actor, "minutes:sign", minutes, now=now, contest_id=contest.id, **said)
    return minutes


def may_sign(draft: Draft, actor: Actor) -> frozenset[Signing]:
    """For what this person may sign: who presided; the council's secretary, or who keeps the meeting instead."""
    leader, keeper = presiding(draft.page), keeping(draft.page)
    if leader and leader.user_id == actor.user_id:
        return frozenset({Signing.CHAIR})
    keeps = keeper.user_id == actor.user_id if keeper else draft.desk.contest.may(Permission.MEETING_KEEP)
    return frozenset({Signing.SECRETARY}) if keeps else frozenset()


def reopen_minutes(session: Session, command: ReopenMinutes, *, actor: Actor, now: datetime) -> None:
    """Take the signatures off the minutes; they can be changed, and both sign again."""
    contest = contest_for(session, actor, Permission.MEETING_KEEP, command.contest_id, lock=True)
    ballot = _closed_ballot(session, contest)
    check_reason(command.reason)
    if faults := letter_faults(reason=command.reason):
        raise InvalidInput(faults)
    is_done = void_signatures(session, ballot, command.reason, actor=actor, now=now)
    require(is_done, N_("Nobody has signed these minutes, so they can be changed as they are."))


def keep_scan(
    session: Session,
    contest_id: int,
    file: CleanFile,
    original_sha256: str,
    *,
    store: FileStore,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep a scan of the signed paper; one that was kept before stays in the store, and the ledger names it."""
    contest = contest_for(session, actor, Permission.MEETING_KEEP, contest_id, lock=True)
    draft = draft_of(session, actor, contest.id, Permission.MEETING_KEEP)
    minutes = _written(session, contest, draft)
    kept = keep_file(session, store, file.content, file.media_type, now=now)
    said = {"old": minutes.scan_sha256, "sha256": kept.sha256, "original_sha256": original_sha256}
    minutes.scan_sha256, minutes.scan_name = kept.sha256, file.name
    record(
        session, actor, "minutes:keep-scan", minutes, now=now, contest_id=contest.id, name=file.name, **said
    )


def _closed_ballot(session: Session, contest: Contest) -> Ballot:
    ballot = session.scalars(select(Ballot).where(Ballot.contest_id == contest.id)).one_or_none()
    if ballot is None or ballot.closed_at is None:
        raise IllegalState(N_("The minutes can be printed once the ballot is closed."))
    return ballot


def _written(session: Session, contest: Contest, draft: Draft) -> MinutesText:
    """The row of the minutes, made when something is first written, signed or kept."""
    if draft.written:
        return draft.written
    ballot = _closed_ballot(session, contest)
    minutes = MinutesText(
        contest_id=contest.id, ballot_id=ballot.id, version=0, parts=[], signatures=[], introduction=""
    )
    minutes.conclusion = minutes.scan_name = ""
    session.add(minutes)
    session.flush()
    return minutes
