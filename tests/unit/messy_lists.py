"""Messy lists of many kinds made from a seed, each with the truth a careful clerk would read from it. All people are invented."""

import io
import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import openpyxl

from tests.unit.import_lists import Grid, csv_text

SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đinh Quách Tạ Lò Hà Mai".split()
MALE = [
    "Văn Đức",
    "Minh Khôi",
    "Gia Bảo",
    "Quốc Ưng",
    "Hữu Phước",
    "Đình Ước",
    "Tuấn Kiệt",
    "Văn Ơn",
    "Xuân Trường",
    "An",
]
FEMALE = [
    "Thị Hường",
    "Ngọc Ánh",
    "Bảo Châu",
    "Thị Ước",
    "Khánh Vy",
    "Thị Lượng",
    "Hà My",
    "Quỳnh Như",
    "Thuý",
    "Thị Yến Nhi",
]
GROWN_MEN = ["Văn Tứ", "Đình Toàn", "Công Lập", "Văn Bảy", "Hữu Thọ", "Văn Mạnh"]
GROWN_WOMEN = ["Thị Huệ", "Thị Mến", "Thị Tuyết", "Thị Nhàn", "Thị Lụa", "Thị Bưởi"]
ETHNIC = ["Kinh", "Kinh", "Kinh", "Tày", "Mường", "Khơ-me"]

#: Words of a circumstance, the codes, the risks, the parents' states they tell.
CIRCUMSTANCES: list[tuple[str, list[str], dict[str, str]]] = [
    ("Khuyết tật nặng", ["d.2"], {}), ("KT nặng", ["d.2"], {}), ("Khuyết tật đặc biệt nặng", ["d.1"], {}),
    ("TKT nhẹ", ["d.3"], {}), ("Trẻ em khuyết tật", ["d"], {}),
    ("Mồ côi cả cha lẫn mẹ", ["a.3"], {"father_state": "dead", "mother_state": "dead"}),
    ("Mồ côi cả bố và mẹ, ở với ông bà", ["a.3"], {"father_state": "dead", "mother_state": "dead"}),
    ("Bị bỏ rơi", ["b"], {}), ("Nhiễm HIV", ["đ"], {}),
    ("Mồ côi cha, mẹ đang chấp hành án phạt tù", ["c.3"], {"father_state": "dead", "mother_state": "in_prison"}),
    ("Mồ côi mẹ, bố mất tích", ["c.1"], {"mother_state": "dead", "father_state": "missing"}),
    ("Bị xâm hại tình dục", ["l"], {}), ("Nghiện ma túy, đang cai tại nhà", ["g.2"], {}),
]  # fmt: skip
KINDS = {
    "movement": ["Vận động", "VĐ", "KT vận động"], "hearing_speech": ["Nghe, nói", "Nghe nói"], "vision": ["Nhìn", "Khiếm thị"],
    "mental": ["Thần kinh, tâm thần", "TK-TT"], "intellectual": ["Trí tuệ"], "other": ["Khác", "KT khác"],
}  # fmt: skip
SEVERITIES = {"extreme": ["Đặc biệt nặng", "ĐBN"], "severe": ["Nặng"], "mild": ["Nhẹ"]}
TICKS = ["x", "X", "1", "✓", "v", "x "]

HEADINGS: dict[str, list[str]] = {
    "number": ["STT", "TT", "Số TT", "Số thứ tự", "Stt"],
    "full_name": ["Họ và tên", "Họ tên", "Họ và tên trẻ", "HỌ VÀ TÊN", "Họ và tên trẻ em", "Họ, tên trẻ", "Tên trẻ", "Họ tên cháu"],
    "born_on": ["Ngày sinh", "Ngày, tháng, năm sinh", "NTNS", "Ngày tháng năm sinh", "Sinh ngày", "Ngày/tháng/năm sinh", "Năm sinh"],
    "sex": ["Giới tính", "Nam/Nữ", "Giới", "Phái"],
    "personal_id": ["Số định danh cá nhân", "Mã định danh", "CCCD", "Số ĐDCN", "CMND/CCCD", "Số CCCD/ĐDCN", "Mã số định danh"],
    "ethnicity": ["Dân tộc", "DT"],
    "father_name": ["Họ tên cha", "Họ và tên bố", "Cha", "Tên bố", "Họ tên bố"],
    "mother_name": ["Họ tên mẹ", "Họ và tên mẹ", "Mẹ", "Tên mẹ"],
    "caregiver_name": ["Người chăm sóc", "Người nuôi dưỡng", "Họ tên người chăm sóc chính (NCSC)", "Người chăm sóc trẻ"],
    "household_head": ["Chủ hộ", "Họ tên chủ hộ", "Họ và tên chủ hộ"],
    "phone": ["SĐT", "Điện thoại", "Số điện thoại", "ĐT liên hệ"],
    "village": ["Thôn", "Thôn/xóm", "Xóm", "Thôn (bản)", "Nơi ở (thôn)"],
    "address": ["Địa chỉ", "Nơi ở hiện nay", "Nơi đăng ký HKTT", "Chỗ ở hiện tại"],
    "household_status": ["Diện hộ", "Hộ nghèo/cận nghèo", "Thuộc diện"],
    "circumstances": ["Hoàn cảnh", "Hoàn cảnh đặc biệt (ghi rõ)", "Nhóm HCĐB", "Thuộc nhóm đối tượng", "Dạng hoàn cảnh"],
    "disability_types": ["Dạng khuyết tật", "Dạng tật", "Loại khuyết tật"],
    "disability_severity": ["Mức độ", "Mức độ khuyết tật", "Mức độ KT"],
    "certificate_number": ["Số giấy XNKT", "Số giấy xác nhận khuyết tật", "Giấy xác nhận KT số"],
    "insurance_number": ["Số thẻ BHYT", "Mã thẻ BHYT", "BHYT"],
    "note": ["Ghi chú", "Ghi chú khác", "GHI CHÚ"],
}  # fmt: skip


@dataclass
class Person:
    """One invented child and what lists may tell of her."""

    values: dict[str, Any]
    born: date
    words: dict[str, str] = field(default_factory=dict)


@dataclass
class MadeList:
    """A file, its name, and the truth: {(sheet, row): values}."""

    name: str
    content: bytes
    truth: dict[tuple[str, int], dict[str, Any]]
    kind: str


class Maker:
    """Makes one list from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.seed = seed

    def one(self, *choices: Any) -> Any:
        """One of these."""
        return self.chance.choice(choices)

    def maybe(self, share: float) -> bool:
        """True so often."""
        return self.chance.random() < share

    # ── People ──

    def person(self, village: str) -> Person:
        """A child with everything a list may carry."""
        sex = self.one("male", "female")
        surname = self.one(*SURNAMES)
        born = date(2011, 1, 1) + timedelta(days=self.chance.randrange(5500))
        name = f"{surname} {self.one(*(MALE if sex == 'male' else FEMALE))}"
        digit = {"male": 2, "female": 3}[sex]
        values: dict[str, Any] = {
            "full_name": name, "sex": sex, "village": village, "ethnicity": self.one(*ETHNIC),
            "father_name": f"{surname} {self.one(*GROWN_MEN)}", "mother_name": f"{self.one(*SURNAMES)} {self.one(*GROWN_WOMEN)}",
            "phone": f"0{self.one('98', '91', '35', '77')}{self.chance.randrange(10**7):07d}",
        }  # fmt: skip
        if self.maybe(0.85):
            values["personal_id"] = (
                f"0{self.one('30', '31', '01')}{digit}{born.year % 100:02d}{self.chance.randrange(10**6):06d}"
            )
        values["caregiver_name"] = self.one(values["mother_name"], f"{self.one(*SURNAMES)} {self.one(*GROWN_WOMEN)}")
        values["household_head"] = values["father_name"]
        if self.maybe(0.4):
            values["household_status"] = self.one("poor", "near_poor")
        if self.maybe(0.5):
            values["note"] = self.one("Học lớp 3", "Ở xa trường", "Mới chuyển về")
        values["disability_types"] = [self.one(*KINDS)]
        values["disability_severity"] = self.one(*SEVERITIES)
        values["certificate_number"] = f"{self.chance.randrange(1, 900)}/XNKT"
        return Person(values, born)

    # ── Cells ──

    def birth_cell(self, person: Person, style: str) -> tuple[Any, str]:
        """(cell, truth) of a birth date in one style."""
        born = person.born
        year, month, day = born.year, born.month, born.day
        iso = born.isoformat()
        precision = self.chance.random()
        if style != "date" and precision < 0.08:
            return self.one(str(year), f"Năm {year}", f"năm {year}"), str(year)
        if style != "date" and precision < 0.16:
            return self.one(f"{month}/{year}", f"{month:02d}/{year}", f"tháng {month}/{year}", f"T{month}/{year}"), iso[
                :7
            ]
        forms = {
            "date": born,
            "text": f"{day:02d}/{month:02d}/{year}",
            "short": f"{day}/{month}/{year}",
            "dots": f"{day:02d}.{month:02d}.{year}",
            "dashes": f"{day}-{month}-{year}",
            "two": f"{day}/{month}/{year % 100:02d}",
            "words": f"ngày {day} tháng {month} năm {year}",
            "quote": f"'{day:02d}/{month:02d}/{year}",
            "spaces": f"{day:02d} / {month:02d} / {year}",
            "serial": (born - date(1899, 12, 30)).days,
        }
        return forms[style], iso

    def id_cell(self, number: str | None, style: str) -> Any:
        """An ID as lists spell it."""
        if number is None:
            return None
        forms = {
            "text": number, "number": int(number), "float": float(number), "spaces": f"{number[:3]} {number[3:6]} {number[6:]}",
            "dots": f"{number[:3]}.{number[3:6]}.{number[6:9]}.{number[9:]}", "quote": f"'{number}", "short": number[1:],
        }  # fmt: skip
        return forms[style]

    def phone_cell(self, number: str, style: str) -> Any:
        """A phone number as lists spell it."""
        forms = {
            "text": number, "number": int(number), "dots": f"{number[:4]}.{number[4:7]}.{number[7:]}",
            "spaces": f"{number[:4]} {number[4:7]} {number[7:]}", "abroad": f"+84{number[1:]}",
        }  # fmt: skip
        return forms[style]

    # ── A list ──

    def make(self) -> MadeList:
        """The whole list."""
        place = self.one("column", "section", "title", "sheet", "address")
        villages = [f"Thôn {number}" for number in self.chance.sample(range(1, 13), 3)]
        if place in {"title"}:
            villages = villages[:1]
        sheets = villages if place == "sheet" else ["Danh sách" if self.maybe(0.5) else "Sheet1"]
        plan = self.plan(place)
        book: dict[str, Grid] = {}
        truth: dict[tuple[str, int], dict[str, Any]] = {}
        merges: dict[str, list[str]] = {}
        for sheet in sheets:
            here = [sheet] if place == "sheet" else villages
            grid, told, merged = self.sheet(plan, here, place)
            book[sheet], merges[sheet] = grid, merged
            truth |= {(sheet, row): values for row, values in told.items()}
        return self.written(book, merges, truth, plan)

    def plan(self, place: str) -> dict[str, Any]:
        """Which columns, in which style."""
        special = self.one("plain", "special", "disabled", "household", "orphans")
        columns = ["number"] if self.maybe(0.85) else []
        columns.append("name")
        birth = self.one("single", "single", "nam_nu", "parts")
        order = ["birth"] if birth == "nam_nu" else self.one(["birth", "sex"], ["sex", "birth"])
        columns += order
        optional = ["personal_id", "ethnicity", "father_name", "mother_name", "caregiver_name"]
        columns += [name for name in optional if self.maybe(0.65)]
        if place in {"column", "address"}:
            columns.append("village" if place == "column" else "address")
        if special == "household":
            columns += ["household_head", "phone"]
        if special in {"special", "orphans"}:
            columns.append("circumstances")
        if special == "disabled":
            columns += ["kinds", "severity"] + (["certificate_number"] if self.maybe(0.7) else [])
        if self.maybe(0.6):
            columns.append("status")
        if self.maybe(0.6):
            columns.append("note")
        return {
            "columns": columns, "special": special, "birth": birth, "place": place,
            "born_style": self.one("date", "text", "short", "dots", "dashes", "two", "words", "quote", "spaces", "serial"),
            "sex_style": self.one("word", "word", "letters", "trai", "ticks", "one_zero"),
            "id_style": self.one("text", "number", "float", "spaces", "dots", "quote", "short"),
            "phone_style": self.one("text", "number", "dots", "spaces", "abroad"),
            "name_style": self.one("one", "one", "capitals", "two"),
            "status_style": self.one("ticks", "words", "single_tick"),
            "kinds_style": self.one("ticks", "words"), "letterhead": self.maybe(0.7), "numbering": self.maybe(0.4),
            "signature": self.maybe(0.7), "totals": self.maybe(0.5), "blank_rows": self.maybe(0.2),
            "format": self.one("xlsx", "xlsx", "xlsx", "csv") if place != "sheet" else "xlsx",
            "tick": self.one(*TICKS), "sections": self.one("I. {}", "{}", "1. {}", "{} :", "{}"),
        }  # fmt: skip

    def heads(self, plan: dict[str, Any]) -> list[tuple[str, str]]:  # noqa: C901 - one branch for each kind of column
        """(upper heading, lower heading) of each column; the same twice over one that runs down."""
        found: list[tuple[str, str]] = []

        def one(name: str) -> None:
            text = self.one(*HEADINGS[name])
            found.append((text, text))

        for name in plan["columns"]:
            if name == "name":
                if plan["name_style"] == "two":
                    found.extend([("Họ và tên", "Họ và chữ đệm"), ("Họ và tên", "Tên")])
                else:
                    one("full_name")
            elif name == "birth":
                upper = self.one(*HEADINGS["born_on"])
                if plan["birth"] == "nam_nu":
                    found.extend([(upper, "Nam"), (upper, "Nữ")])
                elif plan["birth"] == "parts":
                    found.extend(
                        [
                            ("Ngày, tháng, năm sinh", "Ngày"),
                            ("Ngày, tháng, năm sinh", "Tháng"),
                            ("Ngày, tháng, năm sinh", "Năm"),
                        ]
                    )
                else:
                    found.append((upper, upper))
            elif name == "sex" and plan["sex_style"] == "ticks":
                found.extend([("Giới tính", "Nam"), ("Giới tính", "Nữ")])
            elif name == "sex" and plan["sex_style"] == "one_zero":
                found.extend([("Nam", "Nam"), ("Nữ", "Nữ")])
            elif name == "kinds" and plan["kinds_style"] == "ticks":
                found.extend(("Dạng khuyết tật", self.one(*KINDS[kind])) for kind in KINDS)
            elif name == "kinds":
                one("disability_types")
            elif name == "severity" and plan["kinds_style"] == "ticks":
                found.extend(("Mức độ khuyết tật", self.one(*SEVERITIES[level])) for level in SEVERITIES)
            elif name == "severity":
                one("disability_severity")
            elif name == "status" and plan["status_style"] == "ticks":
                upper = self.one("Thuộc hộ", "Diện hộ", "Hoàn cảnh kinh tế")
                found.extend([(upper, "Hộ nghèo"), (upper, "Hộ cận nghèo")])
            elif name == "status" and plan["status_style"] == "single_tick":
                found.extend([("Hộ nghèo", "Hộ nghèo"), ("Hộ cận nghèo", "Hộ cận nghèo")])
            elif name == "status":
                one("household_status")
            else:
                one(name)
        return found

    def cells(  # noqa: C901 - one branch for each kind of column
        self, plan: dict[str, Any], number: int, person: Person
    ) -> tuple[list[Any], dict[str, Any]]:
        """The cells of one row, and the truth."""
        values = person.values
        truth: dict[str, Any] = {name: values[name] for name in ("full_name", "sex", "village")}
        line: list[Any] = []
        yes = plan["tick"]
        for name in plan["columns"]:
            if name == "number":
                line.append(number)
            elif name == "name":
                full = values["full_name"]
                if plan["name_style"] == "two":
                    line.extend(full.rsplit(" ", 1))
                else:
                    line.append(full.upper() if plan["name_style"] == "capitals" else full)
            elif name == "birth":
                line += self.birth(plan, person, truth)
            elif name == "sex":
                is_boy = values["sex"] == "male"
                if plan["sex_style"] == "ticks":
                    line += [yes, None] if is_boy else [None, yes]
                elif plan["sex_style"] == "one_zero":
                    line += [1, 0] if is_boy else [0, 1]
                else:
                    spelled = {"word": ("Nam", "Nữ"), "letters": ("M", "F"), "trai": ("Trai", "Gái")}[plan["sex_style"]]
                    line.append(spelled[not is_boy])
            elif name == "personal_id":
                line.append(self.id_cell(values.get("personal_id"), plan["id_style"]))
                truth["personal_id"] = values.get("personal_id")
            elif name == "phone":
                line.append(self.phone_cell(values["phone"], plan["phone_style"]))
                truth["phone"] = values["phone"]
            elif name == "address":
                line.append(
                    self.one(
                        f"{values['village']}, xã Cao Thắng",
                        f"Số 5 {values['village'].lower()}",
                        f"{values['village']} - Cao Thắng - Thanh Miện",
                    )
                )
            elif name == "circumstances":
                words, codes, states = self.one(*CIRCUMSTANCES)
                line.append(words)
                truth["circumstances"] = codes
                truth |= states
            elif name == "kinds":
                truth["disability_types"] = values["disability_types"]
                if plan["kinds_style"] == "ticks":
                    line += [yes if kind in values["disability_types"] else None for kind in KINDS]
                else:
                    line.append(KINDS[values["disability_types"][0]][0])
            elif name == "severity":
                truth["disability_severity"] = values["disability_severity"]
                truth["circumstances"] = [
                    {"extreme": "d.1", "severe": "d.2", "mild": "d.3"}[values["disability_severity"]]
                ]
                if plan["kinds_style"] == "ticks":
                    line += [yes if level == values["disability_severity"] else None for level in SEVERITIES]
                else:
                    line.append(SEVERITIES[values["disability_severity"]][0])
            elif name == "status":
                line += self.status(plan, values, truth)
            elif name == "note":
                line.append(values.get("note"))
                truth["note"] = values.get("note")
            else:
                line.append(values.get(name))
                truth[name] = values.get(name)
        return line, truth

    def birth(self, plan: dict[str, Any], person: Person, truth: dict[str, Any]) -> list[Any]:
        """The cells of the birth date."""
        if plan["birth"] == "parts":
            truth["born_on"] = person.born.isoformat()
            return [person.born.day, person.born.month, person.born.year]
        cell, truth["born_on"] = self.birth_cell(person, plan["born_style"])
        if plan["birth"] == "nam_nu":
            return [cell, None] if person.values["sex"] == "male" else [None, cell]
        return [cell]

    def status(self, plan: dict[str, Any], values: dict[str, Any], truth: dict[str, Any]) -> list[Any]:
        """The cells of the household's standing."""
        status = values.get("household_status")
        truth["household_status"] = status
        if plan["status_style"] in {"ticks", "single_tick"}:
            return [plan["tick"] if status == name else None for name in ("poor", "near_poor")]
        words = {
            "poor": ["Hộ nghèo", "Nghèo", "HN"],
            "near_poor": ["Hộ cận nghèo", "Cận nghèo", "HCN", "CN"],
            None: [None, "Không", "Bình thường"],
        }
        return [self.one(*words[status])]

    def sheet(  # noqa: C901 - from top to bottom, each part by chance
        self, plan: dict[str, Any], villages: list[str], place: str
    ) -> tuple[Grid, dict[int, dict[str, Any]], list[str]]:
        """One sheet: letterhead, titles, headings, rows, totals, signatures."""
        heads = self.heads(plan)
        width = len(heads)
        grid: Grid = []
        merged: list[str] = []
        if plan["letterhead"]:
            grid.append(["ỦY BAN NHÂN DÂN", *[None] * (width - 3), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
            grid.append(["XÃ CAO THẮNG", *[None] * (width - 3), "Độc lập - Tự do - Hạnh phúc"])
            grid.append([])
        titles = {
            "plain": "DANH SÁCH TRẺ EM", "special": "DANH SÁCH TRẺ EM CÓ HOÀN CẢNH ĐẶC BIỆT", "disabled": "DANH SÁCH TRẺ EM KHUYẾT TẬT",
            "household": "SỔ THEO DÕI TRẺ EM", "orphans": "DANH SÁCH TRẺ EM MỒ CÔI",
        }  # fmt: skip
        title = titles[plan["special"]] + (f" {villages[0].upper()}" if place == "title" else "")
        grid.append([title])
        if self.maybe(0.5):
            grid.append(["(Năm 2026)"])
        if self.maybe(0.5):
            grid.append([])
        top = len(grid) + 1
        if all(upper == lower for upper, lower in heads):
            grid.append([upper for upper, _lower in heads])
        else:
            uppers: list[Any] = []
            for at, (upper, _lower) in enumerate(heads):
                uppers.append(None if at and heads[at - 1][0] == upper and heads[at][1] != upper else upper)
            grid.append(uppers)
            grid.append([None if upper == lower else lower for upper, lower in heads])
            merged += self.merges(heads, top)
        if plan["numbering"]:
            grid.append([f"({at + 1})" for at in range(width)])
        truth: dict[int, dict[str, Any]] = {}
        number = 0
        for village in villages:
            if place == "section":
                grid.append([plan["sections"].format(village)])
                if self.maybe(0.5):
                    merged.append(f"A{len(grid)}:{openpyxl.utils.get_column_letter(width)}{len(grid)}")
            for _position in range(self.chance.randrange(4, 9)):
                number += 1
                line, told = self.cells(plan, number, self.person(village))
                grid.append(line)
                truth[len(grid)] = {name: value for name, value in told.items() if value not in (None, [])}
                if plan["blank_rows"] and self.maybe(0.2):
                    grid.append([])
        if plan["totals"]:
            grid.append([None, f"Tổng cộng: {number} trẻ"] if self.maybe(0.5) else ["Tổng số", None, number])
        if plan["signature"]:
            grid += [
                [], [*[None] * (width - 3), "Cao Thắng, ngày 05 tháng 6 năm 2026"],
                [None, "NGƯỜI LẬP BIỂU", *[None] * (width - 4), "TM. ỦY BAN NHÂN DÂN"], [], [None, "Nguyễn Thị Bích", *[None] * (width - 4), "Trần Văn Hùng"],
            ]  # fmt: skip
        return grid, truth, merged

    @staticmethod
    def merges(heads: list[tuple[str, str]], top: int) -> list[str]:
        """The merged cells of a heading of two rows."""
        letter = openpyxl.utils.get_column_letter
        found = []
        at = 0
        while at < len(heads):
            upper, lower = heads[at]
            if upper == lower:
                found.append(f"{letter(at + 1)}{top}:{letter(at + 1)}{top + 1}")
                at += 1
                continue
            end = at
            while end + 1 < len(heads) and heads[end + 1][0] == upper:
                end += 1
            found.append(f"{letter(at + 1)}{top}:{letter(end + 1)}{top}")
            at = end + 1
        return found

    def written(
        self,
        book: dict[str, Grid],
        merges: dict[str, list[str]],
        truth: dict[tuple[str, int], dict[str, Any]],
        plan: dict[str, Any],
    ) -> MadeList:
        """The list as a file of some format."""
        kind = f"{self.seed}: " + " ".join(f"{key}={value}" for key, value in plan.items() if key != "columns")
        if plan["format"] == "csv":
            ((_name, grid),) = book.items()
            texts = [[_as_text(cell) for cell in row] for row in grid]
            encoding, separator = self.one("utf-8-sig", "utf-16", "utf-8", "cp1258"), self.one(";", "\t", "|")
            if encoding == "cp1258":
                texts = [[_for_1258(text) for text in row] for row in texts]
            content = csv_text(texts, separator, encoding)
            return MadeList(
                "danh-sach.csv", content, {("", row): told for (_s, row), told in truth.items()}, f"{kind} {encoding}"
            )
        file = openpyxl.Workbook()
        file.remove(file.active)
        for name, grid in book.items():
            page = file.create_sheet(name)
            for row in grid:
                page.append(row)
            for reference in merges[name]:
                page.merge_cells(reference)
        stream = io.BytesIO()
        file.save(stream)
        return MadeList("danh-sach.xlsx", stream.getvalue(), truth, kind)


def _as_text(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year}"
    if isinstance(cell, float):
        return f"{cell:.0f}"
    return "" if cell is None else str(cell)


def _for_1258(text: str) -> str:
    """Base letters with hats and horns, tones as marks of their own: what Windows-1258 can hold."""
    found = []
    for character in text:
        if character in "đĐ":
            found.append(character)
            continue
        parts = unicodedata.normalize("NFD", character)
        tones = "".join(mark for mark in parts[1:] if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", parts[0] + "".join(mark for mark in parts[1:] if mark not in tones))
        found.append(base + tones)
    return "".join(found).replace("✓", "x")


def made(seed: int) -> MadeList:
    """The list of a seed."""
    return Maker(seed).make()
