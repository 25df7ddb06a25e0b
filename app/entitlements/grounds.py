"""Why a child is entitled: each function looks at the facts for one right and names the article, or finds nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.entitlements import law
from app.entitlements.facts import ChildFacts
from app.entitlements.law import ARTICLES, IN_MONEY
from models import BirthRegistration, Choice, DisabilitySeverity, Precision, RelativeState, Right

#: NĐ 56/2017 Đ10.1 đ and d as the circumstance list codes them.
HIV = "đ"
_SEVERITY_OF = {
    "d.1": DisabilitySeverity.EXTREME,
    "d.2": DisabilitySeverity.SEVERE,
    "d.3": DisabilitySeverity.MILD,
    "d": DisabilitySeverity.UNKNOWN,
}
#: Looked after by somebody who is neither father nor mother.
_TAKEN_IN = frozenset({"a.3", "a.4", "b.2"})
#: Heaviest first.
_SEVERITIES = (
    DisabilitySeverity.EXTREME,
    DisabilitySeverity.SEVERE,
    DisabilitySeverity.MILD,
    DisabilitySeverity.UNKNOWN,
)


class Paper(Choice):
    """What an application still lacks, as far as the register shows."""

    BIRTH_DATE = "birth_date", _l("Ngày sinh đầy đủ")
    REGISTRATION = "registration", _l("Giấy khai sinh (đăng ký khai sinh)")
    PERSONAL_ID = "personal_id", _l("Số định danh cá nhân")
    CONFIRMATION = "confirmation", _l("Xác nhận hoàn cảnh, giấy tờ chứng minh")
    CERTIFICATE = "certificate", _l("Giấy xác nhận khuyết tật")
    SEVERITY = "severity", _l("Xác định mức độ khuyết tật")
    POOR_LIST = "poor_list", _l("Danh sách hộ nghèo, cận nghèo của năm nay")
    SCHOOL = "school", _l("Giấy xác nhận đang đi học")


@dataclass(frozen=True)
class Ground:
    """A right the facts speak for. `is_certain`: they speak for it fully; otherwise somebody must look."""

    right: Right
    article: str
    reason: Any
    coefficient: Decimal | None = None
    is_certain: bool = True
    missing: tuple[Paper, ...] = ()
    note: Any = None


def grounds(facts: ChildFacts, day: date) -> list[Ground]:
    """Every right a child has on a day, as far as the facts show; from 16 on khoản 2, 4 and 6 alone remain."""
    if day < law.IN_FORCE:
        return []
    if is_grown(facts, day):
        found = [still_learning(facts, day), single_parent(facts, day), disabled(facts, day)]
    else:
        found = [
            unsupported(facts, day),
            with_hiv(facts, day),
            single_parent(facts, day),
            disabled(facts, day),
            very_young(facts, day),
            taken_care_of(facts, day),
        ]
    return [ground for ground in found if ground is not None]


def is_grown(facts: ChildFacts, day: date) -> bool:
    """Has reached 16: no child any longer (Luật Trẻ em Đ1)."""
    return (facts.age(day) or 0) >= law.ADULT_FROM


def by_answer(right: Right, facts: ChildFacts, day: date) -> Ground | None:
    """A right that only a person's answer speaks for; None at an age at which the law grants none."""
    if right not in IN_MONEY:
        return None
    severity = _severity(facts)[0] if right is Right.K6 else None
    times = law.coefficient(right, facts.age(day), day, severity)
    if times is None and right is not Right.K6 and facts.birth is not None:
        return None
    return Ground(right, ARTICLES[right], right.label, times, missing=papers(facts))


def papers(facts: ChildFacts, *others: Paper | None) -> tuple[Paper, ...]:
    """What every application needs and the record lacks, and what this one needs beside."""
    birth = facts.birth
    lacking = (
        Paper.BIRTH_DATE if birth is None or birth.precision is not Precision.DAY else None,
        Paper.REGISTRATION if facts.registration is not BirthRegistration.REGISTERED else None,
        None if facts.personal_id else Paper.PERSONAL_ID,
        *others,
    )
    return tuple(paper for paper in lacking if paper is not None)


# ── Khoản 1 ────────────────────────────────────────────────────────────────


def unsupported(facts: ChildFacts, day: date) -> Ground | None:
    """A child under 16 without support: the eleven cases, from confirmed circumstances and the parents' states.

    c.7, c.11 and c.12 of NĐ 56/2017 are special circumstances and none of the cases, nor is a parent no longer able
    to care. Source: NĐ 20/2021/NĐ-CP Đ5.1; 2.5 under 4 years, 1.5 from 4 (Đ6.1).
    """
    for letter, is_certain, note in _cases(facts):
        confirmed = is_certain and any(law.CASE_OF_CIRCUMSTANCE.get(code) == letter for code in facts.confirmed)
        if "a.2" in facts.confirmed:
            note = note or _l("Đang được nuôi dưỡng trong cơ sở: xem trẻ có hưởng chế độ của cơ sở không.")
        return Ground(
            Right.K1,
            f"{ARTICLES[Right.K1]}.{letter}",
            law.CASES[letter],
            law.coefficient(Right.K1, facts.age(day), day),
            is_certain,
            papers(facts, None if confirmed else Paper.CONFIRMATION),
            note,
        )
    return None


def _cases(facts: ChildFacts) -> Iterator[tuple[str, bool, Any]]:
    """(letter, is it certain, condition to look at), the surest first."""
    for code in sorted(facts.confirmed & law.CASE_OF_CIRCUMSTANCE.keys()):
        yield law.CASE_OF_CIRCUMSTANCE[code], True, None
    letter = law.CASE_OF_PARENTS.get(frozenset(facts.parents))
    if letter:
        yield letter, True, None
    for code in sorted((facts.confirmed | facts.waiting) & law.CASE_IF.keys()):
        if code == "c.2" and RelativeState.UNABLE in facts.parents:
            continue
        yield law.CASE_IF[code][0], False, law.CASE_IF[code][1]
    for code in sorted(facts.waiting & law.CASE_OF_CIRCUMSTANCE.keys()):
        yield law.CASE_OF_CIRCUMSTANCE[code], False, _l("Hoàn cảnh chưa được xác nhận.")


# ── Khoản 2 ────────────────────────────────────────────────────────────────


def still_learning(facts: ChildFacts, day: date) -> Ground | None:
    """From 16 to the day before 22, for whom received khoản 1 on the 16th birthday, while at school or learning a trade.

    Source: NĐ 20/2021/NĐ-CP Đ5.2; 1.5. Not for who left school; where nothing current is recorded, somebody must ask.
    """
    learns = facts.is_learning(day)
    times = law.coefficient(Right.K2, facts.age(day), day)
    if not facts.had_k1_at_16 or learns is False or times is None:
        return None
    return Ground(
        Right.K2,
        ARTICLES[Right.K2],
        _l("Từ 16 đến 22 tuổi đang đi học, đã hưởng khoản 1 khi đủ 16 tuổi"),
        times,
        bool(learns),
        papers(facts, None if learns else Paper.SCHOOL),
        None if learns else _l("Sổ không ghi còn học ở đâu: hỏi lại, mỗi năm học một lần."),
    )


# ── Khoản 3, 4, 6, 7 ───────────────────────────────────────────────────────


def with_hiv(facts: ChildFacts, day: date) -> Ground | None:
    """A child with HIV/AIDS in a poor household. Both conditions, or nothing.

    Source: NĐ 20/2021/NĐ-CP Đ5.3; 2.5 under 4 years, 2.0 from 4.
    """
    if HIV not in facts.confirmed | facts.waiting or not facts.is_listed_poor:
        return None
    return Ground(
        Right.K3,
        ARTICLES[Right.K3],
        _l("Trẻ em nhiễm HIV/AIDS thuộc hộ nghèo"),
        law.coefficient(Right.K3, facts.age(day), day),
        HIV in facts.confirmed,
        papers(facts, None if HIV in facts.confirmed else Paper.CONFIRMATION, _poor_list(facts, day)),
        _l("Không niêm yết công khai thông tin về HIV (NĐ 20/2021/NĐ-CP Đ8)."),
    )


def single_parent(facts: ChildFacts, day: date) -> Ground | None:
    """A hint: one parent dead or missing, or only one recorded; the household poor or near-poor. Paid to the parent, per child.

    Whether the parent has married again or is unmarried, the register does not know; so it is never certain. From 16
    to the day before 22 only for a child who learns. Source: NĐ 20/2021/NĐ-CP Đ5.4; 1.0.
    """
    if not facts.is_listed:
        return None
    gone = [state in (RelativeState.DEAD, RelativeState.MISSING) for state in facts.parents]
    case_of_k1 = law.CASE_OF_PARENTS.get(frozenset(facts.parents))
    alone = facts.has_one_parent and set(facts.parents) <= {RelativeState.ALIVE, RelativeState.UNKNOWN}
    if case_of_k1 or not (sum(gone) == 1 or alone):
        return None
    times = law.coefficient(Right.K4, facts.age(day), day)
    if times is None:
        return None
    is_grown_up = is_grown(facts, day)
    if is_grown_up and facts.is_learning(day) is False:
        return None
    return Ground(
        Right.K4,
        ARTICLES[Right.K4],
        _l("Cha hoặc mẹ đã mất, mất tích; người còn lại thuộc hộ nghèo, cận nghèo đang nuôi con")
        if sum(gone) == 1
        else _l("Sổ chỉ ghi cha hoặc chỉ ghi mẹ; hộ nghèo, cận nghèo đang nuôi con"),
        times,
        False,
        papers(facts, _poor_list(facts, day), Paper.SCHOOL if is_grown_up else None),
        _l(
            "Chi trả cho người đơn thân, tính theo từng con. Chỉ khi người đó chưa có vợ, chồng, hoặc chưa có vợ, chồng mới."
        ),
    )


def disabled(facts: ChildFacts, day: date) -> Ground | None:
    """A child with an extremely severe or severe disability; a mild one gives none. Granted by the certificate.

    Source: NĐ 20/2021/NĐ-CP Đ5.6; extremely severe 2.5, severe 2.0, whatever the age.
    """
    severity, is_certain = _severity(facts)
    if severity in (None, DisabilitySeverity.MILD):
        return None
    is_unknown = severity is DisabilitySeverity.UNKNOWN
    has_certificate = any(held.number and held.severity is severity for held in facts.disabilities)
    return Ground(
        Right.K6,
        ARTICLES[Right.K6],
        _l("Khuyết tật chưa xác định mức độ") if is_unknown else _REASON_OF[severity],
        None if is_unknown else law.coefficient(Right.K6, facts.age(day), day, severity),
        is_certain and not is_unknown,
        papers(
            facts,
            Paper.SEVERITY if is_unknown else None,
            None if has_certificate else Paper.CERTIFICATE,
            None if is_certain else Paper.CONFIRMATION,
        ),
        _l("Chỉ mức độ nặng, đặc biệt nặng mới được trợ cấp.") if is_unknown else None,
    )


_REASON_OF = {
    DisabilitySeverity.EXTREME: _l("Trẻ em khuyết tật đặc biệt nặng"),
    DisabilitySeverity.SEVERE: _l("Trẻ em khuyết tật nặng"),
}


def _severity(facts: ChildFacts) -> tuple[DisabilitySeverity | None, bool]:
    """The heaviest severity and whether it is certain: by record of a disability, else by confirmed circumstance."""
    if not (facts.disabilities or facts.confirmed or facts.waiting):
        return None, False
    recorded = {held.severity for held in facts.disabilities}
    confirmed = {_SEVERITY_OF[code] for code in facts.confirmed & _SEVERITY_OF.keys()}
    waiting = {_SEVERITY_OF[code] for code in facts.waiting & _SEVERITY_OF.keys()}
    for held, is_certain in ((recorded, True), (confirmed, True), (waiting, False)):
        known = [severity for severity in _SEVERITIES if severity in held - {DisabilitySeverity.UNKNOWN}]
        if known:
            return known[0], is_certain
    if recorded | confirmed | waiting:
        return DisabilitySeverity.UNKNOWN, False
    return None, False


def very_young(facts: ChildFacts, day: date) -> Ground | None:
    """A child under 3 of a poor or near-poor household in a village marked as an especially difficult area.

    Not for one of khoản 1, 3 or 6: these give more, and only the highest is paid (Đ6.2). Without a birth date nobody
    is told to apply. Source: NĐ 20/2021/NĐ-CP Đ5.7; 1.5.
    """
    if not facts.in_difficult_area or not facts.is_listed:
        return None
    times = law.coefficient(Right.K7, facts.age(day), day)
    if times is None:
        return None
    return Ground(
        Right.K7,
        ARTICLES[Right.K7],
        _l("Trẻ em dưới 3 tuổi thuộc hộ nghèo, cận nghèo ở vùng đặc biệt khó khăn"),
        times,
        missing=papers(facts, _poor_list(facts, day)),
    )


# ── Điều 20 ────────────────────────────────────────────────────────────────


def taken_care_of(facts: ChildFacts, day: date) -> Ground | None:
    """A hint: the carer of a child of khoản 1, or of one with an extremely severe disability, has support too.

    Whether the carer meets the conditions of Đ19 the register does not know, so it is never certain; the highest
    coefficient is told. Source: NĐ 20/2021/NĐ-CP Đ20; 2.5 under 4 years, 1.5 from 4; extremely severe disability 2.5,
    in one's own household 1.0.
    """
    taken_in = facts.has_caregiver or bool(facts.confirmed & _TAKEN_IN)
    is_extreme = _severity(facts) == (DisabilitySeverity.EXTREME, True)
    ground = unsupported(facts, day) if taken_in and not is_extreme else None
    told: tuple[Decimal | None, Any]
    if is_extreme and taken_in:
        told = law.CARER_OF_EXTREME, _l("Nhận chăm sóc trẻ em khuyết tật đặc biệt nặng")
    elif ground is not None and ground.is_certain:
        times = law.coefficient(Right.CARER, facts.age(day), day)
        told = times, _l("Nhận chăm sóc, nuôi dưỡng trẻ em không có nguồn nuôi dưỡng")
    elif is_extreme:
        told = law.HOUSEHOLD_OF_EXTREME, _l("Hộ gia đình trực tiếp chăm sóc người khuyết tật đặc biệt nặng")
    else:
        return None
    note = _l("Chi trả cho hộ, người chăm sóc; ghi vào phần trợ cấp của trẻ theo Điều 20.")
    return Ground(Right.CARER, ARTICLES[Right.CARER], told[1], told[0], False, (), note)


def _poor_list(facts: ChildFacts, day: date) -> Paper | None:
    """This year's list, where the household's standing is known only from an earlier one."""
    return Paper.POOR_LIST if facts.poverty_year is None or facts.poverty_year < day.year else None
