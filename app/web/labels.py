"""The words for every enum, in one table; and the colour that goes with a state, never alone."""

from enum import StrEnum

from flask import Flask

from app.domain.assignments import GroupMode
from app.domain.certificates import Standing
from app.domain.conflicts import ConflictKind
from app.domain.contests import ContestState
from app.domain.entries import AttachmentKind, EntryStage, EntryState
from app.domain.facilities import FacilityKind
from app.domain.judging import SheetProgress, SheetState
from app.domain.ledger import Occasion, SheetAct, SheetSource
from app.domain.mails import MailKind, MailState
from app.domain.meetings import PollBy, Presence
from app.domain.minutes import Signing
from app.domain.motions import Ground, MotionKind, MotionState
from app.domain.paper import ImportKind, ImportState, KeyingState
from app.domain.permissions import Role
from app.domain.results import Choice, Office, Outcome
from app.domain.rubrics import RubricState
from app.domain.rules import SPREAD, ContestRules, Method, PrizeBy, ThresholdOp
from app.domain.territories import CommuneKind
from app.domain.tiers import Tier
from app.domain.ties import Verdict
from app.web.i18n import _, _l, in_language

_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (Tier.COMMUNE, _l("Commune")),
    (Tier.PROVINCIAL, _l("Provincial")),
    (Tier.REGIONAL, _l("Regional")),
    (Tier.NATIONAL, _l("National")),
    (CommuneKind.COMMUNE, _l("Commune (xã)")),
    (CommuneKind.WARD, _l("Ward (phường)")),
    (CommuneKind.SPECIAL_ZONE, _l("Special zone (đặc khu)")),
    (ContestState.DRAFT, _l("Being prepared")),
    (ContestState.REGISTRATION, _l("Open for registration")),
    (ContestState.SCORING, _l("Being scored")),
    (ContestState.SCORED, _l("Scoring closed")),
    (ContestState.VOTING, _l("Council is voting")),
    (ContestState.VOTED, _l("Voted")),
    (ContestState.PROVISIONAL, _l("Provisional list published")),
    (ContestState.FINAL, _l("Final results published")),
    (EntryState.DRAFT, _l("Draft dossier")),
    (EntryState.SUBMITTED, _l("Submitted")),
    (EntryState.RETURNED, _l("Returned for completion")),
    (EntryState.ACCEPTED, _l("Accepted")),
    (EntryState.REJECTED, _l("Rejected")),
    (EntryStage.DRAFT, _l("Draft dossier")),
    (EntryStage.SUBMITTED, _l("Submitted")),
    (EntryStage.RETURNED, _l("Returned for completion")),
    (EntryStage.ACCEPTED, _l("Accepted")),
    (EntryStage.REJECTED, _l("Rejected")),
    (EntryStage.NOT_RECOGNISED, _l("Not recognised")),
    (EntryStage.PROPOSED, _l("Proposed for recognition")),
    (EntryStage.RECOGNISED, _l("Recognised")),
    (EntryStage.CERTIFIED, _l("Certified")),
    (AttachmentKind.PHOTO, _l("Photo")),
    (AttachmentKind.REGISTRATION_PAPER, _l("Business registration")),
    (AttachmentKind.LOWER_CERTIFICATE, _l("Certificate of the lower tier")),
    (AttachmentKind.OTHER, _l("Other paper")),
    (FacilityKind.ENTERPRISE, _l("Enterprise")),
    (FacilityKind.COOPERATIVE, _l("Cooperative")),
    (FacilityKind.COOPERATIVE_GROUP, _l("Cooperative group")),
    (FacilityKind.HOUSEHOLD, _l("Household business")),
    (SheetState.DRAFT, _l("Draft")),
    (SheetState.SUBMITTED, _l("Submitted")),
    (SheetState.REOPENED, _l("Reopened")),
    (SheetProgress.EMPTY, _l("Not begun")),
    (SheetProgress.PARTIAL, _l("Incomplete")),
    (SheetProgress.COMPLETE, _l("Complete, not submitted")),
    (SheetProgress.REOPENED, _l("Reopened")),
    (SheetProgress.SUBMITTED, _l("Submitted")),
    (Role.ADMINISTRATOR, _l("Administrator")),
    (Role.ORGANISER, _l("Organiser")),
    (Role.OBSERVER, _l("Observer")),
    (Role.HEAD_OF_JURY, _l("Head of jury")),
    (Role.JUDGE, _l("Judge")),
    (Role.COUNCIL_MEMBER, _l("Council member")),
    (Role.FACILITY_USER, _l("Facility")),
    (Office.CHAIR, _l("Chair")),
    (Office.DEPUTY, _l("Deputy chair")),
    (Office.MEMBER, _l("Member")),
    (Office.SECRETARY, _l("Secretary")),
    (SheetAct.SAVE, _l("Saved")),
    (SheetAct.SUBMIT, _l("Sheet submitted")),
    (SheetAct.REOPEN, _l("Reopened by the head of jury")),
    (SheetSource.IMPORT, _l("taken over from a file")),
    (SheetSource.KEYING, _l("typed from a paper sheet")),
    (SheetSource.RESTORED, _l("an earlier submission restored")),
    (Occasion.FIRST_PASS, _l("First pass closed")),
    (Occasion.SCORING, _l("Scoring closed, result computed")),
    (Occasion.BALLOT, _l("Ballot closed (on the minutes)")),
    (Occasion.LIST, _l("Provisional list (printed on it)")),
    (Occasion.DECISION, _l("Final list (printed on it)")),
    (Occasion.CERTIFICATES, _l("Certificates issued, replaced or revoked")),
    (Occasion.EXPORT, _l("Bundle downloaded")),
    (Choice.YES, _l("Yes")),
    (Choice.NO, _l("No")),
    (Choice.ABSTAIN, _l("Abstain")),
    (PollBy.DEVICE, _l("Vote on devices")),
    (PollBy.HANDS, _l("Vote by raised hands")),
    (Verdict.CARRIED, _l("Carried")),
    (Verdict.LOST, _l("Not carried")),
    (Verdict.MAJORITY, _l("Majority, the tie not parted yet")),
    (Presence.PRESENT, _l("Present")),
    (Presence.LEFT, _l("Left")),
    (Presence.ABSENT, _l("Absent")),
    (Signing.CHAIR, _l("Who presided")),
    (Signing.SECRETARY, _l("Secretary")),
    (MotionKind.MERGE, _l("Join products into a set")),
    (MotionKind.SPLIT, _l("Split a set")),
    (MotionKind.ADD, _l("Add products to the ballot")),
    (MotionKind.LEAVE_OUT, _l("Leave products out of the ballot")),
    (MotionKind.PRIZE, _l("Settle a prize")),
    (MotionKind.PLACES, _l("Number of places of a tie")),
    (MotionKind.NOMINATE, _l("Number to nominate")),
    (Ground.USE, _l("Same use")),
    (Ground.MATERIAL, _l("Same raw material")),
    (Ground.DESIGN, _l("Same design")),
    (MotionState.OPEN, _l("Being voted on")),
    (MotionState.CARRIED, _l("Carried")),
    (MotionState.LOST, _l("Not carried")),
    (MotionState.WITHDRAWN, _l("Withdrawn")),
    (Outcome.NOT_SCORED, _l("Not scored")),
    (Outcome.NOT_ADVANCED, _l("Did not go on to the second pass")),
    (Outcome.BELOW, _l("Below the threshold")),
    (Outcome.REACHED, _l("Reached, outside the quota")),
    (Outcome.TIED, _l("Tied at the cut")),
    (Outcome.SELECTED, _l("Selected")),
    (Standing.VALID, _l("Valid")),
    (Standing.EXPIRED, _l("Expired")),
    (Standing.REPLACED, _l("Replaced by a newer certificate")),
    (Standing.REVOKED, _l("Revoked")),
    (Method.MEAN, _l("Mean of all sheets")),
    (Method.TRIMMED, _l("Mean without the lowest and highest")),
    (Method.MEDIAN, _l("Median")),
    (Method.WITHOUT_OUTLIERS, _l("Mean without outliers")),
    (ThresholdOp.GE, _l("the threshold or more")),
    (ThresholdOp.GT, _l("more than the threshold")),
    (PrizeBy.RANK, _l("By rank: the first so many")),
    (PrizeBy.BAND, _l("By points: from so many points")),
    (RubricState.DRAFT, _l("Being written")),
    (RubricState.PUBLISHED, _l("In use")),
    (ImportState.UPLOADED, _l("Waiting to be checked")),
    (ImportState.APPLIED, _l("Taken over")),
    (ImportState.DISCARDED, _l("Discarded")),
    (ImportKind.NEW, _l("To be submitted")),
    (ImportKind.CHANGED, _l("To replace marks that came from outside before")),
    (ImportKind.EQUAL, _l("Submitted already with the same marks")),
    (KeyingState.NONE, _l("Not typed yet")),
    (KeyingState.ONCE, _l("Typed once")),
    (KeyingState.DIFFERENT, _l("Typings differ")),
    (KeyingState.DONE, _l("Submitted")),
    (KeyingState.OWN, _l("Filled in by the judge")),
    (KeyingState.ASIDE, _l("Not scored by this judge")),
    (MailKind.REMINDER, _l("Reminder")),
    (MailKind.READY, _l("Word to the organiser")),
    (MailState.QUEUED, _l("Waits to be sent")),
    (MailState.SENDING, _l("On its way")),
    (MailState.SENT, _l("Sent")),
    (MailState.BY_HAND, _l("Sent by hand")),
    (MailState.FAILED, _l("Not delivered")),
    (MailState.CANCELLED, _l("Cancelled")),
    (GroupMode.PREFER, _l("are preferred: a judge gets others only where nobody else can score")),
    (GroupMode.LIMIT, _l("are a limit: a judge gets no others")),
    (GroupMode.NONE, _l("do not matter")),
    (ConflictKind.OWN_FACILITY, _l("Works for the facility")),
    (ConflictKind.EMPLOYER, _l("Same name of employer")),
    (ConflictKind.TAX_CODE, _l("Same tax code")),
    (ConflictKind.DECLARED, _l("Named by the judge")),
    (ConflictKind.REPRESENTATIVE, _l("Same name as the representative")),
    (ConflictKind.ADDRESS, _l("Same address")),
    (ConflictKind.FAMILY, _l("Same family name and locality")),
)

_TONES: tuple[tuple[StrEnum, str], ...] = (
    (ContestState.REGISTRATION, "info"),
    (ContestState.SCORING, "info"),
    (ContestState.VOTING, "info"),
    (ContestState.PROVISIONAL, "warning"),
    (ContestState.FINAL, "success"),
    (EntryState.SUBMITTED, "info"),
    (EntryState.RETURNED, "warning"),
    (EntryState.ACCEPTED, "success"),
    (EntryState.REJECTED, "danger"),
    (EntryStage.SUBMITTED, "info"),
    (EntryStage.RETURNED, "warning"),
    (EntryStage.ACCEPTED, "info"),
    (EntryStage.REJECTED, "danger"),
    (EntryStage.PROPOSED, "info"),
    (EntryStage.RECOGNISED, "success"),
    (EntryStage.CERTIFIED, "success"),
    (SheetState.SUBMITTED, "success"),
    (SheetState.REOPENED, "warning"),
    (SheetProgress.PARTIAL, "warning"),
    (SheetProgress.COMPLETE, "info"),
    (SheetProgress.REOPENED, "warning"),
    (SheetProgress.SUBMITTED, "success"),
    (Verdict.CARRIED, "success"),
    (Verdict.LOST, "danger"),
    (Verdict.MAJORITY, "warning"),
    (Presence.PRESENT, "success"),
    (Presence.LEFT, "warning"),
    (MotionState.OPEN, "info"),
    (MotionState.CARRIED, "success"),
    (MotionState.LOST, "danger"),
    (Outcome.NOT_SCORED, "warning"),
    (Outcome.NOT_ADVANCED, "danger"),
    (Outcome.BELOW, "danger"),
    (Outcome.REACHED, "info"),
    (Outcome.TIED, "warning"),
    (Outcome.SELECTED, "success"),
    (RubricState.PUBLISHED, "success"),
    (ImportState.UPLOADED, "warning"),
    (ImportState.APPLIED, "success"),
    (KeyingState.ONCE, "info"),
    (KeyingState.DIFFERENT, "warning"),
    (KeyingState.DONE, "success"),
    (MailState.QUEUED, "warning"),
    (MailState.SENDING, "info"),
    (MailState.SENT, "success"),
    (MailState.BY_HAND, "success"),
    (MailState.FAILED, "danger"),
    (Standing.VALID, "success"),
    (Standing.EXPIRED, "warning"),
    (Standing.REPLACED, "warning"),
    (Standing.REVOKED, "danger"),
)

# Members of different enums with the same value are equal as strings, so the class is part of the key.
LABELS = {(type(member), member.value): text for member, text in _LABELS}
TONES = {(type(member), member.value): text for member, text in _TONES}


def label(member: StrEnum) -> str:
    """The word for a member of any of our enums, in the reader's language."""
    return str(LABELS[type(member), member.value])


def tone(member: StrEnum) -> str:
    """The colour of a state's badge."""
    return TONES.get((type(member), member.value), "secondary")


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Value and word of every member, for a list to choose from."""
    return [(member.value, label(member)) for member in kind]


def prize_name(code: str | None, rules: ContestRules) -> str:
    """The name of a class of prize; a dash for none."""
    if code is None:
        return "–"
    prize = rules.prize(code)
    return in_language(prize.name_vi, prize.name_en)


def decided_by(code: str | None, rules: ContestRules) -> str:
    """What set an entry apart from its neighbours in the ranking: "value", a criterion, "spread" or "tie"."""
    if code is None:
        return "–"
    words = {
        "value": _("Average"),
        SPREAD: _("Smaller spread of the totals"),
        "tie": _("Nothing: still equal"),
    }
    if code in words:
        return words[code]
    criterion = rules.criterion(code)
    return _("Average of “%(criterion)s”", criterion=in_language(criterion.name_vi, criterion.name_en))


def pass_name(number: int) -> str:
    """What a pass of scoring is called."""
    names = {1: _("Pass 1 – dossiers"), 2: _("Pass 2 – site visits")}
    return names[number]


def init_labels(app: Flask) -> None:
    """Make them known to the templates."""
    app.jinja_env.filters["label"] = label
    app.jinja_env.filters["tone"] = tone
    app.jinja_env.filters["pass_name"] = pass_name
    app.jinja_env.globals["decided_by"] = decided_by
    app.jinja_env.globals["prize_name"] = prize_name
