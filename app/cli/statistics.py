"""`binhchon statistics`: the sentences of an annual report, from the tables."""

import click
from sqlalchemy.orm import Session

from app.config import Settings
from app.installation import open_installation
from app.queries.statistics import sentence
from app.queries.statistics import statistics as statistics_of


@click.command()
@click.option("--year", type=int, help="Only this year.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language.")
def statistics(year: int | None, lang: str) -> None:
    """Print one sentence for each contest whose results are public."""
    engine = open_installation(Settings.from_env())
    with Session(engine) as session:
        rows = [row for row in statistics_of(session) if year in (None, row.year)]
    engine.dispose()
    for row in rows:
        click.echo(sentence(row, lang) + ("" if not row.is_example else EXAMPLE[lang]))
    if not rows:
        click.echo(NOTHING[lang])


EXAMPLE = {"vi": "  (ví dụ)", "en": "  (example)"}
NOTHING = {"vi": "Chưa có đợt bình chọn nào công bố kết quả.", "en": "No contest has published results yet."}
