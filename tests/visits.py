"""Site visits for tests, written straight to the tables."""

from datetime import date

from app.models import Entry, SiteVisit, SiteVisitPhoto
from app.services.files import FileStore, keep_file
from tests.builders import NOW, World
from tests.uploads import picture


def visit(
    world: World,
    entry: Entry,
    findings: str = "Xưởng sạch,\nđủ mẫu lưu.",
    photos: tuple[str, ...] = (),
    visited_on: date = date(2026, 5, 12),
) -> SiteVisit:
    """A visit of an entry with photos of these names."""
    store = FileStore(world.files_dir)
    with world.session() as session:
        row = SiteVisit(
            entry_id=entry.id,
            visited_on=visited_on,
            visitors="Ban giám khảo",
            findings=findings,
            recorded_at=NOW,
            photos=[
                SiteVisitPhoto(
                    file_sha256=keep_file(session, store, picture(colour), "image/jpeg", now=NOW).sha256,
                    name=name,
                    added_at=NOW,
                )
                for name, colour in zip(photos, COLOURS, strict=False)
            ],
        )
        session.add(row)
    return row


COLOURS = ("seagreen", "goldenrod", "steelblue")
