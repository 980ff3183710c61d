"""Forms of the register of communes."""

from collections.abc import Sequence

from wtforms import FileField, RadioField, SelectField

from app.domain.territories import COMMUNES_SINCE, CommuneKind
from app.queries.communes import ProvinceRow
from app.services.communes import LARGEST_FILE, AddCommune, ImportCommunes
from app.web.fields import DayField, Form, TextField, filled_in, number_of
from app.web.i18n import _, _l
from app.web.labels import choices


class DatedForm(Form):
    """Something that holds from a day on."""

    valid_from = DayField(_l("Valid from"), validators=[filled_in], default=COMMUNES_SINCE)


class CommuneForm(DatedForm):
    """A commune to register."""

    province_id = SelectField(_l("Province or city"), coerce=number_of, validate_choice=False)
    kind = RadioField(_l("Kind"), choices=lambda: choices(CommuneKind), validate_choice=False)
    name = TextField(_l("Official name"))
    code = TextField(_l("Code"))

    def offer(self, provinces: Sequence[ProvinceRow]) -> "CommuneForm":
        """Fill the list of provinces."""
        names = [(province.id, province.full_name) for province in provinces]
        self.province_id.choices = [(0, _("Choose")), *names]
        return self

    @property
    def command(self) -> AddCommune:
        """What was typed, as the service wants it."""
        typed = self.data
        return AddCommune(
            code=typed["code"] or "",
            name=typed["name"] or "",
            kind=next((kind for kind in CommuneKind if kind == typed["kind"]), None),
            province_id=typed["province_id"],
            valid_from=typed["valid_from"],
        )


class ImportForm(DatedForm):
    """A file of communes."""

    file = FileField(_l("CSV file"))

    @property
    def command(self) -> ImportCommunes:
        """What was chosen, as the service wants it; no file is an empty one."""
        content = self.file.data.stream.read(LARGEST_FILE + 1) if self.file.data else b""
        return ImportCommunes(content, self.data["valid_from"])
