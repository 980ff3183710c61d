"""The tables. Import them from here, so that all are known together."""

from app.models.base import Base
from app.models.contests import (
    Attachment,
    Contest,
    Criterion,
    Entry,
    Nomination,
    Qualification,
    RubricVersion,
    StoredFile,
)
from app.models.facilities import Facility, Product, ProductGroup
from app.models.judging import Discussion, Judge, JudgeGroup, KeptForm, Mark, Recusal, ScoreSheet, SheetSave
from app.models.ledger import LedgerEvent, LedgerHead, LedgerLeaf
from app.models.mails import Mail
from app.models.meetings import (
    Attendance,
    Meeting,
    MinutesPart,
    MinutesSignature,
    MinutesText,
    Poll,
    PollItem,
    Remark,
)
from app.models.paper import KeyedSheet, SheetImport
from app.models.people import Invitation, Membership, SignInAttempt, User
from app.models.results import (
    Ballot,
    BallotItem,
    CertificateRegister,
    Computation,
    CouncilMember,
    Decision,
    IssuedCertificate,
    Result,
    Vote,
    WithdrawnList,
)
from app.models.statements import ConflictAnswer, ImpartialityStatement
from app.models.territories import Organiser, RegionMembership, Territory, TerritorySuccession
from app.models.visits import SiteVisit, SiteVisitPhoto

__all__ = [
    "Attachment",
    "Attendance",
    "Ballot",
    "BallotItem",
    "Base",
    "CertificateRegister",
    "Computation",
    "ConflictAnswer",
    "Contest",
    "CouncilMember",
    "Criterion",
    "Decision",
    "Discussion",
    "Entry",
    "Facility",
    "ImpartialityStatement",
    "Invitation",
    "IssuedCertificate",
    "Judge",
    "JudgeGroup",
    "KeptForm",
    "KeyedSheet",
    "LedgerEvent",
    "LedgerHead",
    "LedgerLeaf",
    "Mail",
    "Mark",
    "Meeting",
    "Membership",
    "MinutesPart",
    "MinutesSignature",
    "MinutesText",
    "Nomination",
    "Organiser",
    "Poll",
    "PollItem",
    "Product",
    "ProductGroup",
    "Qualification",
    "Recusal",
    "RegionMembership",
    "Remark",
    "Result",
    "RubricVersion",
    "ScoreSheet",
    "SheetImport",
    "SheetSave",
    "SignInAttempt",
    "SiteVisit",
    "SiteVisitPhoto",
    "StoredFile",
    "Territory",
    "TerritorySuccession",
    "User",
    "Vote",
    "WithdrawnList",
]
