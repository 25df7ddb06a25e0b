"""What reports and covers say around the figures: the usual words, and those a commune wrote, each from a day on.

A text may carry the places of PLACES in braces, "{kỳ}"; in capitals, "{KỲ}", the value is written in capitals. A paper takes
the words of the day it is made and keeps them, being a file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select

from app import clock
from app.documents import words
from app.periods import Period
from models import Commune, ReceivingOffice, ReportKind, ReportWording, db

#: What may stand in braces, and what it is.
PLACES: dict[str, Any] = {
    "xã": _l("tên xã"),
    "tỉnh": _l("tên tỉnh"),
    "kỳ": _l("kỳ báo cáo"),
    "năm": _l("năm của kỳ"),
    "nơi nhận": _l("cơ quan nhận báo cáo"),
    "cấp": _l("cấp của cơ quan nhận báo cáo"),
    "kế hoạch": _l("kế hoạch làm căn cứ"),
    "ngày tính": _l("ngày tính số liệu"),
}
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Part:
    """A text of a paper."""

    label: Any
    usual: str = ""

    @property
    def line_count(self) -> int:
        """How many lines a text made of headings has."""
        return len(self.usual.splitlines())


_TITLE, _GREETING, _OPENING, _CLOSING = _l("Trích yếu, tên"), _l("Kính gửi"), _l("Lời mở đầu"), _l("Lời kết")
_HEADINGS, _RECIPIENTS = _l("Các đề mục lớn, mỗi dòng một mục"), _l("Nơi nhận, mỗi dòng một nơi")
_SCOPE = _l("Mức độ bảo mật, phạm vi lưu hành")


def _paper(title: str, opening: str, headings: str, closing: str) -> dict[str, Part]:
    return {
        "title": Part(_TITLE, title),
        "greeting": Part(_GREETING),
        "opening": Part(_OPENING, opening),
        "headings": Part(_HEADINGS, headings),
        "closing": Part(_CLOSING, closing),
        "recipients": Part(_RECIPIENTS),
    }


#: {paper: {part: its label and usual words}}. No usual words: those who usually get such a report (addressees.py).
PAPERS: dict[str, dict[str, Part]] = {
    "cover": {
        "title": Part(_l("Tên biểu"), "BIỂU XUẤT GỬI {NƠI NHẬN}"),
        "subtitle": Part(_l("Dòng dưới tên biểu"), "Cơ sở dữ liệu về trẻ em và công tác bảo vệ trẻ em, {kỳ}"),
        "task": Part(
            _l("Câu nêu nhiệm vụ"),
            "Thực hiện {kế hoạch}: “Tiếp tục thực hiện xây dựng, hoàn thiện cơ sở dữ liệu về trẻ em liên thông với "
            "cơ sở dữ liệu quốc gia về dân cư, cơ sở dữ liệu chuyên ngành”.",
        ),
        "scope": Part(
            _SCOPE,
            "Thông tin về trẻ em là bí mật (NĐ 56/2017/NĐ-CP Đ24.3, Đ33). Chỉ lưu hành nội bộ theo đúng nơi nhận; "
            "không sao chép, phổ biến.",
        ),
    },
    "paper": {
        "scope": Part(_SCOPE, "Lưu hành theo nơi nhận (khoản 3 Điều 24 Nghị định số 56/2017/NĐ-CP)"),
    },
    ReportKind.WORK: _paper(
        "Kết quả công tác trẻ em {kỳ}",
        "",
        "I. TÌNH HÌNH TRẺ EM\nII. KẾT QUẢ THỰC HIỆN\nIII. ĐÁNH GIÁ CHUNG\nIV. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TỚI\n"
        "V. KIẾN NGHỊ, ĐỀ XUẤT",
        "Trên đây là báo cáo kết quả công tác trẻ em {kỳ} của UBND {xã}./.",
    ),
    ReportKind.ACTION_MONTH: _paper(
        "Kết quả tổ chức Tháng hành động vì trẻ em năm {năm}",
        "Thực hiện Thông tư số 28/2019/TT-BLĐTBXH, UBND {xã} báo cáo như sau:",
        "I. CÔNG TÁC CHỈ ĐẠO\nII. KẾT QUẢ (từ 01/6 đến 30/6)\nIII. ĐÁNH GIÁ\nIV. KIẾN NGHỊ",
        "Trên đây là báo cáo Tháng hành động vì trẻ em năm {năm} của UBND {xã}./.",
    ),
    ReportKind.COUNCIL: _paper(
        "Việc thực hiện quyền trẻ em, giải quyết các vấn đề về trẻ em {kỳ}",
        "Thực hiện khoản 3 Điều 90 Luật Trẻ em, UBND {xã} báo cáo Hội đồng nhân dân {xã} như sau:",
        "I. TÌNH HÌNH TRẺ EM\nII. KẾT QUẢ THỰC HIỆN QUYỀN TRẺ EM\nIII. ĐÁNH GIÁ CHUNG\nIV. GIẢI PHÁP VÀ KIẾN NGHỊ",
        "UBND {xã} kính trình Hội đồng nhân dân xem xét./.",
    ),
    ReportKind.DIRECTIVE: _paper(
        "Kết quả thực hiện Kế hoạch về Chỉ thị số 28-CT/TW của Bộ Chính trị\n{kỳ}",
        "Căn cứ {kế hoạch}, UBND {xã} báo cáo như sau:",
        "I. QUÁN TRIỆT, TUYÊN TRUYỀN CHỈ THỊ\nII. KẾT QUẢ THỰC HIỆN NHIỆM VỤ\nIII. ĐÁNH GIÁ CHUNG\n"
        "IV. NHIỆM VỤ, GIẢI PHÁP VÀ KIẾN NGHỊ",
        "Trên đây là báo cáo của UBND {xã}./.",
    ),
}
PARTS: dict[str, Part] = {f"{paper}.{name}": part for paper, parts in PAPERS.items() for name, part in parts.items()}
_LABELS = {"cover": _l("Bìa tập biểu"), "paper": _l("Chân trang của các báo cáo")}


def label_of(paper: str) -> Any:
    """What a paper is called."""
    return _LABELS.get(paper) or ReportKind(paper).label


def problem_of(part: str, text: str | None) -> str | None:
    """What is wrong with a text, in words: a place that does not exist, a brace alone, headings missing."""
    if not text:
        return None
    unknown = [name for name in _PLACE.findall(text) if name.strip().lower() not in PLACES]
    if unknown:
        offered = ", ".join(f"{{{name}}}" for name in PLACES)
        return _("Không có chỗ điền {%(name)s}. Dùng được: %(places)s", name=unknown[0], places=offered)
    if re.search(r"[{}]", _PLACE.sub("", text)):
        return _("Có dấu ngoặc nhọn không đủ cặp; chỗ điền viết như {kỳ}")
    known = PARTS[part]
    if part.endswith(".headings") and len(text.splitlines()) != known.line_count:
        return _("Cần đúng %(count)d dòng, mỗi dòng một đề mục", count=known.line_count)
    return None


def in_force(commune: Commune, on: date) -> dict[str, str]:
    """{part: the commune's own words of a day}; a part it left to the usual is not there."""
    rows = db.session.scalars(
        select(ReportWording)
        .where(ReportWording.commune_id == commune.id, ReportWording.valid_from <= on)
        .order_by(ReportWording.valid_from)
    )
    latest = {row.part: row.text for row in rows}
    return {part: text for part, text in latest.items() if text}


def values(commune: Commune, period: Period, on: date, office: ReceivingOffice | None) -> dict[str, str]:
    """What the places stand for."""
    plan = commune.plan_reference or "Kế hoạch của UBND xã"
    return {
        "xã": commune.name,
        "tỉnh": commune.province_name,
        "kỳ": period.label,
        "năm": str(period.last.year),
        "nơi nhận": office.name if office else "cấp trên",
        "cấp": str(office.level.label) if office else "cấp trên",
        "kế hoạch": plan[:1].lower() + plan[1:] if plan.startswith("Kế") else plan,
        "ngày tính": words.day_words(on),
    }


def filled(text: str, known: Mapping[str, str]) -> str:
    """A text with its places filled in; a name in capitals gives capitals."""

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        told = known.get(name.lower(), found[0])
        return told.upper() if name.isupper() else told

    return _PLACE.sub(value, text)


def of_paper(paper: str, commune: Commune, known: Mapping[str, str]) -> dict[str, str]:
    """{name of the part: its text} of a paper made today, filled in."""
    own = in_force(commune, clock.today())
    return {name: filled(own.get(f"{paper}.{name}", part.usual), known) for name, part in PAPERS[paper].items()}


def find(commune_id: int | None, part: str, day: date) -> ReportWording | None:
    """The commune's own row of a part from exactly this day."""
    query = select(ReportWording).where(
        ReportWording.commune_id == commune_id, ReportWording.part == part, ReportWording.valid_from == day
    )
    return db.session.scalars(query).one_or_none()


def coming(commune_id: int | None, today: date) -> dict[str, date]:
    """{part: the day from which the next text of the commune holds}."""
    rows = db.session.scalars(
        select(ReportWording)
        .where(ReportWording.commune_id == commune_id, ReportWording.valid_from > today)
        .order_by(ReportWording.valid_from.desc())
    )
    return {row.part: row.valid_from for row in rows}
