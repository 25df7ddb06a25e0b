"""Making a workbook of a big commune while its officer does something else."""

from flask_babel import gettext as _
from sqlalchemy import func

from app import access, jobs, standby
from app.jobs import Failed, Work
from app.periods import Period
from app.workbooks import WORKBOOKS, Brief, Variant, making
from models import Child, User, Village, db

KIND = "workbook.make"
#: Above so many children a workbook takes longer than somebody should wait for a page.
CHILDREN_AT_ONCE = 4_000


def is_big(user: User) -> bool:
    """Whether the commune's workbooks are made in the background."""
    count = db.session.scalar(access.visible_children(user).with_only_columns(func.count(Child.id))) or 0
    return count > CHILDREN_AT_ONCE


def ask(user: User, code: str, brief: Brief) -> str:
    """Have a workbook made; the address of the page that tells how far it is and then gives the file."""
    return jobs.address(
        jobs.enqueue(
            user,
            KIND,
            code=code,
            variant=brief.variant.value,
            period=brief.period.code,
            village=brief.village_id,
            reason=brief.reason,
            protocol=brief.protocol_id,
        )
    )


@jobs.kind(KIND)
def make_workbook(work: Work) -> None:
    """The file, kept for its owner for a day, and the trace it leaves, in one transaction."""
    code, variant = str(work.arguments["code"]), Variant(work.arguments["variant"])
    if code not in WORKBOOKS or not making.may_make(work.user, code, variant):
        raise Failed(_("Bạn không còn quyền xuất biểu này."))
    village_id, village = work.arguments["village"], None
    if village_id is not None:
        query = access.visible_villages(work.user).where(Village.id == village_id)
        village = db.session.scalars(query).one_or_none()
    work.tell(_("Đang đọc sổ và lập biểu."))
    asked = making.brief(
        work.user.commune,
        Period.read(str(work.arguments["period"])),
        variant,
        village=village,
        made_by=work.user.full_name,
        reason=work.arguments["reason"],
        protocol_id=work.arguments.get("protocol"),
    )
    try:
        made = standby.ask(lambda: making.make(code, asked))
    except making.Refused as why:
        raise Failed(str(why)) from None
    work.begin_writing()
    making.note(code, asked, made, work.user)
    work.file_name, work.content = made.name, made.content
    work.tell(_("Đã lập xong biểu, %(count)s dòng.", count=made.row_count), 1, 1)
