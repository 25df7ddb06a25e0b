"""Writing a big list while its reader does something else."""

from flask import url_for
from flask_babel import gettext as _

from app import access, jobs
from app.imports import batches
from app.jobs import Failed, Work
from models import BatchState, ImportBatch, User, db

#: Lists with more rows are written in the background.
ROWS_AT_ONCE = 300
KIND = "import.apply"


def is_big(batch: ImportBatch) -> bool:
    """Whether writing a list takes longer than somebody should wait for a page."""
    totals = batch.totals
    return int(totals.get("add", 0)) + int(totals.get("change", 0)) > ROWS_AT_ONCE


@jobs.kind(KIND)
def apply_list(work: Work) -> None:
    """Write a list that was read and looked at: planned anew outside the transaction, written inside it as a whole."""
    batch = _batch(work.user, int(work.arguments["batch"]))
    count = len(batch.totals) and sum(int(batch.totals.get(name, 0)) for name in ("add", "change", "same", "problem"))
    work.location = url_for("imports.show", batch_id=batch.id)
    work.tell(_("Đang đọc lại danh sách và đối chiếu với sổ."), 0, count)
    prepared = batches.look_again(work.user, batch, batches.decisions_of(batch))
    work.tell(_("Đang ghi vào sổ."), count // 2, count)
    work.begin_writing()
    batch = _batch(work.user, batch.id)
    written = batches.write(work.user, batch, prepared)
    work.tell(
        _("Đã ghi danh sách vào sổ.") if written else _("Sổ đã thay đổi từ lúc đọc danh sách. Hãy xem lại rồi ghi."),
        count,
        count,
    )


def _batch(user: User, batch_id: int) -> ImportBatch:
    """The list, still there to be written by this person."""
    if not access.may(user, "import.run"):
        raise Failed(_("Bạn không còn quyền ghi danh sách."))
    query = access.visible_batches(user).where(ImportBatch.id == batch_id)
    batch = db.session.scalars(query).unique().one_or_none()
    if batch is None or batch.state is not BatchState.READ or batch.content is None:
        raise Failed(_("Danh sách này đã được ghi hoặc đã bỏ."))
    return batch
