"""Take the pictures of docs/pictures from a made-up commune: `make screenshots`. Everybody on them is invented."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models import Case, db
from tests.browser import made_up
from tests.browser.conftest import OFFICE, PHONE

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"

#: (file, who, window, address).
PICTURES = (
    ("work-officer", "canbo", OFFICE, "/"),
    ("caseload-officer", "canbo", OFFICE, "/cases/"),
    ("case-officer", "canbo", OFFICE, "/cases/{case}"),
    ("review-officer", "canbo", OFFICE, "/review/"),
    ("figures-officer", "canbo", OFFICE, "/figures/"),
    ("dashboard-leader", "lanhdao", OFFICE, "/dashboard/"),
    ("villages-officer", "canbo", OFFICE, "/villages/"),
    ("help-collaborator", "ctv", PHONE, "/help/"),
    ("work-phone", "ctv", PHONE, "/"),
    ("children-phone", "ctv", PHONE, "/children/"),
    ("concern-phone", "ctv", PHONE, "/cases/concerns/new"),
)


def main() -> None:
    """Photograph the pages of a made-up commune."""
    FOLDER.mkdir(exist_ok=True)
    with made_up.commune() as place:
        with place.app.app_context():
            case = db.session.scalars(db.select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.id)).first()
            db.session.remove()
        for name, username, window, path in PICTURES:
            page = place.signed_in(username, viewport=window)
            page.goto(path.format(case=case))
            page.screenshot(path=FOLDER / f"{name}.png")
            page.context.close()


if __name__ == "__main__":
    main()
