"""Who may do what. A route names one Permission; which record it applies to is decided in the query."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.results import Office


class Role(StrEnum):
    """What a person is, somewhere: in a territory, a contest or a facility."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    OBSERVER = "observer"
    HEAD_OF_JURY = "head_of_jury"
    JUDGE = "judge"
    COUNCIL_MEMBER = "council_member"
    FACILITY_USER = "facility_user"


class Permission(StrEnum):
    """`<resource>:<action>`, alphabetical."""

    ACCOUNT_ADMINISTER = "account:administer"
    BALLOT_MANAGE = "ballot:manage"
    BALLOT_VOTE = "ballot:vote"
    CERTIFICATE_ISSUE = "certificate:issue"
    CONTEST_EDIT = "contest:edit"
    CONTEST_VIEW = "contest:view"
    DISCUSSION_SETTLE = "discussion:settle"
    ENTRY_EDIT = "entry:edit"
    ENTRY_NOMINATE = "entry:nominate"
    ENTRY_REVIEW = "entry:review"
    FACILITY_INVITE = "facility:invite"
    JURY_APPOINT = "jury:appoint"
    MAIL_SEND = "mail:send"
    MEETING_KEEP = "meeting:keep"
    MINUTES_SIGN = "minutes:sign"
    RESULTS_PUBLISH = "results:publish"
    RESULTS_VIEW = "results:view"
    SCORE_SHEET_EDIT = "score-sheet:edit"
    SCORE_SHEET_REOPEN = "score-sheet:reopen"
    SCORING_MANAGE = "scoring:manage"
    SITE_VISIT_RECORD = "site-visit:record"
    TERRITORY_EDIT = "territory:edit"


_P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    # An administrator keeps accounts and territories and reads no mark: whoever runs the machine does not judge.
    Role.ADMINISTRATOR: frozenset({_P.ACCOUNT_ADMINISTER, _P.TERRITORY_EDIT}),
    Role.ORGANISER: frozenset(
        {
            _P.BALLOT_MANAGE,
            _P.CERTIFICATE_ISSUE,
            _P.CONTEST_EDIT,
            _P.CONTEST_VIEW,
            _P.DISCUSSION_SETTLE,
            _P.ENTRY_NOMINATE,
            _P.ENTRY_REVIEW,
            _P.FACILITY_INVITE,
            _P.JURY_APPOINT,
            _P.MAIL_SEND,
            _P.MEETING_KEEP,
            _P.MINUTES_SIGN,
            _P.RESULTS_PUBLISH,
            _P.RESULTS_VIEW,
            _P.SCORING_MANAGE,
            _P.SITE_VISIT_RECORD,
        }
    ),
    Role.OBSERVER: frozenset({_P.CONTEST_VIEW, _P.RESULTS_VIEW}),
    Role.HEAD_OF_JURY: frozenset(
        {_P.DISCUSSION_SETTLE, _P.MAIL_SEND, _P.SCORE_SHEET_REOPEN, _P.SITE_VISIT_RECORD}
    ),
    Role.JUDGE: frozenset({_P.SCORE_SHEET_EDIT}),
    Role.COUNCIL_MEMBER: frozenset({_P.BALLOT_VOTE, _P.MINUTES_SIGN, _P.RESULTS_VIEW}),
    Role.FACILITY_USER: frozenset({_P.ENTRY_EDIT}),
}
# What a member of the council may do beyond the others, by office.
OFFICE_GRANTS: dict[Office, frozenset[Permission]] = {Office.SECRETARY: frozenset({_P.MEETING_KEEP})}


@dataclass(frozen=True)
class Grant:
    """One role of one person, and where it holds."""

    role: Role
    territory_ids: frozenset[int] = frozenset()
    contest_id: int | None = None
    facility_id: int | None = None
    office: Office | None = None  # in a council

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it allows, there."""
        return GRANTS[self.role] | (
            OFFICE_GRANTS.get(self.office, frozenset()) if self.office else frozenset()
        )


@dataclass(frozen=True)
class Actor:
    """The person who acts. `SYSTEM` acts for commands run on the machine itself."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = field(default=())

    def may(self, permission: Permission) -> bool:
        """Whether any role of this person allows it, somewhere."""
        return any(permission in grant.permissions for grant in self.grants)

    def territories(self, permission: Permission) -> frozenset[int]:
        """Territories in which this person may do it."""
        return frozenset().union(*(g.territory_ids for g in self._with(permission)))

    def contests(self, permission: Permission) -> frozenset[int]:
        """Contests in which this person, by a role in the contest itself, may do it."""
        return frozenset(g.contest_id for g in self._with(permission) if g.contest_id is not None)

    def facilities(self, permission: Permission) -> frozenset[int]:
        """Facilities for which this person may do it."""
        return frozenset(g.facility_id for g in self._with(permission) if g.facility_id is not None)

    def has_role(self, role: Role) -> bool:
        """Whether this person holds the role anywhere."""
        return any(grant.role is role for grant in self.grants)

    def _with(self, permission: Permission) -> list[Grant]:
        return [grant for grant in self.grants if permission in grant.permissions]


SYSTEM = Actor(user_id=None, name="system")
