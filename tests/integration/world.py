"""One of everything that is protected, in one village, entered by one person; names carry a mark to look for."""

from datetime import date, timedelta

from app import attachments, clock, uploads
from models import (
    AgeBand,
    AgeSplit,
    Allowance,
    AllowanceBase,
    AllowanceBasis,
    AttachmentSlot,
    Breach,
    BreakGlass,
    BulkAct,
    BulkKind,
    BulkLine,
    CalendarDay,
    CareDecision,
    CareEvaluation,
    CareForm,
    CarePlacement,
    CareVerdict,
    CaseConference,
    CasePlan,
    CaseReview,
    Child,
    ChildList,
    CircumstanceKind,
    Commune,
    ComprehensiveAssessment,
    Consent,
    ConsentGiver,
    ConsentPurpose,
    Disability,
    DisabilityKind,
    DisabilitySeverity,
    DutyDone,
    EmergencyMeasure,
    EntitlementAnswer,
    Erasure,
    Export,
    FollowUp,
    FosterCarer,
    HandOver,
    HouseholdStatus,
    ImportBatch,
    ImportHeading,
    ImportRow,
    Incident,
    IncidentKind,
    InitialAssessment,
    Inspection,
    Job,
    KindLevel,
    LegalHold,
    LimitKind,
    LocalLimit,
    Merge,
    Movement,
    MovementKind,
    PeriodReport,
    PeriodReportState,
    PeriodRule,
    PlanAction,
    Poverty,
    Provider,
    ReceivingOffice,
    RecordClass,
    Referral,
    ReportDuty,
    ReportFile,
    ReportState,
    ReportWording,
    RequestKind,
    RequestLimit,
    ReviewItem,
    Right,
    Risk,
    SavedFilter,
    SeparationExtension,
    Service,
    ServiceBatch,
    ServiceKind,
    SharingProtocol,
    SubjectRequest,
    Transfer,
    User,
    Verdict,
    Village,
)
from tests.make import Make


class World:
    """`world.child`, `world.case` …: the records of one village that a person may, or may not, come across."""

    def __init__(self, make: Make, village: Village, by: User, mark: str) -> None:
        self.make = make
        self.mark = mark
        self.by = by
        self.village = village
        self.commune: Commune = village.commune
        self.user = by
        self._household_and_child()
        self._about_child()
        self._case()
        self._care()
        self._papers()
        self._privacy()
        self._trail()

    def _household_and_child(self) -> None:
        make, mark = self.make, self.mark
        self.household = make.household(f"Lò Văn {mark}", self.village, address=f"ngõ {mark}")
        self.status = make.save(
            HouseholdStatus(household=self.household, year=clock.today().year, status=Poverty.POOR, decision=mark)
        )
        self.child: Child = make.child(
            f"Lò Thị {mark}", self.village, household=self.household, note=f"ghi chú {mark}", school_name=mark
        )
        self.relative = make.relative(self.child, full_name=f"Lò Thị Mẹ {mark}")

    def _about_child(self) -> None:
        make, mark, of = self.make, self.mark, {"commune_id": self.commune.id, "child_id": self.child.id}
        self.circumstance = make.circumstance(self.child, note=mark, recorded_by_id=self.by.id)
        disability = Disability(**of, severity=DisabilitySeverity.SEVERE, certificate_number=mark)
        disability.kinds = [DisabilityKind.HEARING_SPEECH]
        self.disability = make.save(disability)
        self.allowance = make.save(Allowance(**of, basis=AllowanceBasis.K6, decision_number=mark))
        self.answer = make.save(
            EntitlementAnswer(
                **of, right=Right.K4, verdict=Verdict.NOT_ENTITLED, reason=f"đã hỏi {mark}", answered_on=clock.today(),
                answered_by_id=self.by.id, rested_on={},
            )
        )  # fmt: skip
        self.provider = make.save(Provider(commune_id=self.commune.id, name=f"Trạm {self.commune.name}"))
        self.inspection = make.save(
            Inspection(
                commune_id=self.commune.id, provider_id=self.provider.id, visited_on=date(2026, 1, 5),
                inspectors=f"Đoàn {self.commune.name}", findings=f"Thiếu bình chữa cháy ở {self.commune.name}",
            )
        )  # fmt: skip
        self.service = make.save(
            Service(**of, kind=ServiceKind.GIFT, description=mark, provider=self.provider, recorded_by_id=self.by.id)
        )
        self.service_batch = make.save(
            ServiceBatch(commune_id=self.commune.id, made_by_id=self.by.id, kind=ServiceKind.GIFT, description=mark)
        )
        self.bulk_act = make.save(
            BulkAct(commune_id=self.commune.id, made_by_id=self.by.id, kind=BulkKind.MOVED, count=1)
        )
        make.save(BulkLine(**of, act_id=self.bulk_act.id))
        self.movement = make.save(
            Movement(
                **of, kind=MovementKind.BORN, happened_on=date(2018, 5, 6), to_village_id=self.village.id, note=mark
            )
        )
        self.incident = make.save(
            Incident(**of, kind=IncidentKind.FALL, happened_on=date(2024, 1, 2), note=f"ngã {mark}")
        )
        self.child_list = make.save(
            ChildList(commune_id=self.commune.id, user_id=self.by.id, name=f"danh sách {mark}", columns=["code"])
        )
        self.saved_filter = make.save(
            SavedFilter(commune_id=self.commune.id, user_id=self.by.id, list_code="children", name=f"lọc {mark}")
        )
        self.review_item = make.save(
            ReviewItem(**of, submitted_by_id=self.by.id, submitted_at=clock.now(), is_new=True)
        )

    def _case(self) -> None:
        make, mark = self.make, self.mark
        self.report = make.report(
            self.by, self.child, village_id=self.village.id, happened=mark, place=mark, child_name=f"Lò Thị {mark}"
        )
        self.open_report = make.report(self.by, happened=f"chưa mở {mark}", village_id=self.village.id)
        self.draft = make.report(
            self.by, happened=f"đang ghi {mark}", village_id=self.village.id, state=ReportState.DRAFT
        )
        self.case = make.case(
            self.child, self.report, village_id=self.village.id, note=mark, perpetrator=mark, opened_by=self.by
        )
        of = {"commune_id": self.commune.id, "case_id": self.case.id}
        today = clock.today()
        self.initial = make.save(
            InitialAssessment(**of, assessed_at=clock.now(), risk=Risk.HIGH, conclusion=mark, levels={})
        )
        self.measure = make.save(EmergencyMeasure(**of, started_at=clock.now(), measure=mark))
        self.extension = make.save(
            SeparationExtension(
                **of, measure_id=self.measure.id, decided_on=today, decision_number=mark, until=today, reason=mark
            )
        )
        self.comprehensive = make.save(ComprehensiveAssessment(**of, assessed_on=today, family=mark, risk=Risk.LOW))
        self.conference = make.save(CaseConference(**of, held_on=today, minutes=mark))
        self.plan = make.save(CasePlan(**of, goal=mark))
        self.action = make.save(PlanAction(commune_id=self.commune.id, plan_id=self.plan.id, description=mark))
        self.follow_up = make.save(FollowUp(**of, visited_on=today, observed=mark, recorded_by_id=self.by.id))
        self.consent = make.save(
            Consent(
                commune_id=self.commune.id, child_id=self.child.id, giver=ConsentGiver.REPRESENTATIVE,
                giver_name=f"Lò Thị {mark}", purpose=ConsentPurpose.SUPPORT, details=mark, asked_on=today,
            )
        )  # fmt: skip
        self.referral = make.save(Referral(**of, referred_on=today, recipient=f"Trạm {mark}", purpose=mark))
        self.transfer = make.save(
            Transfer(
                **of, direction="out", checksum=mark, made_at=clock.now(), made_by_id=self.by.id,
                package=b"...", other_commune=f"xã {mark}", reason=mark,
            )
        )  # fmt: skip
        make.save(HandOver(**of, at=clock.now(), by_user_id=self.by.id, to_user_id=self.by.id, note=mark))
        make.save(BreakGlass(**of, user_id=self.by.id, at=clock.now(), until=clock.now(), reason=mark))
        gone = make.child(f"Lò Thị {mark}", self.village, removed_at=clock.now())
        gone.merged_into_id = self.child.id
        self.merge = make.save(
            Merge(
                commune_id=self.commune.id, kept_id=self.child.id, gone_id=gone.id, by_id=self.by.id, at=clock.now(),
                effects={"moved": [], "changed": [], "gone_id_number": None},
            )
        )  # fmt: skip
        self.limit = make.save(
            LocalLimit(
                commune_id=self.commune.id, kind=LimitKind.EMERGENCY_HOURS, amount=12, valid_from=today, source=mark
            )
        )
        self.duty = make.save(
            ReportDuty(
                commune_id=self.commune.id, name=mark, rule=PeriodRule.MONTH, due_day=5, source=mark, valid_from=today
            )
        )
        self.report_wording = make.save(
            ReportWording(
                commune_id=self.commune.id,
                part="cover.title",
                text=mark,
                valid_from=today - timedelta(days=self.village.id),
            )
        )
        self.age_band = make.save(
            AgeBand(
                commune_id=self.commune.id, split=AgeSplit.CHILDREN, code="t0.16", from_age=0, to_age=16, wording=mark,
                valid_from=today - timedelta(days=2 + self.village.id), valid_to=today - timedelta(days=1), source=mark,
            )
        )  # fmt: skip
        self.duty_done = make.save(
            DutyDone(commune_id=self.commune.id, duty_id=self.duty.id, period="2020-01", sent_on=today, note=mark)
        )
        self.case_review = make.save(CaseReview(**of, reviewed_on=today, risk=Risk.LOW, conclusion=mark, levels={}))

    def _privacy(self) -> None:
        make, mark, today = self.make, self.mark, clock.today()
        self.subject_request = make.save(
            SubjectRequest(
                commune_id=self.commune.id, child_id=self.child.id, kind=RequestKind.WITHDRAW, details=mark,
                asker=ConsentGiver.REPRESENTATIVE, asker_name=f"Lò Thị {mark}", consent_id=self.consent.id,
                received_on=today,
            )
        )  # fmt: skip
        self.erasure = make.save(
            Erasure(
                commune_id=self.commune.id, record_class=RecordClass.CHILD, keys=[self.child.id],
                proposed_by_id=self.by.id, proposed_at=clock.now(),
            )
        )  # fmt: skip
        self.breach = make.save(
            Breach(
                commune_id=self.commune.id, child_id=self.child.id, detected_at=clock.now(), first_on=today,
                last_on=today, what=f"lộ {mark}",
            )
        )  # fmt: skip
        self.protocol = make.save(
            SharingProtocol(
                commune_id=self.commune.id, number=f"QC {self.commune.name}", recipient="Công an xã", purpose="đối chiếu",
                legal_basis="Luật", content="họ tên", starts_on=today,
            )
        )  # fmt: skip
        make.save(LegalHold(commune_id=self.commune.id, child_id=self.child.id, reason=f"giữ {mark}"))
        self.request_limit = make.save(
            RequestLimit(
                commune_id=self.commune.id, kind=RequestKind.SEE, starts_on=today, answer_days=2, done_days=10,
                extension_days=10, article=f"QĐ của {self.commune.name}",
            )
        )  # fmt: skip

    def _care(self) -> None:
        make, mark, today = self.make, self.mark, clock.today()
        self.carer = make.save(
            FosterCarer(commune_id=self.commune.id, village_id=self.village.id, full_name=f"Lò Văn Nhận {mark}")
        )
        self.placement = make.save(
            CarePlacement(
                commune_id=self.commune.id, child_id=self.child.id, form=CareForm.RELATIVE, carer_id=self.carer.id,
                situation=mark, submitted_at=clock.now(), decision=CareDecision.APPROVED, decided_on=today,
                handed_over_on=today, collaborator_id=self.by.id, case_id=self.case.id,
            )
        )  # fmt: skip
        self.evaluation = make.save(
            CareEvaluation(
                commune_id=self.commune.id, placement_id=self.placement.id, evaluated_on=today, findings=mark,
                verdict=CareVerdict.CONTINUE,
            )
        )  # fmt: skip

    def _papers(self) -> None:
        paper = uploads.Cleaned(f"%PDF-1.4 {self.mark} %%EOF".encode(), "application/pdf")
        slot = AttachmentSlot.BIRTH_CERTIFICATE
        self.attachment = attachments.add(self.by, self.child, slot, f"giấy {self.mark}", paper)
        self.sent_paper = attachments.add(self.by, self.report, slot, f"gửi kèm {self.mark}", paper)

    def _trail(self) -> None:
        make, commune_id = self.make, self.commune.id
        self.batch = make.save(
            ImportBatch(
                commune_id=commune_id, user_id=self.by.id, file_name=f"{self.mark}.xlsx", sha256="0" * 64, totals={}
            )
        )
        told = {"values": {"full_name": f"Lò Thị {self.mark}"}, "errors": [{"field": "village", "message": self.mark}]}
        make.save(ImportRow(batch_id=self.batch.id, sheet="", row=2, action="problem", effects={"plan": told}))
        make.save(
            ImportHeading(
                commune_id=commune_id, heading=f"cot {self.mark} {self.village.id}", meaning="note", at=clock.now()
            )
        )
        self.job = make.save(
            Job(
                commune_id=commune_id, user_id=self.by.id, kind="test", arguments={}, created_at=clock.now(),
                sentence=f"Đang đọc {self.mark}", content=self.mark.encode(), file_name="t.xlsx",
            )
        )  # fmt: skip
        self.export = make.save(
            Export(
                commune_id=commune_id, user_id=self.by.id, at=clock.now(), workbook="district", variant="coded",
                row_count=1, sha256="0" * 64, reason=self.mark,
            )
        )  # fmt: skip
        self.period_report = make.save(
            PeriodReport(
                commune_id=commune_id, period="2026-Q1", counted_on=date(2026, 3, 31), frozen_at=clock.now(),
                sent_at=clock.now(), state=PeriodReportState.SENT, figures=[], sent_to=f"Sở của {self.mark}",
                rows={"children": {}, "cases": {}, "services": {}, "movements": {}},
                files=[ReportFile(name="t.xlsx", mime_type="x/y", sha256="0" * 64, size=1, content=b"x")],
            )
        )  # fmt: skip
        name = self.commune.name
        self.office = make.save(ReceivingOffice(commune_id=commune_id, name=f"Sở của {name}"))
        self.day = make.save(
            CalendarDay(commune_id=commune_id, day=date(2026, 1, self.village.position), name=f"Lễ của {name}")
        )
        self.base = make.save(
            AllowanceBase(commune_id=commune_id, starts_on=date(2026, 1, 1), amount=650_000, source=f"HĐND {name}")
        )
        self.kind = make.save(
            CircumstanceKind(
                code=f"r.x{self.village.id}", commune_id=commune_id, group_code="r", level=KindLevel.RISK,
                position=20_000, wording=f"Nguy cơ của {name}",
            )
        )  # fmt: skip
