"""Making a workbook for somebody: what may be asked of it, its file, and the trace it leaves.

A workbook is an official paper: it is Vietnamese whatever language its maker reads.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, gettext as _

from app import access, audit, clock
from app.periods import Period
from app.workbooks import WORKBOOKS, Brief, Variant, cover, file, workbook
from models import Commune, Export, User, Village, db

#: The workbook the superior office may fetch.
FOR_VIEWERS = "district"


class Refused(Exception):
    """A workbook that cannot be made as asked; the text says why."""


@dataclass(frozen=True)
class Made:
    """A finished file."""

    name: str
    content: bytes
    row_count: int
    #: The keys of the children its rows tell of.
    children: frozenset[int]

    @property
    def sha256(self) -> str:
        """The hash of the file."""
        return hashlib.sha256(self.content).hexdigest()


def offered(user: User) -> list[str]:
    """The codes of the workbooks somebody may make."""
    if access.sees_whole_commune(user):
        return [code for code in WORKBOOKS if any(may_make(user, code, variant) for variant in variants(code))]
    return [FOR_VIEWERS] if access.may(user, "workbook.download") else []


def variants(code: str) -> tuple[Variant, ...]:
    """The variants a workbook comes in."""
    found: tuple[Variant, ...] = workbook(code).VARIANTS
    return found


def may_make(user: User, code: str, variant: Variant) -> bool:
    """Whether somebody may make this variant: names by permission, a superior office only the coded district workbook."""
    if not access.may(user, "workbook.download") or variant not in variants(code):
        return False
    if variant is Variant.NAMED:
        return access.may(user, "workbook.named")
    return access.sees_whole_commune(user) or (code == FOR_VIEWERS and variant is Variant.CODED)


def takes_village(code: str) -> bool:
    """Whether a workbook may be narrowed to one village; the superior office's and the blank one are the commune's."""
    return code not in (FOR_VIEWERS, "import-template")


def brief(
    commune: Commune,
    period: Period,
    variant: Variant,
    *,
    village: Village | None = None,
    made_by: str | None = None,
    reason: str | None = None,
    protocol_id: int | None = None,
) -> Brief:
    """What is asked for, as of now."""
    return Brief(
        commune=commune,
        period=period,
        on=period.counted_on(clock.today()),
        made_at=clock.now(),
        variant=variant,
        village=village,
        made_by=made_by,
        reason=reason,
        protocol_id=protocol_id,
    )


def make(code: str, asked: Brief) -> Made:
    """The file. Raises Refused where the workbook has no such variant or the period has not begun."""
    if asked.variant not in variants(code):
        raise Refused(_("Biểu này không có bản “%(variant)s”.", variant=str(asked.variant.label)))
    if asked.period.first > clock.today():
        raise Refused(_("Kỳ này chưa bắt đầu."))
    with force_locale("vi"):
        sheets = workbook(code).sheets(asked)
        written = file.write(sheets, asked.variant, lines_of(asked)) if sheets else None
    if written is None:
        raise Refused(_("Xã chưa có thôn nào."))
    return Made(file_name(code, asked), written.content, written.row_count, written.children)


def lines_of(asked: Brief) -> list[str]:
    """What stands under every title: whose, of when, how secret."""
    told = [asked.commune.name, asked.period.label, _("tính đến %(day)s", day=f"{asked.on:%d/%m/%Y}")]
    if asked.village:
        told.insert(1, asked.village.name)
    return [" – ".join(told), *cover.confidentiality(asked)]


def file_name(code: str, asked: Brief) -> str:
    """A name that tells of nobody: bieu-gui-cap-tren-2026-11-23.xlsx."""
    kind = {Variant.CODED: "", Variant.NAMED: "-co-ten", Variant.PUBLIC: "-cong-khai"}[asked.variant]
    return f"{workbook(code).FILE_NAME}{kind}-{clock.local_date(asked.made_at):%Y-%m-%d}.xlsx"


def note(code: str, asked: Brief, made: Made, user: User | None, **filters: Any) -> Export:
    """Write down who took what: the log of downloads and the audit trail (NĐ 56/2017 Đ24.3). The caller commits."""
    export = Export(
        commune_id=asked.commune.id,
        user_id=user.id if user else None,
        at=asked.made_at,
        workbook=code,
        variant=asked.variant.value,
        filters={"period": asked.period.code, **({"village": asked.village.id} if asked.village else {}), **filters},
        row_count=made.row_count,
        sha256=made.sha256,
        reason=asked.reason,
        protocol_id=asked.protocol_id if asked.variant is Variant.NAMED else None,
    )
    db.session.add(export)
    audit.record(
        "workbook_exported",
        user,
        commune_id=asked.commune.id,
        workbook=code,
        variant=asked.variant.value,
        count=made.row_count,
        sha256=made.sha256,
        children=made.children,
    )
    return export
