"""What a child is entitled to beside what it receives: one line for each right, with its article and its status."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.entitlements import ages, law
from app.entitlements.answers import Answered
from app.entitlements.facts import Certified, ChildFacts, Received
from app.entitlements.grounds import Ground, Paper, by_answer, grounds, is_grown, papers
from app.entitlements.law import ADULT_FROM, ARTICLES, OWN
from models import BirthRegistration, DisabilitySeverity, Right, Verdict
from models.fields import Choice


class Standing(Choice):
    """How far a right is used. In the order in which somebody should look."""

    TO_APPLY = "to_apply", _l("Được hưởng, chưa nhận")
    DOUBTFUL = "doubtful", _l("Đang nhận, có thể không còn đủ điều kiện")
    CHANGED = "changed", _l("Đang nhận, mức khác quy định")
    POSSIBLE = "possible", _l("Có thể được hưởng, cần xem")
    RECEIVING = "receiving", _l("Đang nhận")
    REFUSED = "refused", _l("Đã trả lời: không được hưởng")


_ORDER = {standing: place for place, standing in enumerate(Standing)}
#: Nothing is left to look at.
SETTLED = frozenset({Standing.RECEIVING, Standing.REFUSED})
#: A question that a person has to answer.
QUESTIONS = frozenset({Standing.DOUBTFUL, Standing.POSSIBLE})


@dataclass(frozen=True)
class Entitlement:
    """One right of one child on one day. `coefficient` and `amount` are what the law grants, `received` what is paid."""

    right: Right
    standing: Standing
    article: str
    reason: Any
    coefficient: Decimal | None = None
    amount: int | None = None
    received: Received | None = None
    missing: tuple[Paper, ...] = ()
    note: Any = None
    #: Tells of HIV, or was settled by it: on the screen of who may know, never on paper. NĐ 20/2021/NĐ-CP Đ8.
    is_secret: bool = False
    #: What a person answered, whether it still holds or must be asked again.
    answer: Answered | None = None

    @property
    def waits(self) -> bool:
        """Somebody has to answer: the data cannot tell, or what an earlier answer rested on has changed."""
        return self.is_asked_again or (self.standing in QUESTIONS and self.answer is None)

    @property
    def is_asked_again(self) -> bool:
        """It was answered, and the facts have changed since."""
        return self.answer is not None and bool(self.answer.changed)


def assess(
    facts: ChildFacts, day: date, base: int | None, answers: Mapping[Right, Answered] | None = None
) -> list[Entitlement]:
    """All rights of a child on a day, with what to look at first on top. `base` is the base amount in force.

    What a person answered decides, as long as the facts it rested on are the same; the law's amounts stay the law's.
    """
    answers = answers or {}
    found = grounds(facts, day)
    of_hiv = (
        any(ground.right is Right.K3 for ground in found)
        or any(held.basis.value == Right.K3.value for held in facts.received)
        or Right.K3 in answers
    )
    kept = _decided(found, facts, day, answers)
    own = [
        *_own(facts, [ground for ground in kept if ground.right in OWN], base, day),
        *(
            _line(ground, Standing.REFUSED, base, missing=())
            for ground in found
            if ground.right in OWN and ground.right not in {one.right for one in kept} and not _holds(facts, ground)
        ),
    ]
    lines = [
        *(replace(line, is_secret=of_hiv) for line in own),
        *_single_parent(facts, kept, base, day),
        *_carer(facts, kept, base),
        *(_received(held, Standing.RECEIVING) for held in facts.received if held.basis.value == Right.OTHER.value),
        *_card(facts, day),
        *_certificate(facts, day),
    ]
    if answers:
        lines += _asked_again(lines, facts, day, base, answers, of_hiv=of_hiv)
        lines = [_answered(line, answers.get(line.right)) for line in lines]
    return sorted(lines, key=lambda line: _ORDER[line.standing])


# ── What a person answered ─────────────────────────────────────────────────


def _decided(found: list[Ground], facts: ChildFacts, day: date, answers: Mapping[Right, Answered]) -> list[Ground]:
    """The grounds as answers leave them: those refused are gone, those affirmed are certain, also where no fact spoke."""
    if not answers:
        return found
    refused = {right for right, answer in answers.items() if answer.refuses}
    affirmed = {right for right, answer in answers.items() if answer.affirms}
    kept = [
        replace(ground, is_certain=True, note=None) if ground.right in affirmed else ground
        for ground in found
        if ground.right not in refused or ground.right not in OWN
    ]
    known = {ground.right for ground in found}
    return [*kept, *filter(None, (by_answer(right, facts, day) for right in Right if right in affirmed - known))]


def _asked_again(
    lines: list[Entitlement],
    facts: ChildFacts,
    day: date,
    base: int | None,
    answers: Mapping[Right, Answered],
    *,
    of_hiv: bool,
) -> list[Entitlement]:
    """Rights that only an answer spoke for, which must be given again."""
    told = {line.right for line in lines}
    yes = {right for right, answer in answers.items() if answer.changed and answer.verdict is Verdict.ENTITLED}
    found = (by_answer(right, facts, day) for right in Right if right in yes - told)
    return [
        _line(ground, Standing.POSSIBLE, base, is_secret=of_hiv and ground.right in OWN)
        for ground in found
        if ground is not None
    ]


def _holds(facts: ChildFacts, ground: Ground) -> bool:
    return any(held.basis.value == ground.right.value for held in facts.received)


def _answered(line: Entitlement, answer: Answered | None) -> Entitlement:
    """A line with what was answered about its right; an answer that must be asked again decides nothing."""
    if answer is None:
        return line
    line = replace(line, answer=answer)
    if answer.refuses:
        if line.received is None:
            return replace(line, standing=Standing.REFUSED, coefficient=None, amount=None, missing=(), note=None)
        note = _l("Người xem xét đã trả lời là không được hưởng: làm thủ tục thôi hưởng.")
        return replace(line, standing=Standing.DOUBTFUL, note=note)
    if answer.affirms and line.standing in QUESTIONS:
        settled = Standing.TO_APPLY if line.received is None else Standing.RECEIVING
        return replace(line, standing=settled, note=None)
    return line


def _line(ground: Ground, standing: Standing, base: int | None, **more: Any) -> Entitlement:
    values = {"missing": ground.missing, "note": ground.note, **more}
    return Entitlement(
        ground.right,
        standing,
        ground.article,
        ground.reason,
        ground.coefficient,
        law.amount(base, ground.coefficient),
        **values,
    )


def _received(held: Received, standing: Standing, note: Any = None) -> Entitlement:
    """A line of what is received, where no ground speaks for it."""
    right = Right(held.basis.value)
    return Entitlement(right, standing, ARTICLES[right], right.label, received=held, note=note)


# ── The child's own allowances: only the highest is paid ───────────────────


def _own(facts: ChildFacts, found: list[Ground], base: int | None, day: date) -> list[Entitlement]:
    """Khoản 1, 2, 3, 6 and 7: of several only the one with the highest coefficient. NĐ 20/2021/NĐ-CP Đ6.2."""
    held = [received for received in facts.received if Right(received.basis.value) in OWN]
    known = {ground.right: ground for ground in found}
    if Right.K2 in known:
        known[Right.K1] = known[Right.K2]  # the same allowance goes on, by another paragraph
    lines = [
        _received(received, Standing.DOUBTFUL, _why_doubtful(facts, Right(received.basis.value), day))
        for received in held
        if received.basis.value not in known
    ]
    held = sorted(
        (received for received in held if received.basis.value in known),
        key=lambda received: known[Right(received.basis.value)].coefficient or Decimal(0),
        reverse=True,
    )
    lines += [
        _received(received, Standing.DOUBTFUL, _l("Chỉ được hưởng một mức, mức cao nhất (NĐ 20/2021/NĐ-CP Đ6.2)."))
        for received in held[1:]
    ]
    best = _best(found, held[0] if held else None)
    if best is not None:
        lines.append(_beside(best, held[0], base) if held else _not_received(best, base))
    if not held:
        lines += [_line(ground, Standing.POSSIBLE, base) for ground in _higher_if_true(found, best)]
    return lines


def _why_doubtful(facts: ChildFacts, right: Right, day: date) -> Any:
    """What the facts lack for an allowance that is received."""
    if is_grown(facts, day) and right is not Right.K2:
        return _l("Đã đủ 16 tuổi: khoản này chỉ dành cho trẻ em. Đang đi học thì xem khoản 2.")
    return _WHY_DOUBTFUL[right]


def _best(found: Iterable[Ground], held: Received | None) -> Ground | None:
    """The ground with the highest coefficient: certain ones, and the one by which an allowance is received already."""
    strong = [ground for ground in found if ground.is_certain or (held and held.basis.value == ground.right.value)]
    return max(
        strong or ([] if held else list(found)),
        key=lambda ground: (ground.coefficient or 0, bool(held and held.basis.value == ground.right.value)),
        default=None,
    )


def _higher_if_true(found: Iterable[Ground], best: Ground | None) -> list[Ground]:
    """Uncertain grounds that would give more than the best certain one."""
    if best is None or not best.is_certain:
        return []
    return [
        ground
        for ground in found
        if not ground.is_certain and (ground.coefficient or Decimal(0)) > (best.coefficient or Decimal(0))
    ]


def _not_received(ground: Ground, base: int | None) -> Entitlement:
    return _line(ground, Standing.TO_APPLY if ground.is_certain else Standing.POSSIBLE, base)


def _beside(ground: Ground, held: Received, base: int | None) -> Entitlement:
    """What is due beside what is received: the same, or another level."""
    line = _line(ground, Standing.RECEIVING, base, received=held, missing=())
    if (held.basis.value, ground.right) == (Right.K1.value, Right.K2):
        note = _l("Đã đủ 16 tuổi: chuyển từ khoản 1 sang khoản 2 (NĐ 20/2021/NĐ-CP Đ5.2).")
    elif held.basis.value != ground.right.value:
        note = _l("Đang hưởng theo khoản khác; khoản này hệ số cao hơn (NĐ 20/2021/NĐ-CP Đ6.2).")
    elif None not in (held.coefficient, ground.coefficient) and held.coefficient != ground.coefficient:
        note = _l("Hệ số đang hưởng khác hệ số theo tuổi, mức độ hiện nay.")
    elif None not in (held.monthly_amount, line.amount) and held.monthly_amount < line.amount:  # type: ignore[operator]
        note = _l("Mức đang ghi thấp hơn mức tính theo mức chuẩn hiện nay.")
    else:
        return line
    return _line(ground, Standing.CHANGED, base, received=held, missing=(), note=note)


_WHY_DOUBTFUL: dict[Right, Any] = {
    Right.K1: _l("Hoàn cảnh và tình trạng của cha, mẹ ghi trong sổ không thuộc trường hợp nào của khoản 1."),
    Right.K2: _l("Đã đủ 22 tuổi, đã thôi học, hoặc sổ không ghi đã hưởng khoản 1 khi đủ 16 tuổi."),
    Right.K3: _l("Sổ không còn ghi đủ điều kiện của khoản 3 (thuộc hộ nghèo và hoàn cảnh kèm theo)."),
    Right.K6: _l("Sổ không ghi khuyết tật nặng, đặc biệt nặng còn giá trị."),
    Right.K7: _l("Đã đủ 3 tuổi, hộ không còn là hộ nghèo, cận nghèo, hoặc thôn không ghi là vùng đặc biệt khó khăn."),
}


# ── Paid to the parent ─────────────────────────────────────────────────────


def _single_parent(facts: ChildFacts, found: list[Ground], base: int | None, day: date) -> list[Entitlement]:
    """Khoản 4, which goes to the parent whatever the child receives itself."""
    held = next((received for received in facts.received if received.basis.value == Right.K4.value), None)
    ground = next((ground for ground in found if ground.right is Right.K4), None)
    if held is None:
        return [_not_received(ground, base)] if ground is not None else []
    if ground is not None:
        return [_beside(ground, held, base)]
    if facts.is_listed and not is_grown(facts, day):
        return [_received(held, Standing.RECEIVING)]
    why = _l("Con đã đủ 22 tuổi, hoặc đủ 16 tuổi mà không còn đi học.") if facts.is_listed else None
    return [_received(held, Standing.DOUBTFUL, why or _l("Hộ không còn trong danh sách hộ nghèo, cận nghèo."))]


def _carer(facts: ChildFacts, found: list[Ground], base: int | None) -> list[Entitlement]:
    """Đ20, which goes to who takes care."""
    held = next((received for received in facts.received if received.basis.value == Right.CARER.value), None)
    ground = next((ground for ground in found if ground.right is Right.CARER), None)
    if ground is None:
        why = _l("Sổ không ghi trẻ thuộc khoản 1 hay khuyết tật đặc biệt nặng được nhận chăm sóc.")
        return [_received(held, Standing.DOUBTFUL, why)] if held is not None else []
    if held is not None:
        return [_beside(ground, held, base)]
    return [_not_received(ground, base)]


# ── Health insurance and the certificate ───────────────────────────────────


def _card(facts: ChildFacts, day: date) -> list[Entitlement]:
    """The health insurance card paid by the State, until 72 months, or 30/9 of that year. Luật Bảo hiểm y tế Đ16.3."""
    if facts.birth is None or day >= ages.card_ends(facts.birth):
        return []
    reason = _l("Thẻ bảo hiểm y tế trẻ em dưới 6 tuổi (đến khi đủ 72 tháng, hoặc 30/9 năm đó)")
    line = Entitlement(Right.CARD, Standing.RECEIVING, ARTICLES[Right.CARD], reason)
    if facts.insurance_number:
        return [line]
    registered = facts.registration is BirthRegistration.REGISTERED
    missing = () if registered else (Paper.REGISTRATION,)
    note = _l("Sổ chưa ghi số thẻ.") if registered else _l("Đăng ký khai sinh và cấp thẻ làm cùng một lượt được.")
    return [Entitlement(line.right, Standing.TO_APPLY, line.article, line.reason, missing=missing, note=note)]


def _certificate(facts: ChildFacts, day: date) -> list[Entitlement]:
    """The disability certificate issued anew when the child reaches 6. TT 01/2019/TT-BLĐTBXH Đ8.2."""
    if not 6 <= (facts.age(day) or 0) < ADULT_FROM or facts.birth is None:
        return []
    sixth = ages.birthday(facts.birth.day, 6)
    old = [held for held in facts.disabilities if held.number and (held.on is None or held.on < sixth)]
    if not old or any(held.number and held.on and held.on >= sixth for held in facts.disabilities):
        return []
    return [_renewal(facts, old[0])]


def _renewal(facts: ChildFacts, held: Certified) -> Entitlement:
    note = None
    if held.severity is DisabilitySeverity.EXTREME:
        note = _l("Một số trường hợp đặc biệt nặng không phải cấp lại: xem TT 01/2019/TT-BLĐTBXH Đ8.2.")
    elif held.on is None:
        note = _l("Sổ không ghi ngày cấp giấy: xem giấy cấp trước hay sau khi đủ 6 tuổi.")
    return Entitlement(
        Right.CERTIFICATE,
        Standing.POSSIBLE if note is not None else Standing.TO_APPLY,
        ARTICLES[Right.CERTIFICATE],
        _l("Giấy xác nhận khuyết tật cấp trước khi đủ 6 tuổi"),
        missing=papers(facts),
        note=note,
    )
