"""The invented concerns and cases, told shortly: what was seen, how far the case has come, and when it began."""

from dataclasses import dataclass
from datetime import timedelta

from models import AbuseForm, Channel, ClosureReason, PerpetratorRelation, ReportState, Risk, Subject

#: How far a case has come, in the order of NĐ 56/2017/NĐ-CP, Chương III.
STEPS = ("opened", "assessed", "examined", "met", "planned", "decided", "followed", "reviewed", "closed", "reopened")


@dataclass(frozen=True)
class Story:
    """One made-up case."""

    reach: str
    began: timedelta
    text: int
    risk: Risk = Risk.MEDIUM
    #: "needed": not yet taken; "measure": taken at once; "separation": the child was taken to a safe place.
    emergency: str = ""
    refused: bool = False
    can_close: bool = True
    closure: ClosureReason = ClosureReason.SAFE
    #: Every step comes late.
    late: bool = False
    has_child: bool = True
    #: In one of the two villages of the sign-in `ctv`.
    near: bool = False

    def has(self, step: str) -> bool:
        """Whether the case has come as far as this step."""
        return STEPS.index(self.reach) >= STEPS.index(step)


@dataclass(frozen=True)
class Text:
    """What was seen, and what is planned against it. Names nobody."""

    subject: Subject
    abuse: AbuseForm
    happened: str
    place: str
    perpetrator: str | None
    goal: str
    #: (work, who, cost in đồng)
    actions: tuple[tuple[str, str, int], ...]
    #: Circumstance codes of the children it may be about; empty: any child.
    about: tuple[str, ...] = ()


_COUNSEL = ("Tư vấn cho cha mẹ về nuôi dạy con không bạo lực", "Hội Liên hiệp Phụ nữ xã", 0)
_VISIT = ("Thăm gia đình mỗi tháng một lần", "Cộng tác viên thôn", 0)
_HEALTH = ("Khám và chăm sóc sức khỏe", "Trạm Y tế xã", 300_000)
_SCHOOL = ("Theo dõi, giúp đỡ việc học ở lớp", "Nhà trường", 0)

TEXTS = (
    Text(
        Subject.ABUSED, AbuseForm.VIOLENCE,
        "Hàng xóm nghe tiếng quát mắng và tiếng khóc nhiều tối. Trẻ có vết bầm ở cánh tay, đến lớp ít nói.",
        "Tại nhà của trẻ", "Cha của trẻ", "Trẻ không bị đánh nữa, yên tâm sống và học ở nhà.",
        (_COUNSEL, _HEALTH, _VISIT), ("i", "r.violence"),
    ),
    Text(
        Subject.ABUSED, AbuseForm.NEGLECT,
        "Trẻ ở nhà một mình cả ngày, ăn uống thất thường, nhiều hôm không đến lớp.",
        "Tại nhà của trẻ", "Cha mẹ của trẻ", "Có người lớn chăm sóc trẻ mỗi ngày; trẻ đi học đều.",
        (_COUNSEL, _SCHOOL, _VISIT), ("r.parents_away", "r.grandparents", "c.7"),
    ),
    Text(
        Subject.AT_RISK, AbuseForm.NONE,
        "Cha nghiện rượu, hay đập phá đồ đạc. Trẻ sợ, thường sang nhà bà ngủ nhờ.",
        "Tại nhà của trẻ", None, "Trẻ có nơi an toàn mỗi khi cha say; cha đồng ý cai rượu.",
        (("Vận động cha cai rượu", "Trạm Y tế xã, trưởng thôn", 0), _COUNSEL, _VISIT), ("r.addiction",),
    ),
    Text(
        Subject.ABUSED, AbuseForm.EXPLOITATION,
        "Trẻ nghỉ học, làm ở xưởng gỗ mười giờ mỗi ngày cùng người lớn.",
        "Xưởng gỗ ngoài rìa thôn", "Chủ xưởng", "Trẻ thôi việc ở xưởng và trở lại trường.",
        (("Làm việc với chủ xưởng, chấm dứt việc dùng lao động trẻ em", "Công an xã", 0), _SCHOOL), ("k.1", "h.2", "h.1"),
    ),
    Text(
        Subject.ABUSED, AbuseForm.SEXUAL,
        "Gia đình báo trẻ bị người quen xâm hại. Đã chuyển tin đến cơ quan công an.",
        "Ngoài gia đình", "Người quen của gia đình", "Trẻ được an toàn, được chữa trị, trợ giúp tâm lý và pháp lý.",
        (("Trị liệu tâm lý", "Trung tâm Công tác xã hội", 2_000_000), ("Trợ giúp pháp lý", "Trung tâm Trợ giúp pháp lý nhà nước", 0), _VISIT),
        ("l.1", "l.3", "l.4"),
    ),
    Text(
        Subject.SPECIAL, AbuseForm.NONE,
        "Mẹ mới mất, cha đang chấp hành án; trẻ ở với bà đã già yếu, thiếu ăn.",
        "Tại nhà bà của trẻ", None, "Trẻ được bà và họ hàng chăm sóc ổn định, được hưởng trợ cấp.",
        (("Lập hồ sơ hưởng trợ cấp hằng tháng", "Công chức phụ trách trẻ em", 0), ("Hỗ trợ gạo ba tháng", "Hội Chữ thập đỏ xã", 900_000), _VISIT),
        ("c.3", "c.2", "c.6", "a.3"),
    ),
    Text(
        Subject.ABUSED, AbuseForm.VIOLENCE,
        "Trẻ bị nhóm bạn lớn chặn đánh trên đường đi học nhiều lần.",
        "Đường từ trường về thôn", "Nhóm học sinh lớp trên", "Trẻ đi học an toàn, không còn bị bắt nạt.",
        (_SCHOOL, ("Gặp gia đình các học sinh liên quan", "Công an xã, nhà trường", 0), _VISIT), ("r.other", "r.dropout"),
    ),
    Text(
        Subject.AT_RISK, AbuseForm.NONE,
        "Cha mẹ ly thân, tranh giành con; trẻ bị giữ ở nhà, đã nghỉ học một tuần.",
        "Tại nhà nội", None, "Cha mẹ thống nhất nơi ở của trẻ; trẻ đi học lại.",
        (("Hòa giải tại thôn", "Tổ hòa giải", 0), _SCHOOL, _VISIT), ("r.divorced",),
    ),
)  # fmt: skip

_HIGH, _LOW = Risk.HIGH, Risk.LOW
_HOURS, _DAYS = timedelta(hours=1), timedelta(days=1)

STORIES = (
    Story("opened", 2 * _HOURS, 0, near=True),
    Story("opened", 15 * _HOURS, 2),
    Story("opened", 26 * _HOURS, 1, has_child=False),
    Story("assessed", 20 * _HOURS, 7, _LOW, near=True),
    Story("assessed", 9 * _DAYS, 1),
    Story("assessed", 9 * _HOURS, 0, _HIGH, emergency="needed"),
    Story("assessed", 1 * _DAYS, 4, _HIGH, emergency="measure"),
    Story("examined", 3 * _DAYS, 0, _HIGH, emergency="separation"),
    Story("examined", 3 * _DAYS, 5, near=True),
    Story("met", 5 * _DAYS, 2),
    Story("planned", 6 * _DAYS, 3),
    Story("planned", 14 * _DAYS, 6, late=True),
    Story("decided", 11 * _DAYS, 1, refused=True),
    Story("decided", 12 * _DAYS, 5),
    Story("decided", 18 * _DAYS, 0, _HIGH, emergency="separation"),
    Story("followed", 45 * _DAYS, 2, near=True),
    Story("followed", 75 * _DAYS, 3, late=True),
    Story("reviewed", 110 * _DAYS, 7),
    Story("reviewed", 130 * _DAYS, 6, can_close=False),
    Story("closed", 190 * _DAYS, 0, near=True),
    Story("closed", 260 * _DAYS, 4, _HIGH, emergency="measure"),
    Story("closed", 150 * _DAYS, 2, _LOW, closure=ClosureReason.UNFOUNDED),
    Story("reopened", 220 * _DAYS, 1, _HIGH),
)

#: Reports that are no case: (state, hours ago, text, channel, near, knows the child).
LOOSE_REPORTS = (
    (ReportState.SENT, 1.5, 0, Channel.IN_PERSON, True, True),
    (ReportState.SENT, 5, 1, Channel.PHONE, False, False),
    (ReportState.SENT, 14, 6, Channel.OTHER_PERSON, False, True),
    (ReportState.DRAFT, 3, 7, Channel.OBSERVED, True, True),
    (ReportState.DRAFT, 50, 2, Channel.OBSERVED, False, False),
    (ReportState.ANSWERED, 60, 7, Channel.PHONE, True, True),
    (ReportState.ANSWERED, 400, 6, Channel.IN_PERSON, False, True),
)


def relation_of(text: Text) -> PerpetratorRelation | None:
    """Who the invented perpetrator is to the child, by the first word that tells it; None where there is none."""
    words = (text.perpetrator or "").lower()
    if not words:
        return None
    told = (
        (("dượng", "mẹ kế"), PerpetratorRelation.STEP_PARENT),
        (("cha", "bố", "mẹ"), PerpetratorRelation.PARENT),
        (("ông", "bà", "bác", "chú", "cậu", "anh"), PerpetratorRelation.RELATIVE),
        (("hàng xóm", "người quen"), PerpetratorRelation.NEIGHBOUR),
        (("bạn",), PerpetratorRelation.PEER),
        (("chủ",), PerpetratorRelation.EMPLOYER),
    )
    found = (relation for known, relation in told if any(word in words for word in known))
    return next(found, PerpetratorRelation.UNKNOWN)
