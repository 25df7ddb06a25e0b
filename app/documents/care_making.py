"""Draws the templates of alternative care, Mẫu 08–13, 15, 16; written by app/documents/making.py."""

from collections.abc import Callable

from app.documents.layout import CENTRE, Paper
from app.documents.phrases import CHAIR, LAWS, TO_CHAIR, WORKER
from app.documents.words import BLANK


def _child(paper: Paper) -> None:
    paper.fact("Họ và tên trẻ em", "{{ child.name }}")
    paper.fact("Ngày sinh hoặc ước lượng tuổi", "{{ child.birth }}; giới tính: {{ child.sex }}")
    paper.fact("Nơi ở", "{{ child.address }}")


def _carer(paper: Paper, label: str = "Người, gia đình nhận chăm sóc thay thế") -> None:
    paper.fact(label, "{{ carer.name }}")
    paper.fact("Ngày sinh", "{{ carer.birth }}")
    paper.fact("Nơi ở", "{{ carer.address }}")


def _head_of_a_person(paper: Paper) -> None:
    """Applications come from people: the motto, no office and no number."""
    paper.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, align=CENTRE)
    paper.line("Độc lập - Tự do - Hạnh phúc", bold=True, align=CENTRE, after=6)
    paper.line("{{ paper.place_and_date }}", italic=True, align=CENTRE, after=6)


def _application() -> Paper:
    paper = Paper("Mẫu số 08: Đơn đăng ký nhận chăm sóc thay thế")
    _head_of_a_person(paper)
    paper.title("ĐƠN ĐĂNG KÝ", "Nhận chăm sóc thay thế")
    paper.line(f"Kính gửi: {CHAIR}.", align=CENTRE, after=8)
    _carer(paper, "Tôi tên là")
    paper.fact("Điện thoại", "{{ carer.phone }}")
    paper.told("Hoàn cảnh gia đình, nghề nghiệp, thu nhập:", "{{ carer.household }}")
    paper.fact("Nguyện vọng nhận trẻ em", "{{ carer.wishes }}")
    paper.text("Tôi tự nguyện đăng ký nhận chăm sóc thay thế và chịu trách nhiệm về những điều khai trên./.", before=4)
    paper.signed_by_two(("XÁC NHẬN CỦA THÀNH VIÊN GIA ĐÌNH", ""), ("NGƯỜI LÀM ĐƠN", "{{ carer.name }}"))
    return paper


def _list() -> Paper:
    paper = Paper("Mẫu số 09: Danh sách cá nhân, gia đình có nguyện vọng nhận chăm sóc thay thế")
    paper.head()
    paper.title("DANH SÁCH", "Cá nhân, gia đình có nguyện vọng nhận chăm sóc thay thế")
    paper.table(
        ("STT", "Họ và tên", "Ngày sinh", "Nơi ở", "Nguyện vọng", "Ngày đăng ký"),
        (12, 36, 26, 42, 30, 22),
        "row in rows",
        ("{{ row.number }}", "{{ row.name }}", "{{ row.birth }}", "{{ row.address }}", "{{ row.wishes }}",
         "{{ row.registered }}"),
        centred=(0, 5),
    )  # fmt: skip
    paper.text("Danh sách có {{ count }} người, gia đình./.", before=4)
    paper.signed_by_chair(("Cơ quan quản lý nhà nước về trẻ em cấp trên;", "Lưu: VT."))
    return paper


def _assessment() -> Paper:
    paper = Paper("Mẫu số 10: Báo cáo đánh giá trẻ em cần chăm sóc thay thế")
    paper.head()
    paper.title("BÁO CÁO", "Đánh giá hoàn cảnh, tình trạng, nhu cầu, nguyện vọng\ncủa trẻ em cần chăm sóc thay thế")
    paper.heading("1. Trẻ em")
    _child(paper)
    paper.told("2. Hoàn cảnh, tình trạng của trẻ em", "{{ situation }}")
    paper.told("3. Nhu cầu của trẻ em", "{{ needs }}")
    paper.told("4. Ý kiến, nguyện vọng của trẻ em (hỏi {{ asked }})", "{{ opinion }}")
    paper.heading("5. Đề xuất")
    paper.fact("Hình thức chăm sóc thay thế", "{{ form_words }}")
    paper.fact("Giao cho", "{{ carer.name }}, {{ carer.address }}")
    paper.only_if("why")
    paper.fact("Vì sao không giao được cho người gần hơn (khoản 2 Điều 42)", "{{ why }}")
    paper.end_if()
    paper.told("6. Giấy tờ trong hồ sơ", "{{ dossier }}")
    paper.signed_by_worker(TO_CHAIR, WORKER, "")
    return paper


def _verification() -> Paper:
    paper = Paper("Mẫu số 11: Xác minh điều kiện cá nhân, gia đình nhận chăm sóc thay thế")
    paper.head()
    paper.title("BÁO CÁO", "Xác minh điều kiện của cá nhân, gia đình nhận chăm sóc thay thế")
    _carer(paper)
    paper.fact("Ngày xác minh", "{{ verified }}")
    paper.table(
        ("STT", "Điều kiện (khoản 2 Điều 63 Luật Trẻ em)", "Kết quả"),
        (12, 113, 40),
        "row in rows",
        ("{{ row.number }}", "{{ row.label }}", "{{ row.answer }}"),
        centred=(0, 2),
    )
    paper.told("Căn cứ xác minh:", "{{ evidence }}")
    paper.signed_by_worker(TO_CHAIR, WORKER, "")
    return paper


def _decided(paper: Paper, about: str) -> None:
    paper.head()
    paper.title("QUYẾT ĐỊNH", about)
    paper.line("CHỦ TỊCH ỦY BAN NHÂN DÂN {{ commune.capitals }}", bold=True, align=CENTRE, after=8)
    for law in LAWS:
        paper.text(law, italic=True)
    paper.text("Xét đề nghị của người làm công tác bảo vệ trẻ em.", italic=True)
    paper.line("QUYẾT ĐỊNH:", bold=True, align=CENTRE, before=6, after=6)


def _decision() -> Paper:
    paper = Paper("Mẫu số 12: Quyết định giao, nhận trẻ em")
    _decided(paper, "Về việc giao, nhận chăm sóc thay thế cho trẻ em")
    paper.article(1, "Giao trẻ em có tên dưới đây cho người, gia đình, cơ sở nhận chăm sóc thay thế:")
    _child(paper)
    _carer(paper, "Bên nhận")
    paper.fact("Hình thức", "{{ form_words }}")
    paper.article(2, "Việc giao, nhận thực hiện trong 15 ngày làm việc kể từ ngày ký (khoản 7 Điều 42).")
    paper.article(
        3,
        "Quyết định này có hiệu lực kể từ ngày ký. Người làm công tác bảo vệ trẻ em {{ commune.name }} và bên nhận "
        "chịu trách nhiệm thi hành Quyết định này./.",
    )
    paper.signed_by_chair(("Như Điều 3;", "Lưu: VT, hồ sơ {{ paper.case_number }}."))
    return paper


def _visit() -> Paper:
    paper = Paper("Mẫu số 13: Báo cáo theo dõi, đánh giá trẻ em được nhận chăm sóc thay thế")
    paper.head()
    paper.title("BÁO CÁO", "Theo dõi, đánh giá trẻ em được nhận chăm sóc thay thế")
    paper.heading("1. Trẻ em")
    _child(paper)
    _carer(paper)
    paper.fact("Nhận trẻ em từ", "{{ handed_over }}")
    paper.fact("Ngày thăm", "{{ visited }}")
    paper.told("2. Sức khỏe, học tập, quan hệ của trẻ em với gia đình nhận", "{{ observed }}")
    paper.told("3. Ý kiến của trẻ em", "{{ child_words }}")
    paper.told("4. Đề nghị", "{{ proposal }}")
    paper.signed_by_worker(TO_CHAIR, WORKER, "{{ worker }}")
    return paper


def _request() -> Paper:
    paper = Paper("Mẫu số 15: Đơn đề nghị chấm dứt chăm sóc thay thế")
    _head_of_a_person(paper)
    paper.title("ĐƠN ĐỀ NGHỊ", "Chấm dứt việc chăm sóc thay thế")
    paper.line(f"Kính gửi: {CHAIR}.", align=CENTRE, after=8)
    _carer(paper, "Tôi tên là")
    paper.text("Đang nhận chăm sóc thay thế trẻ em theo Quyết định {{ decision_number }}, {{ decided }}:")
    _child(paper)
    paper.told("Tôi đề nghị chấm dứt việc chăm sóc thay thế vì:", BLANK)
    paper.signed_by_two(("XÁC NHẬN CỦA THÀNH VIÊN GIA ĐÌNH", ""), ("NGƯỜI LÀM ĐƠN", "{{ carer.name }}"))
    return paper


def _end() -> Paper:
    paper = Paper("Mẫu số 16: Quyết định chấm dứt chăm sóc thay thế")
    _decided(paper, "Về việc chấm dứt chăm sóc thay thế cho trẻ em")
    paper.article(1, "Chấm dứt việc chăm sóc thay thế từ {{ ended }} đối với:")
    _child(paper)
    _carer(paper, "Bên đã nhận")
    paper.fact("Lý do (Điều 69 Luật Trẻ em)", "{{ reason }}")
    paper.article(2, "Trẻ em được chăm sóc tiếp như sau:")
    paper.text("{{ after }}")
    paper.article(
        3,
        "Quyết định này có hiệu lực kể từ ngày ký. Người làm công tác bảo vệ trẻ em {{ commune.name }} và những người "
        "nêu trên chịu trách nhiệm thi hành Quyết định này./.",
    )
    paper.signed_by_chair(("Như Điều 3;", "Lưu: VT, hồ sơ {{ paper.case_number }}."))
    return paper


#: File name → how it is drawn.
TEMPLATES: dict[str, Callable[[], Paper]] = {
    "mau-08.docx": _application,
    "mau-09.docx": _list,
    "mau-10.docx": _assessment,
    "mau-11.docx": _verification,
    "mau-12.docx": _decision,
    "mau-13.docx": _visit,
    "mau-15.docx": _request,
    "mau-16.docx": _end,
}
