"""Mẫu 09: those who are ready to take a child, sent upward every quarter (NĐ 56/2017/NĐ-CP Đ40).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. What was verified of health,
morals and convictions stays in the commune (Mẫu 11): only whether all of it was found met is told.
"""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from app import care
from app.workbooks import Brief, Sheet, Table, Variant, computed, stored
from models import Condition, FosterCarer, Precision

TITLE = _l("Người sẵn sàng nhận chăm sóc thay thế (Mẫu 09)")
HOLDS = _l("Cá nhân, gia đình có nguyện vọng nhận chăm sóc thay thế, gửi cấp trên mỗi quý")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "danh-sach-nhan-cham-soc-thay-the"


def _verified(carer: FosterCarer) -> str:
    """Whether every condition of Luật Trẻ em Đ63.2 was found met."""
    answers = [getattr(carer, name) for name in care.CONDITIONS]
    if Condition.NOT_MET in answers:
        return _("Không đủ điều kiện")
    return _("Đủ điều kiện") if None not in answers else _("Chưa xác minh đủ")


def _year(carer: FosterCarer) -> str | None:
    """The year of birth."""
    if carer.born_on is None:
        return None
    return f"~{carer.born_on.year}" if carer.birth_precision is Precision.ESTIMATED else str(carer.born_on.year)


COLUMNS: tuple[Any, ...] = (
    computed(_l("Mã người nhận"), lambda carer: carer.number, 12),
    stored(FosterCarer.full_name, width=23),
    stored(FosterCarer.born_on),
    computed(_l("Năm sinh"), _year, 9, variants=[Variant.CODED]),
    stored(FosterCarer.village_id, width=14),
    stored(FosterCarer.address, width=22),
    stored(FosterCarer.phone, width=13),
    stored(FosterCarer.wishes, width=30),
    stored(FosterCarer.registered_on),
    stored(FosterCarer.notified_on),
    stored(FosterCarer.verified_on),
    computed(_l("Kết quả xác minh"), _verified, 18),
)


def sheets(brief: Brief) -> list[Sheet]:
    """One list: those of the printed Mẫu 09, as they stand today."""
    title = _("DANH SÁCH CÁ NHÂN, GIA ĐÌNH CÓ NGUYỆN VỌNG NHẬN CHĂM SÓC THAY THẾ")
    found = [one for one in care.ready(brief.reader) if brief.village_id in (None, one.village_id)]
    if brief.variant is Variant.CODED:
        found.sort(key=lambda one: one.id)
    return [Table(_("Mẫu 09"), title, COLUMNS, found, frozen=2)]
