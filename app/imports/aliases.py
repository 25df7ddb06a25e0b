"""The one table of headings: what lists call each field. Another heading is accepted by one more word here.

Headings are compared folded (no tones, no signs, no capitals). A field's own
`aliases` beside its column (models/) count as well.
"""

import re
from dataclasses import dataclass
from functools import cache

from app.imports.keys import fold
from models import Child, Disability, Household, fields_of

#: A heading that is known and carries nothing the register keeps.
IGNORED = "ignored"

EXACT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("number", ("STT", "TT", "Số TT", "Số thứ tự", "S.T.T", "No", "No.", "#")),
    (
        "full_name",
        (
            "Họ và tên",
            "Họ tên",
            "Họ, tên",
            "Họ và tên trẻ",
            "Họ tên trẻ",
            "Tên trẻ",
            "Họ và tên trẻ em",
            "Tên trẻ em",
            "Họ và tên học sinh",
            "Họ tên học sinh",
            "Tên học sinh",
            "Họ và tên cháu",
            "Họ tên con",
            "Họ và tên con",
            "Họ, chữ đệm, tên",
            "Họ, chữ đệm và tên",
            "Họ, chữ đệm, tên khai sinh",
            "Họ tên khai sinh",
            "Tên khai sinh",
            "Họ và tên thành viên",
            "Họ tên thành viên",
            "Họ và tên đối tượng",
            "Họ tên đối tượng",
            "Tên đối tượng",
            "Họ và tên người khuyết tật",
            "Họ và tên bé",
            "Tên bé",
            "Full name",
            "Name",
            "Child name",
            "Child's name",
            "Name of child",
            "Children name",
            "Student name",
            "Tên",
        ),
    ),
    (
        "family_part",
        (
            "Họ đệm",
            "Họ và đệm",
            "Họ và tên đệm",
            "Họ tên đệm",
            "Họ lót",
            "Họ và chữ đệm",
            "Họ",
            "Surname",
            "Last name",
            "Family name",
        ),
    ),
    ("given_part", ("Tên gọi", "Given name", "First name")),
    (
        "sex",
        (
            "Giới tính",
            "Giới",
            "Nam/Nữ",
            "Nam, Nữ",
            "Nam - Nữ",
            "Phái",
            "GT",
            "G.tính",
            "Trai/Gái",
            "Sex",
            "Gender",
            "M/F",
        ),
    ),
    (
        "born_on",
        (
            "Ngày sinh",
            "Ngày, tháng, năm sinh",
            "Ngày tháng năm sinh",
            "Ngày/tháng/năm sinh",
            "Năm sinh",
            "NTNS",
            "N.T.N.S",
            "Ngày tháng sinh",
            "Sinh ngày",
            "Sinh năm",
            "Tháng năm sinh",
            "Date of birth",
            "Birth date",
            "Birthday",
            "DOB",
            "Born",
            "Born on",
            "Year of birth",
        ),
    ),
    (
        "personal_id",
        (
            "Số định danh cá nhân",
            "Số định danh",
            "Mã định danh",
            "Mã định danh cá nhân",
            "Mã số định danh",
            "Số ĐDCN",
            "ĐDCN",
            "SĐDCN",
            "MĐD",
            "CCCD",
            "Số CCCD",
            "CMND/CCCD",
            "Số CMND/CCCD",
            "CCCD/ĐDCN",
            "Căn cước",
            "Số căn cước",
            "Căn cước công dân",
            "Số căn cước công dân",
            "Số thẻ căn cước",
            "Mã số định danh cá nhân",
            "Personal ID",
            "ID number",
            "ID No",
            "ID",
            "National ID",
            "Citizen ID",
        ),
    ),
    ("ethnicity", ("Dân tộc", "DT", "Ethnicity", "Ethnic group")),
    ("nationality", ("Quốc tịch", "Nationality")),
    (
        "village",
        (
            "Thôn",
            "Xóm",
            "Bản",
            "Ấp",
            "Buôn",
            "Làng",
            "Khu",
            "Khu phố",
            "Khối",
            "Tổ",
            "Tổ dân phố",
            "TDP",
            "Thôn/xóm",
            "Thôn, xóm",
            "Thôn/bản",
            "Thôn, bản",
            "Thôn/ấp",
            "Thôn/TDP",
            "Thôn, tổ dân phố",
            "Thôn/khu",
            "Tên thôn",
            "Thuộc thôn",
            "Địa bàn",
            "Village",
            "Hamlet",
            "Thôn (xóm)",
        ),
    ),
    (
        "address",
        (
            "Địa chỉ",
            "Nơi ở",
            "Chỗ ở",
            "Nơi ở hiện nay",
            "Nơi ở hiện tại",
            "Chỗ ở hiện nay",
            "Nơi thường trú",
            "Thường trú",
            "HKTT",
            "Nơi đăng ký HKTT",
            "Hộ khẩu thường trú",
            "Địa chỉ thường trú",
            "Nơi cư trú",
            "Địa chỉ cư trú",
            "Address",
            "Số nhà",
        ),
    ),
    (
        "father_name",
        (
            "Cha",
            "Bố",
            "Họ tên cha",
            "Họ và tên cha",
            "Họ tên bố",
            "Họ và tên bố",
            "Tên cha",
            "Tên bố",
            "Bố đẻ",
            "Cha đẻ",
            "Father",
            "Father name",
            "Father's name",
            "Name of father",
        ),
    ),
    (
        "mother_name",
        (
            "Mẹ",
            "Họ tên mẹ",
            "Họ và tên mẹ",
            "Tên mẹ",
            "Mẹ đẻ",
            "Mother",
            "Mother name",
            "Mother's name",
            "Name of mother",
        ),
    ),
    (
        "parents_names",
        (
            "Cha mẹ",
            "Bố mẹ",
            "Cha, mẹ",
            "Bố, mẹ",
            "Cha/mẹ",
            "Bố/mẹ",
            "Phụ huynh",
            "Họ tên cha mẹ",
            "Họ tên bố mẹ",
            "Họ và tên cha mẹ",
            "Họ và tên bố mẹ",
            "Họ tên phụ huynh",
            "Parents",
        ),
    ),
    (
        "caregiver_name",
        (
            "Người chăm sóc",
            "Người chăm sóc chính",
            "NCSC",
            "NCS",
            "Người nuôi dưỡng",
            "Người giám hộ",
            "Người đang nuôi dưỡng",
            "Người trực tiếp chăm sóc",
            "Người trực tiếp nuôi dưỡng",
            "Người đỡ đầu",
            "Ở với",
            "Sống với",
            "Hiện ở với",
            "Hiện sống với",
            "Đang sống với ai",
            "Hiện đang ở với",
            "Caregiver",
            "Guardian",
            "Carer",
        ),
    ),
    (
        "caregiver_relation",
        ("Mối quan hệ", "Quan hệ", "Quan hệ với trẻ", "Mối quan hệ với trẻ", "Quan hệ với người chăm sóc"),
    ),
    ("relation_to_head", ("Quan hệ với chủ hộ", "QH với chủ hộ", "Mối quan hệ với chủ hộ", "QHCH", "Relation to head")),
    (
        "father_state",
        ("Tình trạng cha", "Tình trạng của cha", "Tình trạng bố", "Tình trạng của bố", "Cha còn/mất", "Bố còn/mất"),
    ),
    ("mother_state", ("Tình trạng mẹ", "Tình trạng của mẹ", "Mẹ còn/mất")),
    ("parents_state", ("Tình trạng cha mẹ", "Tình trạng bố mẹ", "Tình trạng của cha mẹ", "Tình trạng cha, mẹ")),
    (
        "household_head",
        (
            "Chủ hộ",
            "Tên chủ hộ",
            "Họ tên chủ hộ",
            "Họ và tên chủ hộ",
            "Hộ gia đình",
            "Hộ ông (bà)",
            "Household head",
            "Head of household",
            "Hộ ông/bà",
        ),
    ),
    ("household_code", ("Mã hộ", "Mã số hộ", "Mã hộ GĐ", "Mã hộ gia đình", "Mã hộ nghèo", "Household code")),
    (
        "phone",
        (
            "Điện thoại",
            "SĐT",
            "Số điện thoại",
            "Số ĐT",
            "ĐT",
            "Đ.thoại",
            "Điện thoại liên hệ",
            "SĐT liên hệ",
            "ĐT liên hệ",
            "Phone",
            "Phone number",
            "Tel",
            "Mobile",
            "Telephone",
        ),
    ),
    (
        "household_status",
        (
            "Diện hộ",
            "Hộ nghèo/cận nghèo",
            "Hộ nghèo, cận nghèo",
            "Hộ nghèo, hộ cận nghèo",
            "Hộ nghèo/hộ cận nghèo",
            "Hoàn cảnh kinh tế",
            "Loại hộ",
            "Phân loại hộ",
            "Diện",
            "Thuộc diện",
            "Thuộc diện hộ",
            "Thuộc hộ",
            "Kinh tế hộ",
            "Mức sống",
            "Household status",
            "Poverty",
            "Poverty status",
            "HN/HCN",
            "Kết quả rà soát",
        ),
    ),
    ("is_poor", ("Hộ nghèo", "HN", "Nghèo", "Poor", "Thuộc hộ nghèo")),
    ("is_near_poor", ("Hộ cận nghèo", "Cận nghèo", "HCN", "CN", "Near poor", "Thuộc hộ cận nghèo")),
    (
        "circumstances",
        (
            "Hoàn cảnh",
            "Hoàn cảnh đặc biệt",
            "Hoàn cảnh (nhóm / ghi rõ)",
            "Nhóm hoàn cảnh",
            "Nhóm hoàn cảnh đặc biệt",
            "Nhóm",
            "Nhóm HCĐB",
            "HCĐB",
            "Đối tượng",
            "Nhóm đối tượng",
            "Loại đối tượng",
            "Thuộc nhóm",
            "Diện hoàn cảnh",
            "Tình trạng hoàn cảnh",
            "Nhóm trẻ",
            "Loại hình",
            "Hoàn cảnh của trẻ",
            "Tình trạng của trẻ",
            "Circumstance",
            "Circumstances",
            "Category",
            "Special circumstance",
            "Diện mồ côi",
            "Tình trạng mồ côi",
            "Mồ côi",
            "Thuộc đối tượng",
        ),
    ),
    (
        "risks",
        (
            "Nguy cơ",
            "Nhóm nguy cơ",
            "Trẻ có nguy cơ",
            "Nguy cơ rơi vào HCĐB",
            "Hoàn cảnh nguy cơ",
            "Risk",
            "Risks",
            "Lý do nguy cơ",
        ),
    ),
    (
        "disability_types",
        (
            "Dạng khuyết tật",
            "Dạng tật",
            "Loại khuyết tật",
            "Loại tật",
            "Dạng KT",
            "Tật",
            "Disability",
            "Disability type",
            "Type of disability",
        ),
    ),
    (
        "disability_severity",
        ("Mức độ", "Mức độ khuyết tật", "Mức độ KT", "MĐKT", "Mức độ tật", "Severity", "Disability severity", "Level"),
    ),
    (
        "certificate_number",
        (
            "Số giấy XNKT",
            "Giấy XNKT",
            "Số GXNKT",
            "GXNKT",
            "Số giấy xác nhận",
            "Số giấy xác nhận khuyết tật",
            "Giấy xác nhận khuyết tật",
            "Số giấy chứng nhận khuyết tật",
            "Số GCN khuyết tật",
            "Certificate number",
            "Certificate no",
            "Disability certificate",
        ),
    ),
    (
        "insurance_number",
        (
            "BHYT",
            "Số thẻ BHYT",
            "Mã thẻ BHYT",
            "Số BHYT",
            "Thẻ BHYT",
            "Mã BHYT",
            "Số thẻ bảo hiểm y tế",
            "Bảo hiểm y tế",
            "Mã số BHXH",
            "Health insurance",
            "Insurance number",
        ),
    ),
    ("child_code", ("Mã trẻ em", "Mã trẻ", "Mã số trẻ em", "Child code")),
    ("verified_id", ("Số định danh do công an xác minh", "Số định danh công an xác minh")),
    ("check_result", ("Kết quả xác minh", "Kết quả đối chiếu", "Kết quả kiểm tra")),
    ("verified_by", ("Người xác minh", "Cán bộ xác minh", "Công an xác minh")),
    ("verified_on", ("Ngày xác minh", "Ngày đối chiếu")),
    ("residence", ("Cư trú", "Tình trạng cư trú", "Loại cư trú", "Residence")),
    ("schooling", ("Học tập", "Bậc học", "Cấp học", "Tình trạng học tập", "Schooling")),
    ("school_class", ("Lớp", "Class", "Grade", "Học lớp", "Nhóm lớp", "Nhóm/lớp")),
    (
        "school_name",
        (
            "Trường",
            "Trường học",
            "Tên trường",
            "Học lớp/trường",
            "Trường/lớp",
            "Trường, lớp",
            "Lớp/trường",
            "Lớp, trường",
            "Đang học",
            "Đang học trường",
            "Nơi học",
            "School",
            "Trình độ học vấn",
            "Trình độ văn hóa",
            "Học vấn",
        ),
    ),
    (
        "birth_registration",
        (
            "Khai sinh",
            "Đã đăng ký khai sinh",
            "Đăng ký khai sinh",
            "ĐKKS",
            "Giấy khai sinh",
            "Có giấy khai sinh",
            "Birth registration",
        ),
    ),
    ("note", ("Ghi chú", "Ghi chú khác", "Chú thích", "Note", "Notes", "Remark", "Remarks", "Comment", "G.chú")),
    ("movement", ("Biến động", "Theo dõi biến động", "Tình hình biến động", "Diễn biến")),
    (
        "allowance",
        (
            "Chế độ đang hưởng",
            "Trợ cấp",
            "Trợ cấp đang hưởng",
            "Chế độ",
            "Chính sách đang hưởng",
            "Mức trợ cấp",
            "Hưởng trợ cấp",
            "Chế độ, chính sách",
        ),
    ),
    (
        IGNORED,
        (
            "Tuổi",
            "Age",
            "Quê quán",
            "Nguyên quán",
            "Nơi sinh",
            "Tôn giáo",
            "Nghề nghiệp",
            "Ký nhận",
            "Ký tên",
            "Chữ ký",
            "Email",
            "Số hộ khẩu",
            "Xã",
            "Huyện",
            "Tỉnh",
            "Ngày cấp",
            "Nơi cấp",
            "Số hộ",
            "Số khẩu",
            "Số nhân khẩu",
            "Nhân khẩu",
            "Số con",
            "Năm học",
            "Số tiền",
            "Hệ số",
            "Cân nặng",
            "Chiều cao",
            "Người khác báo",
            "Nơi đăng ký khai sinh",
            "Nơi ĐKKS",
            "Ngày đăng ký khai sinh",
            "Số giấy khai sinh",
            "Phường",
            "Xã, phường",
            "Cơ quan nhận",
        ),
    ),
)

#: Tried in order when no exact heading fits; folded text.
PATTERNS: tuple[tuple[str, str], ...] = (
    (
        IGNORED,
        r"^(ngay|noi) (cap|ky|quyet dinh|chuyen|dang ky|huong|vao|lap)\b|^so quyet dinh|^nghe nghiep|^que quan|^so tien",
    ),
    ("phone", r"\b(dien thoai|sdt|so dt|so phone)\b"),
    (
        IGNORED,
        r"\b(cccd|cmnd|dinh danh|can cuoc|que quan|trinh do)\b.*\b(cha|bo|me|chu ho|cham soc|giam ho|phu huynh)\b",
    ),
    (IGNORED, r"\b(cha|bo|me|chu ho|cham soc|giam ho)\b.*\b(cccd|cmnd|dinh danh|can cuoc|que quan)\b|^nghe\b"),
    ("parents_state", r"\b(tinh trang|con song|con hay mat)\b.*\b(cha|bo)\b.*\bme\b"),
    ("father_state", r"\b(tinh trang|con song|con mat)\b.*\b(cha|bo)\b"),
    ("mother_state", r"\b(tinh trang|con song|con mat)\b.*\bme\b"),
    ("father_born", r"\b(nam|ngay) sinh\b.*\b(cha|bo)\b|\b(cha|bo)\b.*\b(nam|ngay) sinh\b"),
    ("mother_born", r"\b(nam|ngay) sinh\b.*\bme\b|\bme\b.*\b(nam|ngay) sinh\b"),
    (
        "parents_names",
        r"^con (cua )?ong ba\b|\bten\b.*\b(cha|bo|me)\b.*\b(cha|bo|me|giam ho|nguoi nuoi)\b|\b(father|mother)\b.*\b(father|mother)\b",
    ),
    ("father_name", r"^con (cua )?ong$"),
    ("mother_name", r"^con (cua )?ba$"),
    ("father_name", r"\b(ho ten|ho va ten|ten)\b.*\b(cha|bo)\b|\bfather\b"),
    ("mother_name", r"\b(ho ten|ho va ten|ten)\b.*\bme\b|\bmother\b"),
    ("relation_to_head", r"quan he\b.*\bchu ho"),
    ("caregiver_relation", r"^(moi )?quan he\b"),
    ("caregiver_name", r"\b(cham soc|giam ho|nuoi duong|do dau|caregiver|guardian)\b"),
    ("household_head", r"\bchu ho\b|\bhead of\b"),
    ("household_code", r"\bma( so)? ho\b"),
    ("insurance_number", r"\bbhyt\b|bao hiem y te|\binsurance\b"),
    ("certificate_number", r"giay.*(khuyet tat|xnkt|xac nhan kt)|\bg?xnkt\b"),
    ("personal_id", r"dinh danh|\bcccd\b|\bcmnd\b|can cuoc|\bddcn\b"),
    ("household_status", r"\bho ngheo\b.*\bcan ngheo\b|\bdien ho\b|\bloai ho\b"),
    ("is_near_poor", r"\bho can ngheo\b"),
    ("is_poor", r"^(thuoc )?ho ngheo\b"),
    ("disability_severity", r"\bmuc do\b.*\b(khuyet tat|kt|tat|nang)\b"),
    ("disability_types", r"\b(dang|loai)\b.*\b(khuyet tat|kt|tat)\b"),
    ("born_on", r"\b(ngay|thang|nam)\b.*\bsinh\b|\bsinh (ngay|nam)\b|date of birth|\bbirth ?da(y|te)\b"),
    ("risks", r"\bnguy co\b"),
    ("circumstances", r"\bhoan canh\b|\bhcdb\b|\bnhom (doi tuong|tre)\b|\bdoi tuong\b|\bcircumstance"),
    ("ethnicity", r"\bdan toc\b|\bethnic"),
    ("full_name", r"^ho\b.*\bten khai sinh"),
    ("birth_registration", r"\bkhai sinh\b"),
    (
        "village",
        r"^(ten |thuoc |dia chi |o |tai )?(thon|xom|ban|ap|khu pho|to dan pho|khu dan cu)\b|\bvillage\b|\bhamlet\b",
    ),
    ("address", r"\bdia chi\b|thuong tru|\bnoi o\b|\bcho o\b|\btam tru\b|\bcu tru\b|\baddress\b"),
    ("school_name", r"\btruong\b|\bschool\b|\bhoc (tap|van)\b"),
    ("school_class", r"\blop\b|\bclass\b"),
    ("full_name", r"^ho\b.*\bten\b|^ten (tre|hoc sinh|chau|con|be)\b|\b(full|child|student)\b.*\bname\b|^name of"),
    ("sex", r"\bgioi tinh\b|\bgender\b"),
    ("allowance", r"\btro cap\b|\bche do\b"),
    ("note", r"\bghi chu\b|\bnotes?\b"),
)

#: What a heading over several columns is about.
CONTEXTS: tuple[tuple[str, str], ...] = (
    ("birth", r"\b(ngay|thang|nam)\b.*\bsinh\b|^ntns$|^sinh (ngay|nam)|date of birth"),
    ("disability", r"\b(dang|loai)\b.*\b(tat|kt)\b|^khuyet tat$|^disability"),
    ("severity", r"\bmuc do\b|\bseverity\b"),
    ("sex", r"^gioi( tinh)?$|^nam nu$|^(sex|gender)$"),
    ("father", r"^(thong tin )?(ve |cua )?(nguoi )?(cha|bo)( de)?( cua tre)?$|^father"),
    ("mother", r"^(thong tin )?(ve |cua )?(nguoi )?me( de)?( cua tre)?$|^mother"),
    ("caregiver", r"\b(cham soc|giam ho|nuoi duong)\b"),
    ("head", r"\bchu ho\b"),
    ("parents", r"\b(cha|bo) me\b|\b(cha|bo) va me\b"),
    ("poverty", r"\bdien ho\b|\bho ngheo\b|\bho gia dinh\b|\bthuoc (ho|dien)\b|hoan canh kinh te|\bloai ho\b"),
    ("risk", r"\bnguy co\b"),
    ("circumstance", r"\bhoan canh\b|\bhcdb\b|\bnhom\b|\bdoi tuong\b|\bmo coi\b"),
    ("place", r"\bdia chi\b|\bnoi o\b|thuong tru|\bcu tru\b"),
)

#: Under a heading about another person, the usual sub-headings mean that person's.
OF_PERSON: dict[str, dict[str, str]] = {
    "father": {
        "full_name": "father_name",
        "born_on": "father_born",
        "circumstances": "father_state",
        "father_name": "father_name",
    },
    "mother": {
        "full_name": "mother_name",
        "born_on": "mother_born",
        "circumstances": "mother_state",
        "mother_name": "mother_name",
    },
    "caregiver": {
        "full_name": "caregiver_name",
        "caregiver_relation": "caregiver_relation",
        "caregiver_name": "caregiver_name",
    },
    "head": {"full_name": "household_head", "household_head": "household_head", "household_code": "household_code"},
    "parents": {"father_name": "father_name", "mother_name": "mother_name", "full_name": "parents_names"},
}
#: Sub-headings that keep their meaning under another person's heading.
ANYONE: frozenset[str] = frozenset({"phone", "address", "village"})

DISABILITY_TICKS: tuple[tuple[str, str], ...] = (
    ("hearing_speech", r"\bnghe\b|\bnoi\b|\bcam\b|\bdiec\b|\bhearing\b|\bspeech\b"),
    ("movement", r"van dong|^vd\b|\bmobility\b|\bmovement\b|\bphysical\b"),
    ("vision", r"\bnhin\b|\bthi luc\b|\bmu\b|\bkhiem thi\b|\bvision\b|\bvisual\b"),
    ("mental", r"than kinh|tam than|\btk( tt)?\b|\bmental\b|\bpsych"),
    ("intellectual", r"tri tue|\btr tue\b|\bintellectual\b|cham phat trien tri|\bdown\b"),
    ("other", r"^khac\b|\bkhuyet tat khac\b|tat khac\b|^kt khac|\bother\b|\btu ky\b"),
)
SEVERITY_TICKS: tuple[tuple[str, str], ...] = (
    ("extreme", r"dac biet nang|\bdbn\b|\bextreme\b|\bvery severe\b"),
    ("severe", r"\bnang\b|\bsevere\b"),
    ("mild", r"\bnhe\b|\bmild\b"),
)

_MODEL_FIELDS = {"village_id": "village", "ethnicity_code": "ethnicity", "head_name": "household_head"}


@dataclass(frozen=True)
class Named:
    """What a heading means; `detail` is the kind a tick column stands for."""

    field: str
    detail: str | None = None


@cache
def exact_headings() -> dict[str, str]:
    """Folded heading → field: this table and the aliases declared beside the columns."""
    known: dict[str, str] = {}
    for field, headings in EXACT:
        for heading in headings:
            known.setdefault(fold(heading), field)
    for model in (Child, Household, Disability):
        for name, facts in fields_of(model).items():
            for heading in facts.aliases:
                known.setdefault(fold(heading), _MODEL_FIELDS.get(name, name))
    return known


@cache
def by_heading(heading: str) -> str | None:
    """The field a single heading names, whatever stands above it."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading)
    for text in (fold(heading), fold(bare)):
        if text in exact_headings():
            return exact_headings()[text]
    for text in (fold(bare), fold(heading)):
        for field, pattern in PATTERNS:
            if re.search(pattern, text):
                return field
    return None


@cache
def context_of(heading: str) -> str | None:
    """What a heading over several columns is about."""
    text = fold(re.sub(r"\([^)]*\)", " ", heading)) or fold(heading)
    return next((context for context, pattern in CONTEXTS if re.search(pattern, text)), None)


def first_match(text: str, table: tuple[tuple[str, str], ...]) -> str | None:
    """The first entry of a table whose pattern is found in folded text."""
    return next((name for name, pattern in table if re.search(pattern, text)), None)
