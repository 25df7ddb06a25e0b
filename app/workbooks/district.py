"""Biểu xuất gửi cấp trên: the workbook for the office that gets the commune's reports, named after it.

Answers task II.3.a of the commune's plan of 18/3/2024: build, complete and interconnect the children database.
Period: any; children counted on its last day. Basis: Luật Trẻ em 102/2016/QH13; NĐ 56/2017/NĐ-CP; TT 13/2021/TT-BLĐTBXH.
Confidential: NĐ 56/2017 Đ24.3, Đ33. Coded by default; HIV/AIDS and sexual abuse are commune totals and in no list.

To add a column: one line in the tuple of its sheet below.
"""

from dataclasses import replace

from flask_babel import gettext as _, lazy_gettext as _l

from app import checks
from app.child_filters import ChildFilters, Orphanhood, SeverityFilter, SpecialFilter
from app.workbooks import (
    Brief,
    Column,
    Drawn,
    Sheet,
    Table,
    Variant,
    code_lists,
    computed,
    cover,
    lines,
    stored,
    summary,
)
from app.workbooks.child_lines import ChildLine, children
from app.workbooks.lines import FAMILY, VILLAGE, WHO, disability_kinds, joined, state
from models import BirthRegistration, Case, Child, Disability, Movement, RelativeKind, Sensitivity, Service

TITLE = _l("Biểu xuất gửi cấp trên")
HOLDS = _l(
    "Bìa, biểu tổng hợp theo thôn, tỷ lệ, trẻ em có hoàn cảnh đặc biệt, khuyết tật, mồ côi, có nguy cơ, vụ việc, dịch vụ, "
    "biến động, đối chiếu dân cư, danh mục mã"
)
VARIANTS = (Variant.CODED, Variant.NAMED, Variant.PUBLIC)
FILE_NAME = "bieu-gui-cap-tren"

SPECIAL = (
    *WHO,
    VILLAGE,
    computed(_l("Nhóm, tiểu nhóm"), lambda line: joined(held.kind_code for held in line.circumstances), 12),
    computed(_l("Hoàn cảnh đặc biệt"), lambda line: joined(held.wording for held in line.circumstances), 42),
    computed(_l("Căn cứ pháp lý"), lambda line: joined(held.article for held in line.circumstances), 16),
    computed(_l("Từ ngày"), lambda line: line.circumstances[0].started_on if line.circumstances else None, 12),
    computed(_l("Diện hộ"), lambda line: line.poverty, 13),
    computed(_l("Đang hưởng trợ cấp"), lambda line: line.receives_allowance, 11),
    *FAMILY,
)
DISABLED = (
    *WHO,
    VILLAGE,
    computed(_l("Dạng khuyết tật"), disability_kinds, 24),
    stored(Disability.severity),
    stored(Disability.certified_on),
    stored(Disability.certificate_number, width=18),
    stored(Child.schooling, width=18),
    computed(_l("Đang hưởng trợ cấp"), lambda line: line.receives_allowance, 11),
    *FAMILY,
)
ORPHANS = (
    *WHO,
    VILLAGE,
    computed(_l("Mồ côi"), lambda line: _orphanhood(line), 20),
    computed(_l("Tình trạng của cha"), lambda line: state(line, RelativeKind.FATHER), 22),
    computed(_l("Tình trạng của mẹ"), lambda line: state(line, RelativeKind.MOTHER), 22),
    computed(_l("Diện hộ"), lambda line: line.poverty, 13),
    computed(_l("Đang hưởng trợ cấp"), lambda line: line.receives_allowance, 11),
    *FAMILY,
)
AT_RISK = (
    *WHO,
    VILLAGE,
    computed(_l("Nguy cơ"), lambda line: joined(held.wording for held in line.risks), 44),
    computed(_l("Từ ngày"), lambda line: line.risks[0].started_on if line.risks else None, 12),
    computed(_l("Diện hộ"), lambda line: line.poverty, 13),
    *FAMILY,
)
CASES = (
    computed(_l("Số hồ sơ"), lambda row: row.case.number, 15),
    *WHO,
    stored(Case.village_id),
    stored(Case.received_at, width=13),
    stored(Case.subject, width=26),
    computed(_l("Bước khi lập biểu"), lambda row: row.line.step, 26),
    computed(_l("Đánh giá ban đầu (12 giờ)"), lambda row: row.initial_kept, 12),
    computed(_l("Trình kế hoạch (5 ngày làm việc)"), lambda row: row.plan_kept, 13),
    computed(_l("Quyết định kế hoạch (2 ngày làm việc)"), lambda row: row.decision_kept, 13),
    computed(_l("Hạn tiếp theo khi lập biểu"), lambda row: row.line.deadline.due_on if row.line.deadline else None, 13),
    computed(_l("Căn cứ của hạn"), lambda row: row.line.deadline.article if row.line.deadline else None, 18),
    computed(_l("Quá hạn khi lập biểu"), lambda row: row.line.is_overdue, 9),
    computed(_l("Ngày kết thúc"), lambda row: row.closed_at, 13),
    replace(stored(Case.closure_reason, width=24), read=lambda row: row.closure_reason),
    computed(
        _l("Người phụ trách"),
        lambda row: row.case.assigned_to.full_name if row.case.assigned_to else None,
        22,
        sensitivity=Sensitivity.PERSONAL,
    ),
)
SERVICES = (
    *WHO,
    computed(_l("Thôn"), lambda row: row.village, 12),
    stored(Service.kind, width=24),
    replace(
        stored(Service.description, width=34), read=lambda service: None if service.case_id else service.description
    ),
    stored(Service.programme, width=34),
    stored(Service.started_on),
    stored(Service.done_on),
    stored(Service.outcome),
    stored(Service.cost, width=13),
    stored(Service.funding, width=18),
)
MOVEMENTS = (
    *WHO,
    stored(Movement.kind),
    stored(Movement.happened_on),
    computed(_l("Từ thôn"), lambda movement: movement.from_village.name if movement.from_village else None, 16),
    computed(_l("Đến thôn"), lambda movement: movement.to_village.name if movement.to_village else None, 16),
    stored(Movement.place, width=30),
)
POPULATION_CHECK = (
    *WHO,
    VILLAGE,
    stored(Child.personal_id, width=16),
    computed(_l("Cần kiểm tra"), lambda line: _id_problem(line), 40),
    stored(Child.birth_registration, width=16),
    stored(Child.population_check, width=20),
    *FAMILY,
)

#: What the commune police fill in by hand, to be read back (CV 2513/LĐTBXH-TTTT, step 3).
FOR_THE_POLICE = (
    computed(_l("Số định danh do công an xác minh"), lambda _line: None, 20, variants=[Variant.NAMED]),
    computed(_l("Kết quả xác minh"), lambda _line: None, 16, variants=[Variant.NAMED]),
    computed(_l("Người xác minh"), lambda _line: None, 20, variants=[Variant.NAMED]),
    computed(_l("Ngày xác minh"), lambda _line: None, 14, variants=[Variant.NAMED]),
)


def _orphanhood(line: ChildLine) -> object:
    dead = {kind for kind in (RelativeKind.FATHER, RelativeKind.MOTHER) if line.is_dead(kind)}
    if len(dead) == 2:
        return Orphanhood.BOTH
    return Orphanhood.FATHER if RelativeKind.FATHER in dead else Orphanhood.MOTHER


def _id_problem(line: ChildLine) -> str:
    if line.child.personal_id is None:
        return _("Chưa có số định danh")
    child = line.child
    problems = checks.personal_id_warnings(child.personal_id, child.sex, line.birth)
    if child.birth_registration is BirthRegistration.NOT_REGISTERED:
        problems = [*problems, str(child.birth_registration.label)]
    return joined(problems) or str(child.population_check.label)


def special_table(brief: Brief) -> Table:
    """Children in special circumstances; equal to line 4 of the summary, by village."""
    return Table(
        _("TE hoàn cảnh đặc biệt"),
        _("DANH SÁCH TRẺ EM CÓ HOÀN CẢNH ĐẶC BIỆT"),
        SPECIAL,
        children(brief, ChildFilters(group=SpecialFilter.SPECIAL.value, shared="1")),
        note=_(
            "Nhóm đ, nhóm l và tiểu nhóm k.2, k.3 chỉ có số tổng toàn xã ở biểu tổng hợp, không có trong danh sách."
        ),
        frozen=2,
    )


def disabled_table(brief: Brief) -> Table:
    """Disabled children; equal to line 6."""
    found = children(brief, ChildFilters(disability=SeverityFilter.ANY))
    return Table(_("TE khuyết tật"), _("DANH SÁCH TRẺ EM KHUYẾT TẬT"), DISABLED, found, frozen=2)


def orphans_table(brief: Brief) -> Table:
    """Orphans, by the parents' states; equal to line 7."""
    found = children(brief, ChildFilters(orphan=Orphanhood.ANY))
    return Table(_("TE mồ côi"), _("DANH SÁCH TRẺ EM MỒ CÔI THEO TÌNH TRẠNG CHA, MẸ"), ORPHANS, found, frozen=2)


def at_risk_table(brief: Brief) -> Table:
    """Children at risk; equal to line 5."""
    found = children(brief, ChildFilters(group=SpecialFilter.AT_RISK.value))
    title = _("DANH SÁCH TRẺ EM CÓ NGUY CƠ RƠI VÀO HOÀN CẢNH ĐẶC BIỆT")
    return Table(_("TE có nguy cơ"), title, AT_RISK, found, frozen=2)


def cases_table(brief: Brief) -> Table:
    """Cases received in the period or still open."""
    note = _("Vụ việc xâm hại tình dục chỉ có số tổng toàn xã ở biểu tổng hợp, không có trong danh sách.")
    title = _("VỤ VIỆC BẢO VỆ TRẺ EM TIẾP NHẬN TRONG KỲ HOẶC ĐANG GIẢI QUYẾT")
    return Table(_("Vụ việc"), title, CASES, lines.cases(brief), note=note, frozen=2)


def services_table(brief: Brief) -> Table:
    """Services given in the period; equal to line 16, by village."""
    note = _("Dịch vụ trong vụ việc xâm hại tình dục chỉ có số tổng toàn xã ở biểu tổng hợp.")
    title = _("DỊCH VỤ, HỖ TRỢ CHO TRẺ EM TRONG KỲ")
    return Table(_("Dịch vụ, hỗ trợ"), title, SERVICES, lines.services(brief), note=note, frozen=2)


def programmes_table(brief: Brief) -> Table:
    """The same services added up by programme of the plan and source of funding."""
    columns = (
        computed(_("Chương trình"), lambda row: row.programme, 60),
        computed(_("Nguồn kinh phí"), lambda row: row.funding, 24),
        computed(_("Lượt dịch vụ"), lambda row: row.count, 11),
        computed(_("Số trẻ em"), lambda row: len(row.children), 11),
        computed(_("Kinh phí (đồng)"), lambda row: row.cost, 16),
    )
    note = _("Cộng từ danh sách dịch vụ; một trẻ em có thể nhận nhiều dịch vụ.")
    title = _("DỊCH VỤ, HỖ TRỢ THEO CHƯƠNG TRÌNH VÀ NGUỒN KINH PHÍ")
    rows = lines.by_programme(brief)
    return Table(_("Dịch vụ theo chương trình"), title, columns, rows, note=note, frozen=1, is_numbered=False)


def movements_table(brief: Brief) -> Table:
    """Movements of the period; equal to lines 17 on."""
    return Table(_("Biến động"), _("BIẾN ĐỘNG TRẺ EM TRONG KỲ"), MOVEMENTS, lines.movements(brief), frozen=2)


def check_table(brief: Brief, further: tuple[Column, ...] = ()) -> Table:
    """What the commune police verify: IDs missing, wrong, or found not to match; with further columns if asked."""
    found = children(brief, ChildFilters(), lines.to_be_checked(brief.reader, brief.on))
    title = _("DANH SÁCH TRẺ EM CẦN ĐỐI CHIẾU VỚI CƠ SỞ DỮ LIỆU QUỐC GIA VỀ DÂN CƯ")
    return Table(_("Đối chiếu dân cư"), title, (*POPULATION_CHECK, *further), found, frozen=2)


def sheets(brief: Brief) -> list[Sheet]:
    """Cover, summary, and one sheet per list; the public variant has no list."""
    figures = summary.figures_of(brief)
    if brief.variant is Variant.PUBLIC:
        content: list[Sheet] = [summary.public_table(figures)]
    else:
        content = [
            summary.table(brief, figures),
            summary.rates_table(brief, figures),
            special_table(brief),
            disabled_table(brief),
            orphans_table(brief),
            at_risk_table(brief),
            cases_table(brief),
            services_table(brief),
            programmes_table(brief),
            movements_table(brief),
            check_table(brief),
            code_lists.table(brief),
        ]
    names = [(str(sheet.name), str(sheet.title)) for sheet in content if isinstance(sheet, Table)]
    return [Drawn(_("Bìa"), lambda page: cover.draw(page, brief, names)), *content]
