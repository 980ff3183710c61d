"""What the ledger says of score sheets, and when its head is made known."""

from enum import StrEnum

PREVIEW = "contest:preview-as-judge"  # somebody looked at sheets as a judge sees them


class Occasion(StrEnum):
    """What a head was kept for; each is printed, shown or handed out."""

    FIRST_PASS = "first-pass-closed"  # noqa: S105 -- a pass of judges, not a password
    SCORING = "scoring-closed"
    BALLOT = "ballot-closed"  # printed on the minutes
    LIST = "list-published"  # printed on the provisional list
    DECISION = "decision-recorded"  # printed on the final list
    CERTIFICATES = "certificates-changed"
    EXPORT = "export"


class SheetSource(StrEnum):
    """Where the marks came from that somebody submitted for a judge."""

    IMPORT = "import"  # a spreadsheet
    KEYING = "keying"  # a paper sheet that two people typed
    RESTORED = "restored"  # an earlier submission of the judge's own


class SheetAct(StrEnum):
    """What can be done to a score sheet."""

    SAVE = "score-sheet:save"
    SUBMIT = "score-sheet:submit"
    REOPEN = "score-sheet:reopen"
