"""Writing a big list while its reader does something else."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app import access, jobs
from app.imports import batches
from app.imports.batches import Looked
from app.imports.bulk import Overtaken
from app.jobs import Failed, Work
from models import BatchState, ImportBatch, User, db

#: Lists with more rows are written in the background.
ROWS_AT_ONCE = 300
#: So often a list is made ready, each time without holding anybody up.
TRIES = 3
KIND = "import.apply"


def is_big(batch: ImportBatch) -> bool:
    """Whether writing a list takes longer than somebody should wait for a page."""
    totals = batch.totals
    return int(totals.get("add", 0)) + int(totals.get("change", 0)) > ROWS_AT_ONCE


@jobs.kind(KIND)
def apply_list(work: Work) -> None:
    """Write a list that was read and looked at: planned anew outside the transaction, written inside it as a whole."""
    batch_id = int(work.arguments["batch"])
    batch = _batch(work.user, batch_id)
    count = len(batch.totals) and sum(int(batch.totals.get(name, 0)) for name in ("add", "change", "same", "problem"))
    work.location = url_for("imports.show", batch_id=batch_id)
    written = _written(work, batch_id, count)
    told = _("Đã ghi danh sách vào sổ.") if written else _("Sổ đã thay đổi từ lúc đọc danh sách. Hãy xem lại rồi ghi.")
    work.tell(told, count, count)


def _written(work: Work, batch_id: int, count: int) -> bool:
    """Whether the list was written; made ready anew a few times when somebody was quicker, before others must wait for it."""
    for _attempt in range(TRIES):
        work.tell(_("Đang đọc lại danh sách và đối chiếu với sổ."), 0, count)
        batch = _batch(work.user, batch_id)
        looked = batches.look_again(work.user, batch, batches.decisions_of(batch))
        written = _write_ready(work, batch_id, looked, count)
        if written is not None:
            return written
        work.give_way()
    return _write_anew(work, batch_id, looked)


def _write_ready(work: Work, batch_id: int, looked: Looked, count: int) -> bool | None:
    """Everything made ready first, so that others wait only while plain rows go in.

    False when it would do something else than what was shown, and that is shown; None when somebody was quicker.
    """
    batch = _batch(work.user, batch_id)
    if not batches.is_as_shown(batch, looked.plan, looked.decisions):
        work.begin_writing()
        batches.keep_plan(_batch(work.user, batch_id), looked.plan, looked.decisions)
        return False
    work.tell(_("Đang chuẩn bị các dòng."), count // 3, count)
    ready = batches.make_ready(work.user, batch_id, looked)
    work.tell(_("Đang ghi vào sổ."), count * 2 // 3, count)
    work.begin_writing()
    batches.wait_for_other_lists(work.user)
    batch = _batch(work.user, batch_id)
    if batches.is_overtaken(work.user, looked):
        return None
    try:
        with db.session.begin_nested():
            batches.clear_plan(batch)
            ready.write(work.user, batch)
    except (Overtaken, IntegrityError):
        return None
    return True


def _write_anew(work: Work, batch_id: int, looked: Looked) -> bool:
    """Planned and written under the lock: slower for others, and sure."""
    work.begin_writing()
    return batches.write(work.user, _batch(work.user, batch_id), looked)


def _batch(user: User, batch_id: int) -> ImportBatch:
    """The list, still there to be written by this person."""
    if not access.may(user, "import.run"):
        raise Failed(_("Bạn không còn quyền ghi danh sách."))
    query = access.visible_batches(user).where(ImportBatch.id == batch_id)
    batch = db.session.scalars(query).unique().one_or_none()
    if batch is None or batch.state is not BatchState.READ or batch.content is None:
        raise Failed(_("Danh sách này đã được ghi hoặc đã bỏ."))
    return batch
