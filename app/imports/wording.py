"""Circumstances, risks and parents' states written in words → legal codes. The words themselves are always kept.

Codes are those of app/reference (Luật Trẻ em Đ10.1, NĐ 56/2017 Đ3–16) and of the
risk list (`r.…`). Where words leave the sub-group open, the usual one is taken
with a doubt that a person must settle, or only the group is told.
"""

import csv
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from app.imports.keys import fold
from models.clean import tone_key

_REFERENCE = Path(__file__).parent.parent / "reference"


@dataclass
class Reading:
    """What words about a child's circumstances say."""

    codes: list[str] = field(default_factory=list)
    risks: list[str] = field(default_factory=list)
    #: Groups whose sub-group the words leave open.
    groups: list[str] = field(default_factory=list)
    father_state: str | None = None
    mother_state: str | None = None
    severity: str | None = None
    disability_types: list[str] = field(default_factory=list)
    household_status: str | None = None
    #: Codes of what a person must look at: `default:a.3`, `group:d`, `old`, `needs:i` …
    doubts: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was understood."""
        return not (
            self.codes
            or self.risks
            or self.groups
            or self.father_state
            or self.mother_state
            or self.household_status
            or self.disability_types
            or "old" in self.doubts
        )

    def add(self, code: str, doubt: str | None = None) -> None:
        """One more legal code."""
        if code not in self.codes:
            self.codes.append(code)
        if doubt:
            self.doubts.append(doubt)

    def risk(self, code: str) -> None:
        """One more risk."""
        if code not in self.risks:
            self.risks.append(code)


@cache
def legal_wordings() -> dict[str, str]:
    """Folded exact wording, and code → code, of the 48 sub-groups."""
    with (_REFERENCE / "special_circumstance_subgroups.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {fold(row["wording"]): row["code"] for row in rows}


@cache
def sub_groups() -> frozenset[str]:
    """All codes of sub-groups."""
    return frozenset(legal_wordings().values())


_PRISON = r"\b(an phat tu|di tu|an tu|tu giam|o tu|dang tu|trai giam|chap hanh an|thi hanh an|cai nghien|giao duc bat buoc|tu tai)\b|\bchap hanh\b.*\btu\b|\bbi tu\b|\b(cha|bo|me) tu\b"
_FACILITY = r"\bco so (tro giup|bao tro)\b|\btrung tam (bao tro|tro giup|nuoi duong|cong tac xa hoi)\b|\bco so xa hoi\b|\bo co so\b"
_UNABLE = r"\bkhong (con )?(du )?kha nang\b|\bmat kha nang\b|\btam than\b|\bkhong cham soc duoc\b|\bnam liet\b|\bliet\b"
_RELATIVES = r"\bong ba\b|\bong\b|\bba (noi|ngoai|co)\b|\bvoi ba\b|\bbac\b|\bchu\b|\bco\b|\bdi\b|\bcau\b|\bthim\b|\banh\b|\bchi\b|\bnguoi than\b|\bho hang\b|\bnguoi than thich\b"
#: Both parents said together beyond doubt.
_SURELY_BOTH = r"\bca (cha|bo|ba) ?,? ?(va|lan|voi)? ?me\b|\bca me ?,? ?(va|lan)? ?(cha|bo)\b|\bca (2|hai)\b|\bdeu\b|\bkhong con (cha|bo) me\b"
_BOTH = r"\bca (cha|bo|ba) (va|lan|voi)? ?me\b|\bca me (va|lan)? ?(cha|bo)\b|\bca (2|hai)\b|\b(cha|bo) me deu\b|\b(cha|bo|ba) (va|lan) me\b|\bme (va|lan) (cha|bo)\b|\bkhong con (cha|bo) me\b|\b(cha|bo) me (da )?(mat|chet|qua doi)\b|\b(cha|bo) me\b"


@lru_cache(maxsize=5000)
def read(words: str) -> Reading:
    """Everything understood in one text; parts joined by ; + or line ends are read one by one."""
    found = Reading()
    for part in re.split(r"[;\n+]|(?<=\s)[&]\s", words):
        part = part.strip(" .,-–")
        if part:
            _read_part(part, found)
    return found


#: Short forms that collaborators write, and what they stand for.
_SHORT_FORMS = (
    (r"\bmc(?= (cả|cha|mẹ|2|hai)\b)", "mồ côi"),
    (r"\bknnt\b", "không nơi nương tựa"),
    (r"\b(bị )?câm,? điếc\b|\bđiếc câm\b", "khuyết tật nghe nói"),
    (r"\bdtt?ht\b", "điều trị dài ngày"),
)


def clauses(words: str) -> str:
    """Folded words with commas kept, and bỏ (leave) told apart from bố (father)."""
    told = re.sub(
        r"\bbố\b(?! (dượng|nuôi|đẻ nuôi))", "cha", re.sub(r"\bbỏ\b", "boo", unicodedata.normalize("NFC", words).lower())
    )
    told = re.sub(r"\b(bố|cha) (dượng|nuôi)\b|\bmẹ (kế|nuôi|ghẻ)\b|\bdì ghẻ\b", "người nuôi", told)
    for short, long in _SHORT_FORMS:
        told = re.sub(short, long, told)
    folded = " , ".join(piece for raw in re.split(r"[,:()–]|\s-\s", told) if (piece := fold(raw)))
    return re.sub(r"\bbo (?=roi|hoc|di$|di ,|di lay|mac|nha|tron|xu)", "boo ", folded)


def _read_part(part: str, found: Reading) -> None:
    folded = fold(part)
    text = clauses(part)
    code = as_code(part)
    if code:
        found.add(code) if code in sub_groups() else found.groups.append(code)
        if code not in sub_groups():
            found.doubts.append(f"group:{code}")
        return
    for wording, exact in legal_wordings().items():
        if folded == wording or (len(folded) > 25 and folded == wording.removeprefix("tre em ")):
            found.add(exact)
            _states_of_code(exact, found)
            return
    for rule in _RULES:
        rule(text, part, found)


def as_code(text: str) -> str | None:
    """A code written as such: "a.3", "A3", "d2", "nhóm đ", "Đ"."""
    bare = re.sub(r"^(nhóm|điểm|mục|mã)\s+", "", text.strip().lower()).strip(" .)")
    shaped = re.fullmatch(r"([abcdđeghiklmno])\s*[.\-]?\s*(\d{0,2})", bare)
    if not shaped:
        return None
    letter, number = shaped.groups()
    code = f"{letter}.{number}" if number else letter
    if code in sub_groups():
        return code
    return letter if not number and letter in "abcdeghklmno" else None


def _states_of_code(code: str, found: Reading) -> None:
    if code.startswith("a."):
        found.father_state = found.mother_state = "dead"
    elif code == "c.4":
        found.father_state = found.mother_state = "missing"
    elif code == "c.9":
        found.father_state = found.mother_state = "in_prison"


# ── Parents ────────────────────────────────────────────────────────────────


def parent_state(words: str) -> str | None:
    """One parent's state in words → its code; None when nothing is understood."""
    text = clauses(words)
    toned = f" {tone_key(words)} "
    if not text:
        return None
    if re.search(r"\bmat tich\b", text):
        return "missing"
    if re.search(_PRISON, text):
        return "in_prison"
    if re.search(_FACILITY, text):
        return "in_facility"
    if re.search(_UNABLE, text):
        return "unable"
    if re.search(r"\b(khong ro|chua ro|khong biet|khong xac dinh|boo di|unknown)\b", text):
        return "unknown"
    if re.search(r"\b(con song|con|song|binh thuong|alive|khoe)\b", text) and not re.search(r"\bkhong con\b", text):
        return "alive"
    if (
        re.search(r"\b(chet|da mat|mat|qua doi|tu vong|dead|deceased|mo coi|khong con|hy sinh|lietsi)\b", text)
        or " mât4 " in toned
    ):
        return "dead"
    return None


def _parents(text: str, part: str, found: Reading) -> None:
    """Orphans and children whose parents are missing, in prison, in a facility or unable: groups a and c."""
    father, mother = _each_parent(text)
    if father is None and mother is None:
        return
    found.father_state = found.father_state or father
    found.mother_state = found.mother_state or mother
    states = {father, mother}
    if states == {"dead"}:
        _both_dead(text, found)
    elif "dead" in states:
        _one_dead((states - {"dead"}).pop() if len(states) > 1 else None, text, found)
    elif father and mother:
        code = _NO_ONE_DEAD.get(frozenset(states))
        if code:
            found.add(code)
    elif states & {"in_prison"}:
        found.risk("r.offending")
    elif states & {"unable", "in_facility"}:
        found.risk("r.parent_ill")


_NO_ONE_DEAD: dict[frozenset[str | None], str] = {
    frozenset({"missing"}): "c.4",
    frozenset({"missing", "in_facility"}): "c.5",
    frozenset({"missing", "in_prison"}): "c.6",
    frozenset({"unable"}): "c.7",
    frozenset({"in_facility"}): "c.8",
    frozenset({"in_prison"}): "c.9",
    frozenset({"in_facility", "in_prison"}): "c.10",
}
_AFTER_DEATH = {"missing": "c.1", "in_facility": "c.2", "unable": "c.2", "in_prison": "c.3"}


def derive(states: tuple[str | None, str | None], carer: str, found: Reading) -> None:
    """The group that follows from both parents' states. NĐ 56/2017 Đ3, Đ5; a person must confirm it."""
    father, mother = states
    if father == mother == "dead":
        _both_dead(clauses(carer), found)
    elif "dead" in states:
        _one_dead(mother if father == "dead" else father, "", found)
    elif father and mother:
        code = _NO_ONE_DEAD.get(frozenset(states))
        if code:
            found.add(code)
    found.doubts = [f"derived:{code}" for code in found.codes]


def _each_parent(text: str) -> tuple[str | None, str | None]:
    """(father's state, mother's state) as the words tell them."""
    orphan = re.search(r"\bmo coi\b", text)
    if orphan and (re.search(_SURELY_BOTH, text) or _is_list_of_both(text)):
        return "dead", "dead"
    if orphan and (re.fullmatch(r"(tre )?(em )?mo coi", text) or re.search(r"\b(cha|bo|me) hoac\b", text)):
        return None, None
    if not orphan and re.search(_BOTH, text):
        state = _state_in(re.sub(r"^.*?\bme\b", "", text)) or _state_in(text)
        return state, state
    father = _clause(text, r"\b(cha|bo)\b", r"\bme\b")
    mother = _clause(text, r"\bme\b", r"\b(cha|bo)\b")
    if orphan and father is not None and mother is not None:
        lost_father = re.search(r"mo coi (ca )?(cha|bo)\b", text)
        return ("dead", _state_in(mother)) if lost_father else (_state_in(father), "dead")
    if orphan:
        return ("dead" if father is not None else None, "dead" if mother is not None else None)
    return (_state_in(father) if father else None, _state_in(mother) if mother else None)


def _is_list_of_both(text: str) -> bool:
    """Both as in "mồ côi cha, mẹ", unless the second is said to be something else."""
    named = re.search(r"\bmo coi (cha|bo|me)( va| lan| voi)?( ,)? (cha|bo|me)\b(?P<rest>.*)", text)
    if named is None or _state_in(named["rest"]) is not None:
        return False
    return not re.match(r" (boo|di|dang|o|tai|lay|bi|con)\b", named["rest"])


def _clause(text: str, person: str, other: str) -> str | None:
    """The words from one parent's mention to the other's; None when she or he is not mentioned."""
    found = re.search(person, text)
    if not found:
        return None
    rest = text[found.start() :]
    end = re.search(other, rest)
    return rest[: end.start()] if end else rest


def _state_in(clause: str) -> str | None:
    """A state named in a clause; only clear words count."""
    for state, pattern in (
        ("missing", r"\bmat tich\b"),
        ("in_prison", _PRISON),
        ("in_facility", _FACILITY),
        ("unable", _UNABLE),
        ("dead", r"\b(chet|da mat|mat|qua doi|tu vong)\b(?! (suc|tich|viec|kha))"),
    ):
        if re.search(pattern, clause):
            return state
    return None


def _both_dead(text: str, found: Reading) -> None:
    if re.search(r"\b(co so|trung tam|lang tre|bao tro|nuoi duong tap trung|nha mo)\b", text):
        found.add("a.2")
    elif re.search(
        r"\bkhong (co )?(nguoi|ai) (than )?(cham soc|nuoi)|\bsong mot minh|\bo mot minh|\bkhong co nguoi than\b", text
    ):
        found.add("a.1")
    elif re.search(
        r"\bcham soc thay the\b|\bkhong (phai )?(la )?(nguoi )?than thich\b|\bnguoi ngoai\b|\bnhan nuoi\b|\bnguoi nhan nuoi",
        text,
    ):
        found.add("a.4")
    else:
        found.add("a.3", None if re.search(_RELATIVES, text) else "default:a.3")


def _one_dead(other: str | None, text: str, found: Reading) -> None:
    code = _AFTER_DEATH.get(other or "")
    if code:
        found.add(code)
        return
    found.risk("r.half_orphan")
    if re.search(r"\b(boo di|di lay|lay (chong|vo)|tai hon)\b", text):
        found.doubts.append("half_orphan")


# ── The other groups ───────────────────────────────────────────────────────


def _abandoned(text: str, part: str, found: Reading) -> None:
    if not re.search(r"\bboo roi\b", text):
        return
    if re.search(r"\bchua (duoc |co )?(ai |nguoi )?(cham soc|nhan|nuoi)", text):
        found.add("b.1")
    elif re.search(r"nhan nuoi|cham soc thay the|nuoi duong|\bnuoi\b|cham soc", text):
        found.add("b.2")
    elif not re.search(r"\bnguy co\b", text):
        found.groups.append("b")
        found.doubts.append("group:b")


def _disabled(text: str, part: str, found: Reading) -> None:
    if not re.search(
        r"\b(khuyet tat|tan tat|kt|dtat|tkt|tekt|ktn|ktdbn|bi tat|tat nang|tat nhe|disabled|disability)\b", text
    ):
        return
    if re.search(r"\b(cha|bo|me)\b.*\b(khuyet tat|tan tat)\b", text) and not re.search(r"^tre\b|^khuyet tat|^kt", text):
        found.risk("r.parent_ill")
        return
    from app.imports.aliases import DISABILITY_TICKS, SEVERITY_TICKS, first_match

    severity = first_match(text, SEVERITY_TICKS)
    kinds = [kind for kind, pattern in DISABILITY_TICKS if re.search(pattern, text)]
    found.disability_types += [kind for kind in kinds if kind not in found.disability_types]
    if severity:
        found.severity = severity
        found.add(SEVERITY_CODES[severity])
    else:
        found.groups.append("d")
        found.doubts.append("group:d")


SEVERITY_CODES = {"extreme": "d.1", "severe": "d.2", "mild": "d.3"}


def _infected(text: str, part: str, found: Reading) -> None:
    if not re.search(r"\bhiv\b|\baids\b", text):
        return
    parent = re.search(r"\b(cha|bo|me|bo me|cha me)\b.*\b(hiv|aids|nhiem)\b|\bnhiem hiv tu\b", text)
    if parent and not re.search(r"^(tre )?(em )?(bi )?nhiem", text):
        found.risk("r.parent_ill")
    elif re.search(
        r"\bcon (cua )?(mot )?nguoi\b|\b(song|o|sinh song) (cung|voi|chung)\b.*\b(hiv|aids)\b|\bkhong (bi )?nhiem\b|\bam tinh\b",
        text,
    ) or re.search(r"\b(anh huong|phoi nhiem|nguy co)\b", text):
        found.risk("r.other")
    else:
        found.add("đ")


def _offending(text: str, part: str, found: Reading) -> None:
    if re.search(r"\b(cha|bo|me)\b", text) or not re.search(
        r"\bvi pham phap luat\b|\blam trai phap luat\b|\btruong giao duong\b|\bgiao duc tai xa\b", text
    ):
        return
    if re.search(r"\bchap hanh xong\b|\bra truong giao duong\b", text):
        found.add("e.4")
    elif re.search(r"\bhinh phat\b|\bcai tao khong giam giu\b|\ban treo\b|\btu phap\b|\bphat tu\b", text):
        found.add("e.3")
    elif re.search(r"\bnoi cu tru\b", text):
        found.add("e.2")
    else:
        found.add(
            "e.1", None if re.search(r"hanh chinh|giao duc tai|truong giao duong|tai gia dinh", text) else "default:e.1"
        )


def _addicted(text: str, part: str, found: Reading) -> None:
    if not re.search(r"\bnghien\b", text):
        return
    if re.search(r"\b(cha|bo|me|gia dinh co)\b.*\bnghien\b", text):
        if "cai nghien bat buoc" not in text:
            found.risk("r.addiction")
    elif re.search(r"\bnghien (choi )?(game|internet|mang|dien thoai|tro choi|dien tu|online)\b", text):
        found.risk("r.other")
    elif re.search(r"\bma tuy\b|^(tre )?(em )?nghien", text):
        if re.search(r"\bco so\b|\btrung tam\b|\btrai\b", text):
            found.add("g.1")
        else:
            found.add("g.2", None if re.search(r"gia dinh|cong dong|tai nha", text) else "default:g.2")


def _out_of_school(text: str, part: str, found: Reading) -> None:
    if not re.search(r"\bboo hoc\b|\bnghi hoc\b|\bthat hoc\b", text):
        return
    if re.search(r"\bkiem song\b|\bdi lam\b|\blao dong\b|\bmuu sinh\b", text) and "nguy co" not in text:
        alone = re.search(r"\bkhong (co )?nguoi (cham soc|nuoi)|\bmot minh\b", text)
        with_family = re.search(r"\b(cha|bo|me|gia dinh|ong|ba|nguoi cham soc)\b", text)
        found.add("h.1" if alone else "h.2", None if alone or with_family else "default:h.2")
    else:
        found.risk("r.dropout")


def _harmed(text: str, part: str, found: Reading) -> None:
    if not re.search(r"\bbao luc\b|\bbao hanh\b|\bdanh dap\b|\bnguoc dai\b|\bhanh ha\b", text):
        return
    mild = r"\bgia dinh\b.*\bbao luc\b|\bbao luc (gia dinh|hoc duong)\b|\bnguy co\b|\bchung kien\b"
    if re.search(mild, text) and "ton hai" not in text:
        found.risk("r.violence")
    else:
        found.add("i", "needs:i")


def _exploited(text: str, part: str, found: Reading) -> None:
    if re.search(r"\bxam hai\b|\bmai dam\b", text):
        return
    if re.search(r"\blao dong\b.*\b(trai|som|nang nhoc)\b|\blao dong tre em\b|\bbat (buoc )?(tre )?lao dong\b", text):
        if re.search(r"\bnang nhoc\b|\bdoc hai\b", text):
            found.doubts.append("old")
        found.add("k.1")
    elif re.search(r"\bkhieu dam\b|\btrinh dien\b", text):
        found.add("k.2")
    elif re.search(r"\b(van chuyen|mua ban|tang tru)\b.*\b(ma tuy|chat gay nghien|hang cam)\b", text):
        found.add("k.4")
    elif re.search(r"\bboc lot\b", text) and "nguy co" not in text:
        if "lao dong" in text:
            found.add("k.1")
        else:
            found.groups.append("k")
            found.doubts.append("group:k")


def _sexually_abused(text: str, part: str, found: Reading) -> None:
    for code, pattern in (
        ("l.1", r"\bhiep dam\b"),
        ("l.2", r"\bcuong dam\b"),
        ("l.3", r"\bgiao cau\b"),
        ("l.4", r"\bdam o\b"),
        ("l.5", r"\bmai dam\b"),
    ):
        if re.search(pattern, text):
            found.add(code)
            return
    if re.search(r"\bxam hai( tinh duc)?\b|\bxhtd\b", text) and "nguy co" not in text:
        found.groups.append("l")
        found.doubts.append("group:l")


def _trafficked(text: str, part: str, found: Reading) -> None:
    if not re.search(r"\b(bi )?(mua ban|buon ban)\b", text) or re.search(r"ma tuy|chat gay nghien|hang", text):
        return
    if re.search(r"cham soc thay the|nhan nuoi|co so", text):
        found.add("m.2")
    else:
        found.add("m.1", None if re.search(r"\b(cha|bo|me|gia dinh)\b", text) else "default:m.1")


def _ill(text: str, part: str, found: Reading) -> None:
    if re.search(r"\b(cha|bo|me)\b", text) and re.search(r"\bbenh\b|\bung thu\b|\bkhuyet tat\b", text):
        found.risk("r.parent_ill")
        return
    if not re.search(
        r"\bhiem ngheo\b|\bnan y\b|\bung thu\b|\bdai ngay\b|\bhiem ngeo\b|\btim bam sinh\b|\bbenh man tinh\b|\bsuy than\b|\bmau trang\b|\btan mau\b",
        text,
    ):
        return
    found.groups.append("n")
    found.doubts.append("group:n")


def _migrant(text: str, part: str, found: Reading) -> None:
    if re.search(r"\bdi cu\b|\blanh nan\b|\bti nan\b|\bty nan\b", text):
        if re.search(r"\bnuoc ngoai\b", text):
            found.add("o.2")
        elif re.search(r"chua xac dinh.*quoc tich", text):
            found.add("o.3")
        else:
            found.add("o.1", "default:o.1")


def _without_support(text: str, part: str, found: Reading) -> None:
    if re.search(r"\bkhong noi nuong tua\b", text) and not any(code.startswith("c.") for code in found.codes):
        found.groups.append("c")
        found.doubts.append("group:c")
    if re.search(r"\b(cha|bo) (va )?me\b.*\b(duoi 16|chua du 16|trong do tuoi tre em|la tre em|vi thanh nien)\b", text):
        found.add("c.11")
    if re.search(r"\bhan che quyen\b|\btam thoi cach ly\b", text):
        found.add("c.12")


def _orphan_of_whom(text: str, part: str, found: Reading) -> None:
    if re.fullmatch(r"(tre )?(em )?(bi )?mo coi( (cha|bo|me) hoac (cha|bo|me))?", text):
        found.doubts.append("orphan_of_whom")
        found.risk("r.half_orphan")


def _old_law(text: str, part: str, found: Reading) -> None:
    """Groups of Luật 25/2004/QH11 that the law of 2016 no longer knows."""
    if re.search(
        r"\blang thang\b|\bchat doc (hoa hoc|da cam|mau da cam)\b|\blam viec xa gia dinh\b|\bnan nhan cua chat doc\b|\bdioxin\b",
        text,
    ):
        found.doubts.append("old")


def _at_risk(text: str, part: str, found: Reading) -> None:
    for code, pattern in (
        ("r.divorced", r"\bly hon\b|\bly than\b|\bli hon\b"),
        ("r.parents_away", r"\blam an xa\b|\bdi lam xa\b|\bxuat khau lao dong\b|\bdi xkld\b|\bdi lam o nuoc ngoai\b"),
        ("r.injury", r"\btai nan\b|\bthuong tich\b|\bduoi nuoc\b"),
        ("r.behaviour", r"\bhanh vi (vi pham|lech chuan)\b|\bhu hong\b"),
        ("r.addiction", r"\b(cha|bo|me)\b.*\b(nghien|ruou|co bac)\b"),
    ):
        if re.search(pattern, text):
            found.risk(code)
    if re.search(r"\b(song|o|sinh song) (voi|cung) (ong|ba|nguoi than|ong ba)\b", text) and not found.codes:
        found.risk("r.grandparents")


def _poverty(text: str, part: str, found: Reading) -> None:
    status = household_status(part) if re.search(r"\bho (can )?ngheo\b|^(can )?ngheo$", text) else None
    if status in {"poor", "near_poor"}:
        found.household_status = status
        if "n" in found.groups:
            found.groups.remove("n")
            found.doubts.remove("group:n")
            found.add("n.1" if status == "poor" else "n.2")
        elif not found.codes and re.fullmatch(
            r"(tre )?(em )?(song trong |thuoc |con )?(ho )?(gia dinh )?(ho )?(can )?ngheo( nguy co)?", text
        ):
            found.risk("r.poor" if status == "poor" else "r.near_poor")


_RULES: tuple[Callable[[str, str, Reading], None], ...] = (
    _parents,
    _orphan_of_whom,
    _abandoned,
    _disabled,
    _infected,
    _offending,
    _addicted,
    _out_of_school,
    _harmed,
    _exploited,
    _sexually_abused,
    _trafficked,
    _ill,
    _migrant,
    _without_support,
    _old_law,
    _at_risk,
    _poverty,
)


def household_status(words: str) -> str | None:
    """Poor, near-poor or neither in words; None when nothing is understood."""
    text = fold(words)
    if re.search(r"\bcan ngheo\b|\bhcn\b|\bnear poor\b|^cn$", text):
        return "near_poor"
    if re.search(r"\b(thoat ngheo|khong ngheo|khong thuoc|khong|binh thuong|trung binh|kha|giau|none|no)\b", text):
        return "none"
    if re.search(r"(?<!hiem )\bngheo\b|\bhn\b|\bpoor\b", text):
        return "poor"
    return None
