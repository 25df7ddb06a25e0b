"""The code lists a workbook uses: groups and sub-groups with their legal wording, risks, villages."""

from collections.abc import Iterator

from flask_babel import gettext as _

from app import access, reference
from app.workbooks import Brief, Table, computed
from models import KindLevel, db

#: List, code, wording, legal basis.
Row = tuple[str, str | None, str, str | None]


def table(brief: Brief) -> Table:
    """One table of all lists."""
    columns = (
        computed(_("Danh mục"), lambda row: row[0], 26),
        computed(_("Mã"), lambda row: row[1], 14),
        computed(_("Nội dung"), lambda row: row[2], 100),
        computed(_("Căn cứ"), lambda row: row[3], 22),
    )
    return Table(_("Danh mục mã"), _("DANH MỤC MÃ"), columns, _rows(brief), frozen=2, is_numbered=False)


def _rows(brief: Brief) -> Iterator[Row]:
    for letter, wording in reference.groups():
        yield _("Nhóm hoàn cảnh đặc biệt"), letter, wording, f"Luật Trẻ em Đ10.1.{letter}"
    kinds = db.session.scalars(access.visible_kinds(brief.reader)).all()
    for kind in kinds:
        if kind.level is KindLevel.SUBGROUP:
            yield _("Tiểu nhóm hoàn cảnh đặc biệt"), kind.code, kind.wording, kind.article
    for kind in kinds:
        if kind.level is KindLevel.RISK:
            yield _("Nguy cơ"), kind.code, kind.wording, kind.article
    for village in db.session.scalars(access.visible_villages(brief.reader)):
        yield _("Thôn"), str(village.position), village.name, None
