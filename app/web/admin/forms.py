"""Forms of the administrator."""

from datetime import date

from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.domain.errors import InvalidInput
from app.domain.invitations import PLACES
from app.domain.messages import N_, Message
from app.domain.permissions import Role
from app.domain.results import Office
from app.domain.tax_codes import check_tax_code
from app.queries.accounts import facility_of_tax_code, places_to_choose
from app.queries.invitations import PlaceName
from app.services.accounts import Invite
from app.web.fields import Form, TextField
from app.web.i18n import _, _l, in_language
from app.web.labels import choices

NAME = InputRequired(_l("Enter the full name, as it shall stand in documents."))
EMAIL = InputRequired(_l("Enter an e-mail address such as ten@example.vn."))


class PersonForm(Form):
    """A name and an address."""

    name = TextField(_l("Full name"), validators=[NAME])
    email = TextField(_l("E-mail address"), validators=[EMAIL])


class InviteForm(PersonForm):
    """Whom to invite, and where: `for_role` leaves only the fields that the role needs."""

    contest_id = SelectField(_l("Contest"), validators=[InputRequired(_l("Choose where the role holds."))])
    territory_id = SelectField(_l("Territory"))
    tax_code = TextField(_l("Tax code of the facility"))
    office = SelectField(_l("Place in the council"))
    position = TextField(_l("Post or academic title"))

    @classmethod
    def for_role(cls, role: Role, session: Session, day: date) -> "InviteForm":
        """Make the form with the choices of the day."""
        form = cls()
        places = places_to_choose(session, day)
        form.contest_id.choices = _options(places.contests)
        form.territory_id.choices = _options(places.territories)
        form.office.choices = choices(Office)
        form.office.data = form.office.data or Office.MEMBER.value
        unused = {"contest_id", "territory_id"} - set(PLACES[role])
        if role is not Role.FACILITY_USER:
            unused.add("tax_code")
        if role is not Role.COUNCIL_MEMBER:
            unused.add("office")
        if role not in (Role.JUDGE, Role.HEAD_OF_JURY, Role.COUNCIL_MEMBER):
            unused.add("position")
        for name in unused:
            del form[name]
        return form

    def command(self, role: Role, session: Session) -> Invite:
        """What was typed, as the service wants it; raise InvalidInput for a tax code that is none."""
        typed = self.data
        facility_id = self._facility(typed.get("tax_code") or "", session)
        return Invite(
            email=typed["email"],
            name=typed["name"],
            role=role,
            territory_id=_number(typed.get("territory_id")) if facility_id is None else None,
            contest_id=_number(typed.get("contest_id")),
            facility_id=facility_id,
            position=typed.get("position") or "",
            office=Office(typed["office"]) if role is Role.COUNCIL_MEMBER else None,
        )

    def _facility(self, tax_code: str, session: Session) -> int | None:
        if not tax_code:
            return None
        found = facility_of_tax_code(session, check_tax_code(tax_code).value)
        if found is None:
            raise InvalidInput({"tax_code": Message(N_("No facility is registered under this tax code."))})
        return found


def _options(places: tuple[tuple[int, PlaceName], ...]) -> list[tuple[str, str]]:
    return [("", _("– choose –")), *((str(id_), in_language(place.vi, place.en)) for id_, place in places)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
