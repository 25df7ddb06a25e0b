"""Lists of other kinds than the practice ones: read by meaning, not by position."""

from datetime import date

import pytest

from app.imports import textfix
from app.imports.decisions import Decisions
from app.imports.reader import Unreadable
from tests.unit.import_lists import csv_text, read, rows, told, xlsx

SIMPLE = [
    ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Thôn"],
    [1, "Nguyễn Văn Đức", "Nam", "05/06/2015", "Thôn 1"],
    [2, "Trần Thị Hường", "Nữ", "12/2016", "Thôn 2"],
]
SIMPLE_TOLD = [
    ("Nguyễn Văn Đức", "male", "2015-06-05", "Thôn 1"),
    ("Trần Thị Hường", "female", "2016-12", "Thôn 2"),
]
SIMPLE_FIELDS = ("full_name", "sex", "born_on", "village")


def test_columns_stand_in_any_order_under_english_headings() -> None:
    found = rows(
        [
            ["Village", "Mother's name", "DOB", "Gender", "Full name", "ID number", "No"],
            ["Thôn 2", "Lê Thị Hoa", "5/6/2015", "F", "Trần Thị Mai", "030315123456", 1],
        ]
    )

    assert told(found[0], "full_name", "sex", "born_on", "personal_id", "mother_name", "village") == (
        "Trần Thị Mai",
        "female",
        "2015-06-05",
        "030315123456",
        "Lê Thị Hoa",
        "Thôn 2",
    )


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "utf-8"), (",", "utf-8-sig"), ("\t", "utf-16"), ("|", "utf-8"), (";", "utf-16-le"), (",", "utf-16-be")],
)
def test_text_files_of_any_usual_encoding_and_separator(separator: str, encoding: str) -> None:
    found = rows(csv_text(SIMPLE, separator, encoding), "danh-sach.csv")

    assert [told(row, *SIMPLE_FIELDS) for row in found] == SIMPLE_TOLD


def test_text_in_windows_1258_and_in_decomposed_unicode() -> None:
    import unicodedata

    def to_1258(text: str) -> str:
        composed = []
        for character in text:
            parts = unicodedata.normalize("NFD", character)
            tone = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
            base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tone))
            composed += [base, *tone]
        return "".join(composed)

    grid = [[to_1258(cell) if isinstance(cell, str) else cell for cell in row] for row in SIMPLE]
    decomposed = [[unicodedata.normalize("NFD", str(cell)) for cell in row] for row in SIMPLE]

    for content in (csv_text(grid, ";", "cp1258"), csv_text(decomposed)):
        assert [told(row, *SIMPLE_FIELDS) for row in rows(content, "a.csv")] == SIMPLE_TOLD


def vni(text: str) -> str:
    table = {letter: spelt for spelt, letter in textfix._vni_table().items()}
    return "".join(table.get(character, character) for character in text)


def tcvn3(text: str) -> str:
    table = {letter: chr(code) for code, letter in textfix._tcvn3_table().items()}
    return "".join(table.get(character, character) for character in text)


@pytest.mark.parametrize(("spell", "font"), [(vni, "VNI-Times"), (vni, None), (tcvn3, ".VnTime"), (tcvn3, None)])
def test_old_encodings_are_recognised_by_font_or_by_text(spell: object, font: str | None) -> None:
    grid = [[spell(cell) if isinstance(cell, str) else cell for cell in row] for row in SIMPLE]  # type: ignore[operator]

    assert [told(row, *SIMPLE_FIELDS) for row in rows(xlsx(grid, font=font))] == SIMPLE_TOLD


def test_unicode_text_in_an_old_font_is_left_alone() -> None:
    assert [told(row, *SIMPLE_FIELDS) for row in rows(xlsx(SIMPLE, font=".VnTime"))] == SIMPLE_TOLD


def test_a_capital_font_draws_capitals() -> None:
    grid = [[tcvn3(cell) if isinstance(cell, str) else cell for cell in row] for row in SIMPLE]

    assert rows(xlsx(grid, font=".VnTimeH"))[0].values["full_name"] == "Nguyễn Văn Đức"


def test_newborns_written_trai_or_gai_have_a_sex_and_no_name() -> None:
    found = rows(
        [
            ["TT", "Họ tên trẻ", "NTNS", "Họ tên mẹ", "Thôn"],
            [1, "Trai", "1/10/2026", "Lê Thị Hoa", "Thôn 1"],
            [2, "Gái", "2/10/2026", "Lê Thị Lan", "Thôn 1"],
            [3, None, "3/10/2026", "Lê Thị Mận", "Thôn 1"],
        ]
    )

    assert [told(row, "full_name", "sex", "born_on") for row in found] == [
        (None, "male", "2026-10-01"),
        (None, "female", "2026-10-02"),
        (None, None, "2026-10-03"),
    ]


def test_names_in_two_columns_under_one_heading() -> None:
    found = rows(
        xlsx(
            [
                ["STT", "Họ và tên", None, "Nữ", "Ngày sinh", "Lớp", "Chỗ ở hiện nay"],
                [1, "Nguyễn Hoàng", "Anh", None, "05/09/2014", "6A", "Thôn 4, xã Cao Thắng"],
                [2, "Trần Thị Kim", "Chi", "x", "15/12/2014", "6A", "Thôn Đông, xã Cao Thắng"],
            ],
            merges=("B1:C1",),
        )
    )

    assert [told(row, "full_name", "sex", "born_on", "village", "school_name") for row in found] == [
        ("Nguyễn Hoàng Anh", "male", "2014-09-05", "Thôn 4", "6A"),
        ("Trần Thị Kim Chi", "female", "2014-12-15", "Thôn Đông", "6A"),
    ]
    assert [w.field for w in found[0].warnings] == ["sex"]


def test_headings_about_the_child_the_father_and_the_mother() -> None:
    found = rows(
        xlsx(
            [
                ["STT", "Thông tin trẻ", None, None, "Cha", None, "Mẹ", None, "Điện thoại"],
                [None, "Họ và tên", "Ngày sinh", "Giới tính", "Họ và tên", "CCCD", "Họ và tên", "Năm sinh", None],
                [
                    1,
                    "Vũ Minh Khôi",
                    "05/06/2018",
                    "Nam",
                    "Vũ Văn Nam",
                    "030088001234",
                    "Lê Thị Nga",
                    1990,
                    "0912345678",
                ],
            ],
            merges=("A1:A2", "B1:D1", "E1:F1", "G1:H1", "I1:I2"),
        )
    )

    assert told(found[0], "full_name", "father_name", "mother_name", "personal_id", "phone", "mother_born_year") == (
        "Vũ Minh Khôi",
        "Vũ Văn Nam",
        "Lê Thị Nga",
        None,
        "0912345678",
        1990,
    )


def test_day_month_and_year_in_three_columns() -> None:
    found = rows(
        xlsx(
            [
                ["STT", "Họ tên", "Ngày sinh", None, None, "Giới tính", None],
                [None, None, "Ngày", "Tháng", "Năm", "Nam", "Nữ"],
                [1, "Vũ Minh Khôi", 5, 6, 2018, "x", None],
                [2, "Vũ Minh Ngọc", None, None, 2019, None, "x"],
            ],
            merges=("C1:E1", "F1:G1", "A1:A2", "B1:B2"),
        )
    )

    assert [told(row, "born_on", "sex") for row in found] == [("2018-06-05", "male"), ("2019", "female")]


def test_an_orphan_list_with_a_tick_for_each_kind() -> None:
    found = rows(
        xlsx(
            [
                ["DANH SÁCH TRẺ EM MỒ CÔI NĂM 2026 - THÔN 5"],
                [None],
                ["STT", "Họ và tên trẻ em", "Năm sinh", None, "Tình trạng mồ côi", None, None, "Hiện ở với"],
                [None, None, "Nam", "Nữ", "Mồ côi cả cha và mẹ", "Mồ côi cha", "Mồ côi mẹ", None],
                [1, "Lê Văn Phúc", 2014, None, "x", None, None, "Ông nội Lê Văn Tám"],
                [2, "Lê Thị Lộc", None, 2016, None, "x", None, "Mẹ"],
                ["Cộng", "02 cháu"],
            ],
            merges=("A1:H1", "C3:D3", "E3:G3", "A3:A4", "B3:B4", "H3:H4"),
        )
    )

    assert [told(row, "full_name", "sex", "born_on", "village", "circumstances", "risks") for row in found] == [
        ("Lê Văn Phúc", "male", "2014", "Thôn 5", ["a.3"], None),
        ("Lê Thị Lộc", "female", "2016", "Thôn 5", None, ["r.half_orphan"]),
    ]
    assert [told(row, "father_state", "mother_state") for row in found] == [("dead", "dead"), ("dead", None)]


def test_parents_states_in_words() -> None:
    found = rows(
        [
            [
                "STT",
                "Họ và tên",
                "Giới tính",
                "Ngày sinh",
                "Họ tên cha",
                "Tình trạng cha",
                "Họ tên mẹ",
                "Tình trạng mẹ",
            ],
            [1, "Lê Văn Phúc", "Nam", "1/2/2014", "Lê Văn A", "Đã mất", "Trần Thị B", "Mất tích"],
            [2, "Lê Văn Thọ", "Nam", "1/2/2015", "Lê Văn C", "Đi tù", "Trần Thị D", "Còn sống"],
            [
                3,
                "Lê Văn Lộc",
                "Nam",
                "1/2/2016",
                "Lê Văn E (đã mất)",
                None,
                "Trần Thị G",
                "Không còn khả năng chăm sóc",
            ],
        ]
    )

    assert [told(row, "father_state", "mother_state") for row in found] == [
        ("dead", "missing"),
        ("in_prison", "alive"),
        ("dead", "unable"),
    ]


def test_a_poor_household_list_gives_its_standing_by_the_title() -> None:
    found = rows(
        xlsx(
            [
                ["UBND XÃ CAO THẮNG", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
                ["DANH SÁCH TRẺ EM THUỘC HỘ NGHÈO NĂM 2026"],
                ["TT", "Họ và tên chủ hộ", "Họ tên trẻ", "Quan hệ với chủ hộ", "Ngày sinh", "Giới tính", "Địa chỉ"],
                [1, "Phạm Văn Bảy", "Phạm Thị Hạnh", "Con", "2/3/2017", "Nữ", "Thôn 2"],
                [None, None, "Phạm Văn Thắng", "Con", "4/5/2019", "Nam", "Thôn 2"],
            ],
            merges=("A2:G2", "B4:B5"),
        )
    )

    assert [told(row, "household_head", "household_status", "village") for row in found] == [
        ("Phạm Văn Bảy", "poor", "Thôn 2"),
        ("Phạm Văn Bảy", "poor", "Thôn 2"),
    ]


def test_a_head_without_merges_is_carried_down_in_text_files() -> None:
    found = rows(
        csv_text(
            [
                ["STT", "Chủ hộ", "Họ và tên trẻ", "NTNS", "Nam/Nữ"],
                [1, "Đỗ Văn An", "Đỗ Thị Bích", "1/2/2015", "Nữ"],
                [2, "", "Đỗ Văn Chung", "3/4/2017", "Nam"],
                [3, "Lê Văn Dũng", "Lê Thị Én", "5/6/2018", "Nữ"],
            ]
        ),
        "so-thon-4.csv",
    )

    assert [told(row, "household_head", "village") for row in found] == [
        ("Đỗ Văn An", "Thôn 4"),
        ("Đỗ Văn An", "Thôn 4"),
        ("Lê Văn Dũng", "Thôn 4"),
    ]


def test_two_tables_on_a_sheet_each_with_its_village() -> None:
    head = ["STT", "Họ và tên", "Ngày sinh", "Giới tính"]
    found = rows(
        [
            ["DANH SÁCH TRẺ EM THÔN 1"],
            head,
            [1, "Lê Văn Phúc", "1/2/2014", "Nam"],
            ["Tổng số: 1"],
            [None, None, None, "Trưởng thôn"],
            [None],
            ["DANH SÁCH TRẺ EM THÔN 2"],
            head,
            [1, "Lê Thị Lộc", "3/4/2015", "Nữ"],
            [2, "Tống Văn Tài", "3/4/2016", "Nam"],
        ]
    )

    assert [told(row, "full_name", "village") for row in found] == [
        ("Lê Văn Phúc", "Thôn 1"),
        ("Lê Thị Lộc", "Thôn 2"),
        ("Tống Văn Tài", "Thôn 2"),
    ]


def test_a_sheet_for_each_village_and_hidden_sheets_left_out() -> None:
    grid = [["STT", "Họ và tên", "Ngày sinh", "Giới tính"], [1, "Lê Văn Phúc", "1/2/2014", "Nam"]]

    found = rows(xlsx({"Thôn 7": grid, "Thôn Đoài": grid}))

    assert [told(row, "village") for row in found] == [("Thôn 7",), ("Thôn Đoài",)]


def test_group_section_rows_give_the_circumstance() -> None:
    found = rows(
        xlsx(
            [
                ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Thôn"],
                ["A. Trẻ em mồ côi cả cha và mẹ, ở với ông bà"],
                [1, "Lê Văn Phúc", "1/2/2014", "Nam", "Thôn 1"],
                ["B. Trẻ em khuyết tật nặng"],
                [2, "Lê Thị Lộc", "3/4/2015", "Nữ", 2],
            ],
            merges=("A2:E2", "A4:E4"),
        )
    )

    assert [told(row, "circumstances", "village") for row in found] == [(["a.3"], "Thôn 1"), (["d.2"], "Thôn 2")]


def test_old_groups_are_flagged_and_their_words_kept() -> None:
    found = rows(
        [
            ["STT", "Họ và tên", "Ngày sinh", "Hoàn cảnh"],
            [1, "Lê Văn Phúc", "1/2/2014", "Trẻ em lang thang"],
            [2, "Lê Thị Lộc", "3/4/2015", "Bệnh hiểm nghèo"],
        ]
    )

    assert told(found[0], "circumstances", "circumstance_words") == (None, "Trẻ em lang thang")
    assert "luật cũ" in found[0].warnings[0].message
    assert found[1].values["circumstances"] == ["n"]


def test_dates_in_all_their_forms() -> None:
    forms = {
        "16.06.2017": "2017-06-16", "5-3-15": "2015-03-05", "5/3/2015": "2015-03-05", "2015": "2015", "3/2015": "2015-03",
        "'05/06/2015": "2015-06-05", "Năm 2015": "2015", "2015-06-05 00:00:00": "2015-06-05", "sinh năm 2016": "2016",
        "ngày 5 tháng 6 năm 2015": "2015-06-05", date(2015, 6, 5): "2015-06-05", 42160: "2015-06-05", 2014: "2014",
        5062015: "2015-06-05", "05062015": "2015-06-05",
    }  # fmt: skip
    grid = [["STT", "Họ và tên", "Ngày sinh"]]
    grid += [[number, f"Lê Văn {chr(65 + number)}", form] for number, form in enumerate(forms)]  # type: ignore[list-item]

    assert [row.values.get("born_on") for row in rows(grid)] == list(forms.values())


def test_dates_written_month_first_are_shown_never_guessed() -> None:
    found = rows(
        [
            ["STT", "Họ và tên", "Ngày sinh"],
            [1, "Lê Văn An", "05/28/2014"],
            [2, "Lê Văn Bình", date(2015, 3, 4)],
            [3, "Lê Văn Cường", "31/02/2015"],
        ]
    )

    assert [[error.field for error in row.errors] for row in found] == [["born_on"], [], ["born_on"]]
    assert [[w.proposed for w in row.warnings] for row in found] == [["2014-05-28"], ["2015-04-03"], []]
    assert "born_on" not in found[0].values


def test_ids_as_numbers_floats_and_text() -> None:
    forms = [
        30315123456,
        "030 315 123 456",
        "'030315123456",
        "030.315.123.456",
        1315123456,
        "3.0315123456E+10",
        30315123456.0,
    ]
    grid = [["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Số định danh"]]
    grid += [[number, f"Lê Thị {chr(65 + number)}", "Nữ", "1/1/2015", form] for number, form in enumerate(forms)]  # type: ignore[list-item]

    found = rows(grid)

    assert [row.values.get("personal_id") for row in found] == [
        "030315123456", "030315123456", "030315123456", "030315123456", "001315123456", "030315123456", "030315123456",
    ]  # fmt: skip
    assert [any(w.proposed for w in row.warnings) for row in found] == [True, False, False, False, True, True, True]


def test_ids_that_are_no_ids_are_said() -> None:
    found = rows(
        [
            ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "CCCD"],
            [1, "Lê Thị An", "Nữ", "1/1/2015", "141234567"],
            [2, "Lê Thị Bé", "Nữ", "1/1/2015", "0303151234567"],
            [3, "Lê Thị Cúc", "Nữ", "1/1/2015", "030216123456"],
            [4, "Lê Thị Duyên", "Nữ", "1/1/2015", "chưa có"],
        ]
    )

    assert [row.values.get("personal_id") for row in found] == [None, None, "030216123456", None]
    assert [len(row.errors) for row in found] == [0, 1, 0, 0]
    assert len(found[2].warnings) == 2


def test_the_same_child_twice_adults_and_future_dates_are_warned_of() -> None:
    found = rows(
        [
            ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Mẹ"],
            [1, "Lê Thị An", "Nữ", "1/1/2015", "Trần Thị B"],
            [2, "LÊ THỊ AN", "Nữ", "01/01/2015", "Trần Thị B"],
            [3, "Lê Thị Bé", "Nữ", "23/11/2010", "Trần Thị B"],
            [4, "Lê Thị Cúc", "Nữ", "24/11/2026", "Trần Thị B"],
            [5, "Lê Thị Duyên", "Nữ", "24/11/2010", "Trần Thị B"],
        ]
    )

    assert [[w.field for w in row.warnings] for row in found] == [[], ["row"], ["born_on"], ["born_on"], []]


def test_a_list_without_headings_is_read_by_its_contents() -> None:
    found = read(
        csv_text(
            [
                ["1", "Nguyễn Văn An", "Nam", "5/6/2015", "030215123456"],
                ["2", "Trần Thị Bích", "Nữ", "7/8/2016", "030316123456"],
            ]
        ),
        "a.csv",
    )

    assert [told(row, "full_name", "sex", "born_on", "personal_id") for row in found.rows] == [
        ("Nguyễn Văn An", "male", "2015-06-05", "030215123456"),
        ("Trần Thị Bích", "female", "2016-08-07", "030316123456"),
    ]
    assert found.sheets[0].notes


def test_a_person_can_correct_what_a_column_means() -> None:
    grid = [["STT", "Họ và tên", "Ngày sinh", "Linh tinh"], [1, "Lê Văn An", "1/2/2015", "Thôn 9"]]

    found = read(xlsx(grid), decisions=Decisions(columns={"Sheet1": {"D": "village"}}))

    assert found.rows[0].values["village"] == "Thôn 9"


def test_a_file_without_children_is_said_to_have_no_table() -> None:
    with pytest.raises(Unreadable) as refused:
        read(xlsx([["Chỉ tiêu", "Thôn 1", "Thôn 2"], ["Số hộ", 120, 130], ["Số trẻ", 80, 90]]))

    assert refused.value.code == "no_table"


def test_repeated_headings_hidden_rows_and_signatures() -> None:
    head = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Ghi chú"]
    found = rows(
        [
            head,
            ["A", "B", 1, 2, 3],
            [1, "Lê Văn An", "1/2/2015", "Nam", None],
            [None],
            head,
            [2, "Lê Văn Bình", "1/2/2016", "Nam", "Dòng một\nDòng hai"],
            [3, None, None, None, None],
            [None, "Tổng cộng", None, None, "2 cháu"],
            [None, None, "Cao Thắng, ngày 05 tháng 10 năm 2026", None, None],
            [None, "NGƯỜI LẬP BIỂU", None, "CHỦ TỊCH", None],
            [None, "Nguyễn Văn Lập", None, "Trần Văn Chủ", None],
        ]
    )

    assert [told(row, "full_name", "note") for row in found] == [
        ("Lê Văn An", None),
        ("Lê Văn Bình", "Dòng một\nDòng hai"),
    ]


def test_phones_that_lost_a_zero_are_proposed_and_two_in_a_cell_shown() -> None:
    found = rows(
        [
            ["STT", "Họ và tên", "Ngày sinh", "SĐT"],
            [1, "Lê Văn An", "1/2/2015", 912345678],
            [2, "Lê Văn Bình", "1/2/2016", "0912.345.678 / 0987654321"],
            [3, "Lê Văn Chi", "1/2/2016", "+84 912 345 678"],
        ]
    )

    assert [told(row, "phone") for row in found] == [("0912345678",), ("0912345678",), ("0912345678",)]
    assert [[w.proposed for w in row.warnings] for row in found] == [["0912345678"], ["0912345678"], []]


def test_heads_in_rows_of_their_own_and_parents_by_con_ong_con_ba() -> None:
    found = rows(
        [
            ["SỔ THEO DÕI TRẺ EM THÔN BÙI XÁ NĂM 2026"],
            ["TT", "Họ và tên", "Nam", "Nữ", "Ngày sinh", "Con ông", "Con bà"],
            [1, "Hộ: Nguyễn Văn Bốn"],
            [None, "Nguyễn Văn An", "x", None, "05/06/2015", "Nguyễn Văn Bốn", "Lê Thị Hoa"],
        ]
    )

    assert [told(row, "full_name", "household_head", "father_name", "mother_name", "village") for row in found] == [
        ("Nguyễn Văn An", "Nguyễn Văn Bốn", "Nguyễn Văn Bốn", "Lê Thị Hoa", "Thôn Bùi Xá")
    ]


def test_three_heading_rows_with_short_names_of_kinds() -> None:
    found = rows(
        xlsx(
            [
                ["STT", "Thông tin trẻ em", None, None, "Khuyết tật", None, None, None],
                [None, "Họ tên", "Ngày sinh", None, "Dạng tật", None, "Mức độ", None],
                [None, None, "Nam", "Nữ", "VĐ", "TK-TT", "ĐBN", "Nặng"],
                [1, "Nguyễn Văn An", "05/06/2015", None, "x", "x", None, "x"],
            ],
            merges=("A1:A3", "B1:D1", "E1:H1", "B2:B3", "C2:D2", "E2:F2", "G2:H2"),
        )
    )

    assert told(found[0], "sex", "born_on", "disability_types", "disability_severity", "circumstances") == (
        "male", "2015-06-05", ["movement", "mental"], "severe", ["d.2"],
    )  # fmt: skip


def test_villages_named_in_rows_with_a_roman_number_beside() -> None:
    found = rows(
        [
            ["Số TT", "Họ và tên", "Năm sinh", "Hoàn cảnh"],
            ["I", "Thôn Đông"],
            [1, "Nguyễn Văn An", 2015, "KT nặng"],
            ["Cộng thôn Đông: 1 trẻ"],
            ["II", "Thôn Đoài"],
            [1, "Lê Văn Bình", 2016, "Mồ côi cả cha lẫn mẹ"],
        ]
    )

    assert [told(row, "village") for row in found] == [("Thôn Đông",), ("Thôn Đoài",)]


@pytest.mark.parametrize(("year", "said"), [(2004, True), (2003, False), (2016, True), (1990, False)])
def test_a_mother_younger_than_twelve_at_the_birth_is_warned_of(year: int, said: bool) -> None:
    grid = [
        ["STT", "Họ và tên", "Ngày sinh", "Họ tên mẹ", "Năm sinh mẹ"],
        [1, "Lê Văn An", "1/2/2015", "Hà Thị Na", year],
    ]

    (row,) = rows(grid)

    assert ("mother_name" in {note.field for note in row.warnings}) is said
    assert row.values["mother_born_year"] == year
