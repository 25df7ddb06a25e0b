"""Circumstances and parents' states in words become legal codes; the words leave doubts where they leave a choice."""

import pytest

from app.imports import textfix, wording
from app.reference import RISKS
from models import DisabilityKind, DisabilitySeverity, Poverty, RelativeState


@pytest.mark.parametrize(
    ("words", "codes", "risks"),
    [
        ("Mồ côi cả cha và mẹ, ở với ông bà", ["a.3"], []),
        ("mồ côi cả bố lẫn mẹ, ở trung tâm bảo trợ xã hội", ["a.2"], []),
        ("Mồ côi cha, mẹ", ["a.3"], []),
        ("Mồ côi cha, mẹ mất tích", ["c.1"], []),
        ("Cha mất, mẹ không còn khả năng chăm sóc", ["c.2"], []),
        ("Mồ côi cha, mẹ đang chấp hành án phạt tù", ["c.3"], []),
        ("Mồ côi mẹ, bố đi tù", ["c.3"], []),
        ("Cả cha và mẹ mất tích", ["c.4"], []),
        ("Cha mẹ đang chấp hành án phạt tù", ["c.9"], []),
        ("Bị bỏ rơi, có người nhận nuôi", ["b.2"], []),
        ("Trẻ em bị bỏ rơi chưa được chăm sóc thay thế.", ["b.1"], []),
        ("KT nặng", ["d.2"], []),
        ("Khuyết tật đặc biệt nặng (vận động)", ["d.1"], []),
        ("Nhiễm HIV", ["đ"], []),
        ("Nghiện ma túy đang cai tại gia đình", ["g.2"], []),
        ("Bỏ học kiếm sống", ["h.2"], []),
        ("Lao động trái quy định", ["k.1"], []),
        ("Bệnh hiểm nghèo, hộ nghèo", ["n.1"], []),
        ("Bệnh hiểm nghèo, hộ cận nghèo", ["n.2"], []),
        ("a.3", ["a.3"], []),
        ("D2", ["d.2"], []),
        ("KT nhẹ; mồ côi cha", ["d.3"], ["r.half_orphan"]),
        ("Mồ côi mẹ", [], ["r.half_orphan"]),
        ("Bố mẹ ly hôn, ở với ông bà", [], ["r.divorced", "r.grandparents"]),
        ("Bố mẹ đi làm ăn xa", [], ["r.parents_away"]),
        ("Cha mất, mẹ bỏ đi", [], ["r.half_orphan"]),
        ("Bỏ học", [], ["r.dropout"]),
        ("Mẹ nghiện ma túy", [], ["r.addiction"]),
        ("Hộ nghèo", [], ["r.poor"]),
        ("Lang thang", [], []),
    ],
)
def test_words_are_read_as_codes(words: str, codes: list[str], risks: list[str]) -> None:
    found = wording.read(words)

    assert (found.codes, found.risks) == (codes, risks)


def test_every_exact_legal_wording_is_its_own_code() -> None:
    for exact, code in wording.legal_wordings().items():
        assert wording.read(exact).codes == [code]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Đã mất", "dead"), ("Chết năm 2020", "dead"), ("Mất tích", "missing"), ("Đi tù", "in_prison"), ("Bỏ đi", "unknown"),
        ("Còn sống", "alive"), ("Tâm thần", "unable"), ("Ở trung tâm bảo trợ", "in_facility"), ("xyz", None),
    ],
)  # fmt: skip
def test_a_parents_state_in_words(words: str, state: str | None) -> None:
    assert wording.parent_state(words) == state


def test_the_codes_used_are_those_of_the_register() -> None:
    states = {"dead", "missing", "in_prison", "in_facility", "unable", "alive", "unknown"}
    found = {
        risk
        for words in ("Mồ côi cha", "ly hôn", "tai nạn", "Mẹ nghiện rượu", "Mẹ đi tù")
        for risk in wording.read(words).risks
    }

    assert states == {state.value for state in RelativeState}
    assert found <= {code for code, _wording in RISKS}
    assert set(wording.SEVERITY_CODES) | {"unknown"} == {severity.value for severity in DisabilitySeverity}
    assert {"poor", "near_poor", "none"} == {status.value for status in Poverty}
    assert "hearing_speech" in {kind.value for kind in DisabilityKind}


def test_text_once_read_in_the_wrong_encoding_is_put_right() -> None:
    assert textfix.undo_mojibake("Nguyễn Văn Đức".encode().decode("latin-1")) == "Nguyễn Văn Đức"
    assert textfix.undo_mojibake("Lã Thị Hà") == "Lã Thị Hà"


def test_a_soft_hyphen_is_a_letter_only_in_an_old_font() -> None:
    assert textfix.decode("H\u00ad\u00acng", textfix.TCVN3) == "Hương"
    assert textfix.decode("H\u01b0\u01a1ng", textfix.TCVN3) == "Hương"
    assert textfix.detect([("Trần Hữu Lộc", ".VnTime"), ("Hà", ".VnTime")]) == textfix.UNICODE
