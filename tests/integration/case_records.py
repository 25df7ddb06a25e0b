"""Records of a case with fixed defaults, for tests of cases."""

from typing import Any

from app import clock
from models import Case, CasePlan, InitialAssessment, PlanDecision, Risk
from tests.make import Make


def assess(make: Make, case: Case, risk: Risk = Risk.MEDIUM, **values: Any) -> InitialAssessment:
    return make.save(
        InitialAssessment(commune_id=case.commune_id, case_id=case.id, assessed_at=clock.now(), risk=risk, **values)
    )


def plan(make: Make, case: Case, **values: Any) -> CasePlan:
    values.setdefault("goal", "Cháu an toàn, đi học lại")
    return make.save(CasePlan(commune_id=case.commune_id, case_id=case.id, **values))


def approved(make: Make, case: Case, **values: Any) -> CasePlan:
    now = clock.now()
    return plan(make, case, submitted_at=now, decided_at=now, decision=PlanDecision.APPROVED, **values)
