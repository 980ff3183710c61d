"""What forms 01 and 02 of a dossier ask: one table, with the limits of each answer.

The exact wording of the circular's forms is not copied: the questions follow what Thông tư 26/2014/TT-BCT (as
amended by 14/2018) wants to know and what its four criteria judge. What a facility or a product already says
of itself (name, tax code, address, group) is not asked again.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from app.domain.messages import N_


class DossierForm(StrEnum):
    """A part of the dossier that is filled in."""

    REGISTRATION = "registration"  # phiếu đăng ký tham gia bình chọn, Mẫu 01
    DESCRIPTION = "description"  # bản thuyết minh, mô tả giới thiệu sản phẩm, Mẫu 02
    STATEMENT = "statement"  # the facility answers for the truth of what it says (Điều 6)


class AnswerKind(StrEnum):
    """What an answer must look like."""

    TEXT = "text"
    YEAR = "year"
    COUNT = "count"
    PHONE = "phone"
    TICK = "tick"


TICKED = "yes"


@dataclass(frozen=True)
class Question:
    """One question of a form; label, hint and section are msgids. A contact is not for judges."""

    key: str
    form: DossierForm
    section: str
    label: str
    hint: str = ""
    required: bool = True
    max_length: int = 2000
    lines: int = 4
    kind: AnswerKind = AnswerKind.TEXT
    is_contact: bool = False


_FACILITY = N_("The facility")
_CONTACT = N_("Contact for this dossier")
_PRODUCT = N_("The product")
_PRODUCTION = N_("Production")
_MARKET = N_("Market and development")
_SOCIETY = N_("Economic, social and environmental effects")
_QUALITY = N_("Quality and intellectual property")
_CULTURE = N_("Culture and design")
_OTHER = N_("Other achievements")
_01, _02 = DossierForm.REGISTRATION, DossierForm.DESCRIPTION

QUESTIONS = (
    Question(
        "representative_title",
        _01,
        _FACILITY,
        N_("Position of the representative"),
        N_("For example: director, head of the household business."),
        max_length=150,
        lines=1,
    ),
    Question(
        "year_established",
        _01,
        _FACILITY,
        N_("Year of establishment"),
        N_("As on the registration paper, for example 2012."),
        kind=AnswerKind.YEAR,
        lines=1,
    ),
    Question(
        "workers",
        _01,
        _FACILITY,
        N_("Number of workers"),
        N_("Regular workers at the time of registration, as a whole number."),
        kind=AnswerKind.COUNT,
        lines=1,
    ),
    Question(
        "main_business",
        _01,
        _FACILITY,
        N_("Main lines of production and business"),
        max_length=1000,
        lines=3,
    ),
    Question(
        "contact_person",
        _01,
        _CONTACT,
        N_("Contact person"),
        N_("Only if it is not the representative."),
        required=False,
        max_length=150,
        lines=1,
        is_contact=True,
    ),
    Question(
        "contact_phone",
        _01,
        _CONTACT,
        N_("Telephone of the contact person"),
        required=False,
        kind=AnswerKind.PHONE,
        lines=1,
        is_contact=True,
    ),
    Question(
        "uses",
        _02,
        _PRODUCT,
        N_("Uses and users"),
        N_("What the product is for, and for whom."),
    ),
    Question(
        "features",
        _02,
        _PRODUCT,
        N_("Features"),
        N_("What sets it apart from similar products on the market."),
        lines=6,
    ),
    Question(
        "specifications",
        _02,
        _PRODUCT,
        N_("Sizes, packing and price"),
        N_("For a set: list the pieces in it."),
        required=False,
    ),
    Question(
        "materials",
        _02,
        _PRODUCTION,
        N_("Raw materials and their origin"),
        N_("Say how much comes from the locality, from elsewhere in the country, and from abroad."),
    ),
    Question(
        "technology",
        _02,
        _PRODUCTION,
        N_("Technology, equipment and process"),
        N_("The main steps; what is done by machine and what by hand."),
        lines=6,
    ),
    Question(
        "capacity",
        _02,
        _PRODUCTION,
        N_("Annual output"),
        N_("How much is made in a year, and how much could be. One-off pieces cannot take part."),
        lines=3,
    ),
    Question(
        "revenue",
        _02,
        _MARKET,
        N_("Revenue from the product in the last two years"),
        N_("In million đồng, year by year. For example: 2024: 1.250; 2025: 1.480."),
        max_length=1000,
        lines=3,
    ),
    Question(
        "markets",
        _02,
        _MARKET,
        N_("Markets and export"),
        N_("Where it is sold in the country; countries and value of export, or what import it replaces."),
    ),
    Question("plans", _02, _MARKET, N_("Plans to develop the product"), required=False),
    Question(
        "jobs",
        _02,
        _SOCIETY,
        N_("Jobs and income"),
        N_("Workers who make this product, their monthly income, insurance and training."),
    ),
    Question(
        "environment",
        _02,
        _SOCIETY,
        N_("Environment, work safety and food safety"),
        N_("Waste treatment, fire and work safety; for food, the food-safety papers and when they expire."),
    ),
    Question(
        "standards",
        _02,
        _QUALITY,
        N_("Quality standards and certificates"),
        N_("Declared standards, ISO, HACCP, OCOP, test results. Attach copies with the papers."),
        required=False,
    ),
    Question(
        "intellectual_property",
        _02,
        _QUALITY,
        N_("Trade mark, design, patents"),
        N_("Number and date of each registration, and how the origin can be traced."),
        required=False,
    ),
    Question(
        "design",
        _02,
        _CULTURE,
        N_("Design, packaging and cultural value"),
        N_("Form, decoration, label and packaging; tradition and identity of the locality."),
    ),
    Question(
        "awards",
        _02,
        _OTHER,
        N_("Awards and titles"),
        N_("Name, year and who gave it. Attach copies with the papers."),
        required=False,
    ),
    Question(
        "truth",
        DossierForm.STATEMENT,
        N_("Statement"),
        N_("We have read the statement and answer for the truth of this dossier"),
        max_length=3,
        kind=AnswerKind.TICK,
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}


def questions_of(form: DossierForm) -> tuple[Question, ...]:
    """The questions of one form, in its order."""
    return tuple(question for question in QUESTIONS if question.form is form)


def sections_of(form: DossierForm) -> tuple[tuple[str, tuple[Question, ...]], ...]:
    """The questions of one form under their headings (msgids)."""
    grouped = groupby(questions_of(form), key=lambda question: question.section)
    return tuple((title, tuple(questions)) for title, questions in grouped)
