"""Makes the templates of written reports: `python -m app.reports.drawing`. Edit here, never the files it writes.

Figures, tables and the chart are filled in; what only the officer knows stands as "[Viết: …]", marked yellow.
"""

from collections.abc import Callable, Sequence
from typing import Any

from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Pt

from app.documents import making
from app.documents.layout import BOTH, CENTRE, Paper
from app.reports.chart import MARK


class ReportPaper(Paper):
    """A report of the commune: its foot tells the level of secrecy and the period."""

    def _draw_foot(self, foot: Any) -> None:
        """The report tells no child's name; who may be given it is said all the same (NĐ 56/2017/NĐ-CP Đ24.3)."""
        line = foot.paragraphs[0]
        line.alignment = BOTH
        run = line.add_run("Số liệu tính đến {{ counted_on }}; không có thông tin của từng trẻ em. {{ paper.scope }}.")
        run.font.size = Pt(9.5)

    def gap(self, what: str) -> None:
        """A part left for the officer to write, marked so that none is overlooked."""
        paragraph = self.line("", indent=10, align=BOTH)
        run = paragraph.add_run(f"[Viết: {what}]")
        run.italic = True
        run.font.size = Pt(13)
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def figures(self, name: str) -> None:
        """A table of indicators: this period and the one before."""
        self.table(
            ("STT", "Chỉ tiêu", "{{ period.short }}", "{{ period.before }}", "Tăng, giảm"),
            (14, 84, 25, 25, 17),
            f"row in {name}",
            ("{{ row.code }}", "{{ row.label }}", "{{ row.total }}", "{{ row.before }}", "{{ row.change }}"),
            centred=(0,),
            right=(2, 3, 4),
        )

    def programmes(self) -> None:
        """Services by the plan's eight programmes, with money."""
        self.table(
            ("STT", "Chương trình", "Lượt dịch vụ", "Số trẻ em", "Kinh phí (đồng)"),
            (12, 85, 20, 20, 28),
            "row in programmes",
            ("{{ row.number }}", "{{ row.label }}", "{{ row.services }}", "{{ row.children }}", "{{ row.cost }}"),
            ("Tổng cộng", "", "{{ services.count }}", "{{ services.children }}", "{{ services.cost }}"),
            centred=(0,),
            right=(2, 3, 4),
        )  # fmt: skip

    def chart(self) -> None:
        """Where the chart goes."""
        self.line(MARK, align=CENTRE, before=4)

    def addressed(self) -> None:
        """Kính gửi."""
        self.line("{{ wording.greeting }}", align=CENTRE, before=2, after=8)
        self.only_if("wording.opening")
        self.text("{{ wording.opening }}")
        self.end_if()

    def chapter(self, number: int) -> None:
        """A main heading, as the commune words it."""
        self.heading(f"{{{{ wording.headings[{number - 1}] }}}}")

    def closed(self) -> None:
        """The last sentence, and who signs."""
        self.text("{{ wording.closing }}")
        self.signed()

    def signed(self) -> None:
        """The addressees on the left, the chair on the right."""
        self.signed_by_chair(("Lưu: VT.",), ("place", "addressees"))


def _begin(title: str) -> ReportPaper:
    paper = ReportPaper(title)
    paper.head()
    paper.title("BÁO CÁO", "{{ wording.title }}")
    return paper


def _children(paper: ReportPaper) -> None:
    paper.text(
        "Tính đến {{ counted_on }}, {{ commune.name }} có {{ total.children }} trẻ em dưới 16 tuổi, trong đó "
        "{{ total.special }} trẻ em có hoàn cảnh đặc biệt, {{ total.risk }} trẻ em có nguy cơ rơi vào hoàn cảnh đặc biệt, "
        "{{ total.poor }} trẻ em thuộc hộ nghèo, {{ total.near_poor }} trẻ em thuộc hộ cận nghèo."
    )


def _cases(paper: ReportPaper) -> None:
    paper.text(
        "Trong kỳ tiếp nhận {{ total.received }} vụ việc bảo vệ trẻ em, kết thúc {{ total.closed }} vụ việc, đang giải quyết "
        "{{ total.open }} vụ việc. Kế hoạch hỗ trợ, can thiệp được phê duyệt trong kỳ: {{ plans.decided }}, trong đó đúng hạn "
        "{{ plans.on_time }} (khoản 4 Điều 28 Nghị định số 56/2017/NĐ-CP)."
    )


def _gaps(paper: ReportPaper, parts: Sequence[tuple[str, str]]) -> None:
    for heading, what in parts:
        paper.heading(heading)
        paper.gap(what)


_END = (("2. Tồn tại, hạn chế và nguyên nhân", "tồn tại, hạn chế, nguyên nhân khách quan và chủ quan"),)


def _work() -> ReportPaper:
    paper = _begin("Báo cáo công tác trẻ em")
    paper.addressed()
    paper.chapter(1)
    _children(paper)
    paper.figures("main")
    paper.gap("đặc điểm tình hình của xã ảnh hưởng đến công tác trẻ em trong kỳ")
    paper.chart()
    paper.chapter(2)
    _gaps(paper, (
        ("1. Công tác chỉ đạo, điều hành", "văn bản đã ban hành, cuộc họp, kiểm tra"),
        ("2. Truyền thông, vận động xã hội", "số buổi, số người dự, hình thức, nội dung"),
    ))  # fmt: skip
    paper.heading("3. Xây dựng, hoàn thiện cơ sở dữ liệu về trẻ em")
    paper.text(
        "Trẻ em đã đăng ký khai sinh: {{ total.registered }}; chưa có số định danh cá nhân: {{ total.without_id }}; "
        "đã khớp Cơ sở dữ liệu quốc gia về dân cư: {{ total.matched }}."
    )
    paper.heading("4. Bảo vệ trẻ em")
    _cases(paper)
    paper.figures("special")
    paper.heading("5. Dịch vụ, hỗ trợ cho trẻ em theo chương trình")
    paper.programmes()
    paper.heading("6. Biến động trong kỳ")
    paper.figures("movements")
    paper.chapter(3)
    _gaps(paper, (("1. Kết quả nổi bật", "việc làm tốt, mô hình hay"), *_END))
    paper.chapter(4)
    paper.gap("nhiệm vụ trọng tâm")
    paper.chapter(5)
    paper.gap("kiến nghị với cấp trên")
    paper.closed()
    return paper


def _action_month() -> ReportPaper:
    paper = _begin("Báo cáo Tháng hành động vì trẻ em")
    paper.addressed()
    paper.chapter(1)
    paper.gap("kế hoạch, phân công, lễ phát động (tuần cuối tháng 5 hoặc ngày 01/6)")
    paper.chapter(2)
    _children(paper)
    _gaps(paper, (
        ("1. Truyền thông", "hình thức, số buổi, số người tiếp cận"),
        ("2. Vận động nguồn lực cho trẻ em", "đơn vị, cá nhân ủng hộ; số tiền, hiện vật"),
    ))  # fmt: skip
    paper.text(
        "Trong tháng {{ services.children }} trẻ em được nhận {{ services.count }} lượt dịch vụ, hỗ trợ, kinh phí "
        "{{ services.cost }} đồng:"
    )
    paper.programmes()
    _gaps(paper, (
        ("3. Sự tham gia của trẻ em", "diễn đàn, hội nghị, ý kiến của trẻ em và việc trả lời"),
        ("4. Hoạt động hè, sinh hoạt hè", "số buổi, số trẻ em tham gia"),
        ("5. Vui chơi an toàn, lành mạnh", "điểm vui chơi được mở, sửa; dạy bơi"),
        ("6. Rà soát nơi không an toàn với trẻ em", "ao, hồ, công trình đã rà soát, rào, đặt biển"),
        ("7. Phong trào toàn dân chăm sóc, bảo vệ trẻ em", "phong trào của các đoàn thể, thôn"),
    ))  # fmt: skip
    paper.chart()
    paper.chapter(3)
    _gaps(paper, (("1. Kết quả nổi bật", "việc làm tốt, mô hình hay"), *_END))
    paper.chapter(4)
    paper.gap("kiến nghị với cấp trên")
    paper.closed()
    return paper


def _council() -> ReportPaper:
    paper = _begin("Báo cáo Hội đồng nhân dân")
    paper.addressed()
    paper.chapter(1)
    _children(paper)
    paper.figures("main")
    paper.chart()
    paper.chapter(2)
    paper.heading("1. Quyền được khai sinh và có quốc tịch")
    paper.text("Đã đăng ký khai sinh {{ total.registered }}/{{ total.children }} trẻ em.")
    _gaps(paper, (
        ("2. Quyền được chăm sóc sức khỏe", "tiêm chủng, dinh dưỡng, bảo hiểm y tế, khám sức khỏe"),
        ("3. Quyền được giáo dục, vui chơi, giải trí", "trẻ đến trường, bỏ học, điểm vui chơi"),
    ))  # fmt: skip
    paper.heading("4. Quyền được bảo vệ")
    _cases(paper)
    paper.figures("special")
    paper.programmes()
    _gaps(paper, (("5. Quyền tham gia của trẻ em", "ý kiến trẻ em được hỏi, được trả lời"),))
    paper.chapter(3)
    _gaps(paper, (("1. Kết quả đạt được", "kết quả chính"), *_END))
    paper.chapter(4)
    paper.gap("giải pháp, kiến nghị với Hội đồng nhân dân")
    paper.closed()
    return paper


def _directive() -> ReportPaper:
    paper = _begin("Báo cáo thực hiện Chỉ thị 28-CT/TW")
    paper.addressed()
    paper.chapter(1)
    paper.gap("hội nghị quán triệt, hình thức tuyên truyền, số người tham gia")
    paper.chapter(2)
    paper.heading("1. Xây dựng, hoàn thiện cơ sở dữ liệu về trẻ em liên thông (mục II.3.a)")
    paper.text(
        "Cơ sở dữ liệu có {{ total.children }} trẻ em; đã đăng ký khai sinh {{ total.registered }}; chưa có số định danh "
        "{{ total.without_id }}; khớp Cơ sở dữ liệu quốc gia về dân cư {{ total.matched }}."
    )
    paper.heading("2. Chăm sóc, bảo vệ trẻ em có hoàn cảnh đặc biệt, phòng ngừa xâm hại")
    _cases(paper)
    paper.figures("special")
    paper.chart()
    paper.heading("3. Thực hiện tám chương trình, đề án về trẻ em")
    paper.programmes()
    _gaps(paper, (
        ("4. Phòng, chống tai nạn thương tích, đuối nước; lao động trẻ em; an toàn trên mạng", "việc đã làm, số liệu"),
        ("5. Vui chơi, tham gia của trẻ em", "điểm vui chơi, diễn đàn trẻ em"),
        ("6. Tổ chức bộ máy, cộng tác viên, nguồn lực", "người làm công tác bảo vệ trẻ em, cộng tác viên, kinh phí"),
    ))  # fmt: skip
    paper.chapter(3)
    _gaps(paper, (("1. Kết quả đạt được", "kết quả chính"), *_END))
    paper.chapter(4)
    paper.gap("nhiệm vụ, giải pháp thời gian tới; kiến nghị")
    paper.closed()
    return paper


#: File name → how it is drawn.
TEMPLATES: dict[str, Callable[[], Paper]] = {
    "bao-cao-cong-tac-tre-em.docx": _work,
    "bao-cao-thang-hanh-dong.docx": _action_month,
    "bao-cao-hdnd.docx": _council,
    "bao-cao-chi-thi-28.docx": _directive,
}


def main() -> None:
    """Write every template."""
    for name, draw in TEMPLATES.items():
        (making.FOLDER / name).write_bytes(making.packed(draw()))


if __name__ == "__main__":
    main()
