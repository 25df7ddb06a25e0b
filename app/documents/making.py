"""Makes the templates of templates/documents/: `python -m app.documents.making`. Edit here, never the files it writes."""

import io
import zipfile
from collections.abc import Callable

from app.config import ROOT
from app.documents import care_making
from app.documents.layout import BOTH, CENTRE, LEFT, Paper
from app.documents.phrases import CHAIR, LAWS, TO_CHAIR, WORKER
from app.documents.words import BLANK

FOLDER = ROOT / "templates/documents"


def _child(paper: Paper) -> None:
    paper.fact("Họ và tên trẻ em", "{{ child.name }}")
    paper.fact("Ngày sinh hoặc ước lượng tuổi", "{{ child.birth }}; giới tính: {{ child.sex }}")
    paper.fact("Nơi ở", "{{ child.address }}")


def _levels(paper: Paper, name: str) -> None:
    """Items with a cross at their level, and the counts of the crosses."""
    paper.table(
        ("STT", "Nội dung đánh giá", "Cao", "Trung bình", "Thấp"),
        (12, 92, 17, 27, 17),
        f"row in {name}.rows",
        ("{{ row.number }}", "{{ row.label }}{% if row.words %} – {{ row.words }}{% endif %}{% if row.note %} ({{ row.note }}){% endif %}",
         "{{ row.high }}", "{{ row.medium }}", "{{ row.low }}"),
        (f"Tổng số (Cao: {{{{ {name}.counts.high }}}}; Trung bình: {{{{ {name}.counts.medium }}}}; "
         f"Thấp: {{{{ {name}.counts.low }}}})", "", f"{{{{ {name}.counts.high }}}}",
         f"{{{{ {name}.counts.medium }}}}", f"{{{{ {name}.counts.low }}}}"),
        centred=(0, 2, 3, 4),
    )  # fmt: skip


def _intake() -> Paper:
    paper = Paper("Mẫu số 01: Báo cáo tiếp nhận thông tin")
    paper.head()
    paper.title("BÁO CÁO", "TIẾP NHẬN THÔNG TIN {{ subject }}")
    paper.heading("1. Nguồn nhận thông tin")
    paper.fact(
        "Nhận thông tin thông qua",
        "{{ source.channel }}{% if source.hotline_code %} (mã ca Tổng đài 111: {{ source.hotline_code }}){% endif %}",
    )
    paper.fact("Thời gian nhận thông tin", "{{ source.moment }}")
    paper.heading("2. Thông tin về trẻ em (*)")
    paper.fact("Họ và tên", "{{ child.name }}")
    paper.fact("Ngày, tháng, năm sinh hoặc ước lượng tuổi", "{{ child.birth }}")
    paper.fact("Giới tính (Nam/Nữ/Không biết)", "{{ child.sex }}")
    paper.fact("Địa điểm xảy ra vụ việc", "{{ place }}")
    paper.fact(
        "Tình trạng hiện tại của trẻ em",
        "{% if is_urgent %}trẻ em đang bị nguy hiểm, cần can thiệp ngay. {% endif %}{{ happened }}",
    )
    paper.fact("Phỏng đoán hậu quả có thể xảy ra nếu không có hỗ trợ, can thiệp", "{{ likely_harm }}")
    paper.fact("Họ và tên cha, tuổi, nghề nghiệp", "{{ father }}")
    paper.fact("Họ và tên mẹ, tuổi, nghề nghiệp", "{{ mother }}")
    paper.fact("Hoàn cảnh gia đình", "{{ family }}")
    paper.fact("Hiện ai là người chăm sóc trẻ em", "{{ caregiver }}")
    paper.fact("Những hành động hỗ trợ, can thiệp đã được thực hiện trước khi nhận thông tin", "{{ actions_taken }}")
    paper.heading("3. Thông tin về người cung cấp thông tin (nếu đồng ý cung cấp)")
    paper.fact("Họ và tên", "{{ informant.name }}")
    paper.fact("Số điện thoại", "{{ informant.phone }}")
    paper.fact("Địa chỉ", "{{ informant.address }}")
    paper.fact("Ghi chú thêm", "{{ informant.note }}./.")
    paper.signed_by_worker(TO_CHAIR, "CÁN BỘ TIẾP NHẬN THÔNG TIN", "{{ receiver }}")
    paper.line("(*) Ghi những mục biết được (nếu biết); mục chưa biết để trống, bổ sung sau.", size=11, italic=True,
               before=8)  # fmt: skip
    return paper


def _initial() -> Paper:
    paper = Paper("Mẫu số 02: Báo cáo đánh giá nguy cơ ban đầu")
    paper.head()
    paper.title("BÁO CÁO", "Đánh giá nguy cơ ban đầu, mức độ tổn hại của trẻ em")
    _child(paper)
    paper.fact("Thời gian nhận thông tin", "{{ received }}")
    paper.fact("Thời gian đánh giá", "{{ assessed }}")
    paper.heading("a) Đánh giá mức độ tổn hại")
    _levels(paper, "harm")
    paper.heading("b) Khả năng tự bảo vệ, phục hồi của trẻ em")
    _levels(paper, "protection")
    paper.heading("c) Kết luận")
    paper.fact("Mức độ nguy cơ", "{{ risk }}")
    paper.fact("Nhận định", "{{ conclusion }}")
    paper.fact("Biện pháp can thiệp khẩn cấp hoặc tạm thời cách ly", "{{ emergency }}")
    paper.fact("Biện pháp can thiệp khẩn cấp, bảo đảm an toàn tạm thời", "{{ safety }}")
    paper.only_if("measures")
    paper.text("Các biện pháp đã áp dụng:", keep=True)
    paper.each("one", "measures", "+ {{ one.moment }}: {{ one.measure }}")
    paper.end_if()
    paper.text("Trên đây là báo cáo đánh giá nguy cơ ban đầu, mức độ tổn hại của trẻ em./.", before=4)
    paper.signed_by_worker(TO_CHAIR, WORKER, "{{ worker }}")
    return paper


def _comprehensive() -> Paper:
    paper = Paper("Mẫu số 03: Báo cáo thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể")
    paper.head()
    paper.title("BÁO CÁO", "Thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể")
    _child(paper)
    paper.fact("Thời gian đánh giá", "{{ assessed }}")
    for label, name in (
        ("a) Tình trạng thể chất, tâm lý, tình cảm của trẻ em", "condition"),
        ("b) Hoàn cảnh gia đình, mối quan hệ, năng lực bảo vệ trẻ em của cha, mẹ, thành viên gia đình", "family"),
        (
            "c) Các yếu tố làm cho trẻ em có thể bị, tiếp tục bị xâm hại hoặc tiếp tục rơi vào hoàn cảnh đặc biệt",
            "risk_factors",
        ),
        ("d) Điều kiện, khả năng học tập và khả năng tự bảo vệ của trẻ em", "learning"),
        ("đ) Mức độ an toàn và khả năng hỗ trợ của cộng đồng", "community"),
        (
            "e) Nhu cầu của trẻ em về y tế, trợ giúp xã hội, giáo dục, học nghề, trợ giúp pháp lý, tư vấn, trị liệu "
            "tâm lý và dịch vụ khác",
            "needs",
        ),
        ("g) Ý kiến, nguyện vọng của trẻ em", "child_wishes"),
        (
            "h) Ý kiến, nguyện vọng của cha, mẹ, người chăm sóc trẻ em (trừ trường hợp họ là người gây tổn hại)",
            "parent_wishes",
        ),
    ):
        paper.told(label, f"{{{{ {name} }}}}")
    paper.heading("Kết luận")
    paper.text("Mức độ nguy cơ: {{ risk }}./.")
    paper.signed_by_worker(TO_CHAIR, WORKER, "{{ worker }}")
    return paper


def _conference() -> Paper:
    paper = Paper("Biên bản cuộc họp xác định nhu cầu hỗ trợ, can thiệp")
    paper.head()
    paper.title("BIÊN BẢN", "Cuộc họp xác định nhu cầu hỗ trợ, can thiệp của trẻ em")
    paper.text("Thời gian: …… giờ ……, {{ held }}.")
    paper.text("Địa điểm: " + BLANK)
    paper.fact("Chủ trì", "{{ chair }}")
    paper.told("Thành phần dự họp:", "{{ participants }}")
    paper.heading("1. Trẻ em")
    _child(paper)
    paper.heading("2. Nội dung, kết luận cuộc họp")
    paper.text("{{ minutes }}")
    paper.text("Biên bản được đọc lại cho những người dự họp cùng nghe, thống nhất và ký tên dưới đây./.", before=4)
    paper.signed_by_two(("NGƯỜI GHI BIÊN BẢN", "{{ writer }}"), ("CHỦ TRÌ", "{{ chair_name }}"))
    return paper


def _submission() -> Paper:
    paper = Paper("Mẫu số 04: Tờ trình kế hoạch hỗ trợ, can thiệp")
    paper.head()
    paper.title("TỜ TRÌNH", "Về việc phê duyệt kế hoạch hỗ trợ, can thiệp đối với trẻ em")
    paper.line(f"Kính gửi: {CHAIR}.", align=CENTRE, after=8)
    paper.text(
        "Căn cứ Điều 28 Nghị định số 56/2017/NĐ-CP ngày 09 tháng 5 năm 2017 của Chính phủ quy định chi tiết một số "
        "điều của Luật Trẻ em; căn cứ kết quả đánh giá nguy cơ, mức độ tổn hại và nhu cầu của trẻ em, người làm công "
        "tác bảo vệ trẻ em trình Chủ tịch xem xét, phê duyệt kế hoạch hỗ trợ, can thiệp như sau:"
    )
    paper.heading("1. Trẻ em")
    _child(paper)
    paper.heading("2. Kết quả đánh giá")
    paper.fact("Thời gian nhận thông tin", "{{ received }}")
    paper.fact("Mức độ nguy cơ theo đánh giá ban đầu", "{{ initial_risk }}")
    paper.fact("Mức độ nguy cơ theo đánh giá cụ thể", "{{ risk }}")
    paper.heading("3. Kế hoạch đề nghị phê duyệt")
    paper.fact("Mục tiêu", "{{ goal }}")
    paper.fact("Thời gian thực hiện", "từ {{ starts }} đến {{ ends }}")
    paper.fact("Số dịch vụ, công việc", "{{ action_count }}; tổng dự toán kinh phí: {{ total }} đồng")
    paper.heading("4. Hồ sơ trình kèm")
    paper.each("one", "papers", "- {{ one }};")
    paper.text("Kính trình Chủ tịch xem xét, phê duyệt./.", before=4)
    paper.signed_by_worker(("Như trên;", "Lưu: VT, hồ sơ {{ paper.case_number }}."), WORKER, "{{ worker }}")
    return paper


def _plan_decision() -> Paper:
    paper = Paper("Mẫu số 05: Quyết định phê duyệt và kế hoạch hỗ trợ, can thiệp")
    paper.head()
    _draft_mark(paper)
    paper.title("QUYẾT ĐỊNH", "Phê duyệt kế hoạch hỗ trợ, can thiệp đối với trẻ em")
    paper.line("CHỦ TỊCH ỦY BAN NHÂN DÂN {{ commune.capitals }}", bold=True, align=CENTRE, after=8)
    for law in LAWS:
        paper.text(law, italic=True)
    paper.only_if("conference")
    paper.text("Căn cứ Biên bản cuộc họp xác định nhu cầu {{ conference }};", italic=True)
    paper.end_if()
    paper.text(
        "Xét đề nghị của người làm công tác bảo vệ trẻ em{% if submitted %} tại Tờ trình {{ submitted }}{% endif %}.",
        italic=True,
    )
    paper.line("QUYẾT ĐỊNH:", bold=True, align=CENTRE, before=6, after=6)
    paper.article(
        1,
        "Phê duyệt kế hoạch hỗ trợ, can thiệp đối với trẻ em {{ child.name }}, ngày sinh hoặc ước lượng "
        "tuổi: {{ child.birth }}, nơi ở: {{ child.address }} (có kế hoạch kèm theo).",
    )
    paper.article(2, "Quyết định này có hiệu lực kể từ ngày ký.")
    paper.article(
        3,
        "Người làm công tác bảo vệ trẻ em {{ commune.name }}, các cơ quan, tổ chức, cá nhân được phân công "
        "trong kế hoạch và cha, mẹ, người chăm sóc trẻ em chịu trách nhiệm thi hành Quyết định này./.",
    )
    paper.signed_by_chair(
        ("Cha, mẹ, người chăm sóc trẻ em;", "Lưu: VT, hồ sơ {{ paper.case_number }}."), ("body", "bodies")
    )
    paper.new_page()
    paper.title("KẾ HOẠCH", "Hỗ trợ, can thiệp đối với trẻ em")
    paper.line(
        "(Kèm theo Quyết định {{ number_in_text }} {{ decided }} của Chủ tịch UBND {{ commune.name }})",
        italic=True, align=CENTRE, after=8,
    )  # fmt: skip
    paper.heading("1. Trẻ em")
    _child(paper)
    paper.heading("2. Mục tiêu")
    paper.text("{{ plan.goal }}")
    paper.heading("3. Thời gian thực hiện")
    paper.text("Từ {{ plan.starts }} đến {{ plan.ends }}.")
    paper.heading("4. Dịch vụ, công việc; phân công trách nhiệm; dự toán kinh phí")
    paper.table(
        ("STT", "Hoạt động, dịch vụ", "Cơ quan, tổ chức, cá nhân thực hiện", "Bắt đầu", "Dự kiến kết thúc",
         "Dự toán kinh phí (đồng)"),
        (12, 46, 37, 24, 24, 22),
        "action in plan.actions",
        ("{{ action.number }}", "{{ action.description }}", "{{ action.responsible }}", "{{ action.starts }}",
         "{{ action.ends }}", "{{ action.budget }}"),
        ("Tổng cộng", "", "", "", "", "{{ plan.total }}"),
        centred=(0, 3, 4),
        right=(5,),
    )  # fmt: skip
    paper.heading("5. Cơ sở cung cấp dịch vụ cần huy động")
    paper.text("{{ plan.providers }}./.")
    return paper


def _draft_mark(paper: Paper) -> None:
    paper.only_if("is_draft")
    paper.line("DỰ THẢO", bold=True, align=LEFT, before=6)
    paper.end_if()


def _review() -> Paper:
    paper = Paper("Mẫu số 06: Rà soát, đánh giá sau khi thực hiện kế hoạch")
    paper.head()
    paper.title("BÁO CÁO", "Rà soát, đánh giá tình trạng của trẻ em sau khi thực hiện\nkế hoạch hỗ trợ, can thiệp")
    paper.fact("Họ và tên trẻ em", "{{ child.name }}")
    paper.fact("Họ và tên cán bộ thực hiện", "{{ worker }}")
    paper.fact("Ngày, tháng, năm thực hiện", "{{ reviewed }}")
    paper.heading("1. Đánh giá nguy cơ tại giai đoạn kết thúc")
    paper.heading("a) Đánh giá mức độ tổn hại")
    _levels(paper, "harm")
    paper.heading("b) Đánh giá khả năng tự bảo vệ, phục hồi của trẻ em")
    _levels(paper, "protection")
    paper.heading("2. Kết luận, đề xuất")
    paper.fact("Mức độ nguy cơ hiện tại", "{{ risk }}")
    paper.fact("Nhận định", "{{ conclusion }}")
    paper.fact("Đề xuất", "{{ propose }}./.")
    paper.signed_by_worker(TO_CHAIR, WORKER, "{{ worker }}")
    return paper


def _separation() -> Paper:
    paper = Paper("Mẫu số 07: Quyết định tạm thời cách ly trẻ em")
    paper.head()
    paper.title(
        "QUYẾT ĐỊNH",
        "Về việc tạm thời cách ly trẻ em khỏi cha, mẹ, người chăm sóc\nvà áp dụng biện pháp chăm sóc thay thế",
    )
    paper.line("CHỦ TỊCH ỦY BAN NHÂN DÂN {{ commune.capitals }}", bold=True, align=CENTRE, after=8)
    for law in LAWS:
        paper.text(law, italic=True)
    paper.text("Xét đề nghị của người làm công tác bảo vệ trẻ em.", italic=True)
    paper.line("QUYẾT ĐỊNH:", bold=True, align=CENTRE, before=6, after=6)
    paper.article(
        1,
        "Tạm thời cách ly trẻ em {{ child.name }}, ngày sinh hoặc ước lượng tuổi: {{ child.birth }}, giới "
        "tính: {{ child.sex }}, nơi ở: {{ child.address }}.",
    )
    paper.fact("Cách ly khỏi", "{{ separated_from }}")
    paper.fact("Thời gian", "từ {{ starts }} đến {{ ends }}; tổng thời gian không quá 15 ngày (khoản 3 Điều 32 "
               "Nghị định số 56/2017/NĐ-CP)")  # fmt: skip
    paper.fact("Nơi tạm trú an toàn, người chăm sóc tạm thời", "{{ safe_place }}")
    paper.article(
        2,
        "Người làm công tác bảo vệ trẻ em {{ commune.name }} theo dõi, đánh giá tình trạng của trẻ em và khả "
        "năng bảo đảm an toàn của cha, mẹ, người chăm sóc, báo cáo Chủ tịch để chấm dứt hoặc gia hạn việc cách ly.",
    )
    paper.article(
        3,
        "Quyết định này có hiệu lực kể từ ngày ký. Công an, trạm y tế, người làm công tác bảo vệ trẻ em, "
        "người chăm sóc tạm thời và cha, mẹ, người chăm sóc trẻ em chịu trách nhiệm thi hành Quyết định này./.",
    )
    paper.signed_by_chair(("Như Điều 3;", "Lưu: VT, hồ sơ {{ paper.case_number }}."))
    return paper


def _closing() -> Paper:
    paper = Paper("Báo cáo kết thúc vụ việc")
    paper.head()
    paper.title("BÁO CÁO", "Kết thúc hỗ trợ, can thiệp đối với trẻ em")
    paper.heading("1. Trẻ em")
    _child(paper)
    paper.fact("Thời gian nhận thông tin", "{{ received }}")
    paper.heading("2. Các bước đã thực hiện")
    paper.each("one", "steps", "- {{ one }};")
    paper.fact("Số lần thăm, theo dõi đã ghi", "{{ visit_count }}")
    paper.only_if("actions")
    paper.heading("3. Kết quả thực hiện kế hoạch")
    paper.table(
        ("STT", "Hoạt động, dịch vụ", "Cơ quan, tổ chức, cá nhân thực hiện", "Đã thực hiện ngày"),
        (12, 71, 50, 32),
        "action in actions",
        ("{{ action.number }}", "{{ action.description }}", "{{ action.responsible }}", "{{ action.done }}"),
        centred=(0, 3),
    )
    paper.end_if()
    paper.heading("{% if actions %}4{% else %}3{% endif %}. Kết thúc vụ việc")
    paper.only_if("risk")
    paper.fact("Mức độ nguy cơ theo rà soát gần nhất", "{{ risk }}")
    paper.fact("Tình trạng của trẻ em", "{{ state }}")
    paper.end_if()
    paper.fact("Lý do kết thúc", "{{ reason }}")
    paper.only_if("note")
    paper.fact("Nội dung", "{{ note }}")
    paper.end_if()
    paper.text("Vụ việc kết thúc {{ closed }}; hồ sơ được lưu tại UBND {{ commune.name }}./.", align=BOTH)
    paper.signed_by_worker(TO_CHAIR, WORKER, "{{ worker }}")
    return paper


def _referral() -> Paper:
    paper = Paper("Giấy chuyển, giới thiệu trẻ em đến cơ quan, cơ sở cung cấp dịch vụ")
    paper.head()
    paper.title("GIẤY GIỚI THIỆU", "Chuyển trẻ em đến cơ quan, cơ sở cung cấp dịch vụ")
    paper.line("Kính gửi: {{ recipient }}.", align=CENTRE, after=8)
    paper.text(
        "Căn cứ Điều 29 Nghị định số 56/2017/NĐ-CP ngày 09 tháng 5 năm 2017 của Chính phủ, Ủy ban nhân dân "
        "{{ commune.name }} đề nghị Quý cơ quan, cơ sở tiếp nhận và giúp trẻ em dưới đây:"
    )
    _child(paper)
    paper.told("Đề nghị giúp:", "{{ purpose }}")
    paper.only_if("reply_due")
    paper.text("Đề nghị trả lời bằng văn bản trước {{ reply_due }}.")
    paper.end_if()
    paper.fact("Người liên hệ", "{{ worker }}, người làm công tác bảo vệ trẻ em {{ commune.name }}")
    paper.text("Trân trọng cảm ơn./.", before=4)
    paper.signed_by_chair(("Như trên;", "Lưu: VT, hồ sơ {{ paper.case_number }}."))
    return paper


def _transfer_slip() -> Paper:
    paper = Paper("Phiếu chuyển hồ sơ vụ việc")
    paper.head()
    paper.title("PHIẾU CHUYỂN HỒ SƠ", "Vụ việc bảo vệ trẻ em {{ paper.case_number }}")
    paper.line("Kính gửi: Ủy ban nhân dân {{ recipient }}.", align=CENTRE, after=8)
    paper.text(
        "Ủy ban nhân dân {{ commune.name }} chuyển đến Quý Ủy ban hồ sơ vụ việc nêu trên để tiếp tục bảo vệ trẻ em "
        "theo quy định của Nghị định số 56/2017/NĐ-CP."
    )
    paper.fact("Lý do chuyển", "{{ reason }}")
    paper.fact("Thời điểm đóng gói", "{{ made }}")
    paper.fact("Tệp hồ sơ (có mật khẩu), mã kiểm tra SHA-256", "{{ checksum }}")
    paper.text(
        "Đề nghị bên nhận so mã kiểm tra trên máy với mã trong phiếu này, ký nhận dưới đây và gửi lại một bản. Người "
        "báo tin không có trong hồ sơ chuyển./.",
        before=4,
    )
    paper.signed_by_two(("BÊN CHUYỂN", "{{ sender }}"), ("BÊN NHẬN", "{{ receiver }}"))
    return paper


#: File name → how it is drawn.
TEMPLATES: dict[str, Callable[[], Paper]] = {
    "mau-01.docx": _intake,
    "mau-02.docx": _initial,
    "mau-03.docx": _comprehensive,
    "bien-ban-hop.docx": _conference,
    "mau-04.docx": _submission,
    "mau-05.docx": _plan_decision,
    "mau-06.docx": _review,
    "mau-07.docx": _separation,
    "bao-cao-ket-thuc.docx": _closing,
    "giay-chuyen.docx": _referral,
    "phieu-chuyen.docx": _transfer_slip,
    **care_making.TEMPLATES,
}


def drawn(name: str) -> bytes:
    """A template as a .docx, byte for byte the same whenever it is made."""
    return packed(TEMPLATES[name]())


def packed(paper: Paper) -> bytes:
    """A paper as a .docx whose bytes do not depend on when it is made."""
    file = io.BytesIO()
    paper.document.save(file)
    result = io.BytesIO()
    with zipfile.ZipFile(file) as made, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in made.namelist():
            kept.writestr(zipfile.ZipInfo(part), made.read(part), zipfile.ZIP_DEFLATED)
    return result.getvalue()


def main() -> None:
    """Write every template."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in TEMPLATES:
        (FOLDER / name).write_bytes(drawn(name))


if __name__ == "__main__":
    main()
