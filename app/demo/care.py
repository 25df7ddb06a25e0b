"""Alternative care in the made-up commune: who is ready, who was placed, one visit overdue, one proposal to decide."""

from datetime import date, timedelta
from random import Random

from app import clock
from app.demo import names
from app.demo.acting import acting
from app.demo.population import Home, Kid, age
from app.demo.statuses import Staff
from models import CareDecision, CareForm, CarePlacement, CareVisit, Condition, FosterCarer, db

_WISHES = ("Bé gái dưới 6 tuổi", "Hai anh em ruột", None, "Trẻ khuyết tật nhẹ cũng nhận")


def make(chance: Random, today: date, homes: list[Home], staff: Staff) -> None:
    """Four carers, the youngest too young for the child proposed to her; one visit overdue, one placement running well."""
    villages = list(staff.collaborators)
    kids = [
        next(
            kid
            for home in homes
            for kid in home.here(today)
            if home.village_id == village and 8 <= age(kid, today) < 12
        )
        for village in villages[:3]
    ]
    with acting(staff.officer_id, clock.now() - timedelta(hours=20)):
        carers = [_carer(chance, today, village, number) for number, village in enumerate((villages * 4)[:4])]
        _run(today - timedelta(days=130), kids[0], carers[0], staff, visited_after=32)
        _run(today - timedelta(days=20), kids[1], carers[1], staff, visited_after=None)
        carers[3].born_on = kids[2].born_on.replace(year=kids[2].born_on.year - 18, day=1)
        proposal = _placement(kids[2], carers[3], today - timedelta(days=3))
        proposal.submitted_at = clock.now() - timedelta(hours=20)
        db.session.add(proposal)
        db.session.flush()


def _carer(chance: Random, today: date, village_id: int, number: int) -> FosterCarer:
    verified = {
        f"is_{name}": Condition.MET
        for name in ("resident", "healthy", "moral", "unconvicted", "housed", "willing", "agreed")
    }
    carer = FosterCarer(
        commune_id=db.session.info["commune_id"],
        village_id=village_id,
        full_name=names.woman_name(chance),
        born_on=date(today.year - 40 - 4 * number, 3, 10 + number),
        phone=names.phone(chance),
        household_words="Vợ chồng làm ruộng, nhà xây, con đã lớn.",
        wishes=_WISHES[number],
        registered_on=today - timedelta(days=200 - number),
        verified_on=today - timedelta(days=180 - number),
        evidence="Lý lịch tư pháp, giấy khám sức khỏe, họp gia đình.",
        **verified,
    )
    db.session.add(carer)
    db.session.flush()
    return carer


def _placement(kid: Kid, carer: FosterCarer, day: date) -> CarePlacement:
    return CarePlacement(
        commune_id=db.session.info["commune_id"],
        child_id=kid.id,
        form=CareForm.FAMILY,
        carer_id=carer.id,
        nearer_reason="Ông bà đã mất, không còn người thân nhận được.",
        assessed_on=day - timedelta(days=10),
        situation="Không còn người chăm sóc; sức khỏe ổn định, còn ít nói.",
        needs="Nơi ở ổn định, tiếp tục đi học, được tư vấn tâm lý.",
        asked_on=day - timedelta(days=10),
        child_opinion="Muốn ở cùng thôn để học cùng các bạn.",
        first_meeting_on=day - timedelta(days=8),
        second_meeting_on=day - timedelta(days=5),
        dossier="Giấy khai sinh; giấy khám sức khỏe; 2 ảnh.",
    )


def _run(day: date, kid: Kid, carer: FosterCarer, staff: Staff, visited_after: int | None) -> None:
    placement = _placement(kid, carer, day)
    placement.submitted_at = clock.now() - timedelta(days=(clock.today() - day).days + 1)
    placement.decision, placement.decided_on, placement.decision_number = (
        CareDecision.APPROVED,
        day,
        f"{day.month}/QĐ-UBND",
    )
    placement.handed_over_on = day + timedelta(days=4)
    placement.collaborator_id = staff.collaborators[kid.home.village_id]
    db.session.add(placement)
    db.session.flush()
    if visited_after is None:
        return
    db.session.add(
        CareVisit(
            commune_id=placement.commune_id,
            placement_id=placement.id,
            recorded_by_id=placement.collaborator_id,
            visited_on=placement.handed_over_on + timedelta(days=visited_after),
            observed="Cháu ăn ngủ tốt, đi học đều, gọi cô là mẹ.",
            child_words="Con thích ở đây.",
        )
    )
    db.session.flush()
