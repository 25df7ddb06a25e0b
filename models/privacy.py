"""Personal data of one person: what was asked for about it, and within what time (Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP)."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.child import Child
from models.fields import Choice, Sensitivity, field
from models.teamwork import Consent, ConsentGiver
from models.user import User


class RequestKind(Choice):
    """What is asked for (Luật 91/2025/QH15 Đ4)."""

    SEE = "see", _l("Xem, nhận bản trích hồ sơ")
    CORRECT = "correct", _l("Chỉnh sửa")
    ERASE = "erase", _l("Xóa")
    OBJECT = "object", _l("Phản đối, hạn chế việc xử lý")
    WITHDRAW = "withdraw", _l("Rút lại sự đồng ý")


class RequestOutcome(Choice):
    """What came of a request."""

    DONE = "done", _l("Đã thực hiện")
    PARTLY = "partly", _l("Thực hiện một phần")
    REFUSED = "refused", _l("Không thực hiện")


class SubjectRequest(Timestamped, Versioned, Base):
    """A request of a child or its representative about the child's personal data (yêu cầu của chủ thể dữ liệu)."""

    __tablename__ = "subject_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    #: None once the child was erased; that the request came and was answered stays.
    child_id: Mapped[int | None] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child | None] = relationship()
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_by: Mapped[User | None] = relationship()
    consent: Mapped[Consent | None] = relationship()

    kind: Mapped[RequestKind] = field(label=_l("Yêu cầu"), required=True)
    asker: Mapped[ConsentGiver] = field(label=_l("Ai yêu cầu"), required=True)
    asker_name: Mapped[str | None] = field(
        label=_l("Họ tên người yêu cầu (khi không phải trẻ em)"),
        clean=clean.person_name,
        sensitivity=Sensitivity.CASE,
    )
    identity: Mapped[str | None] = field(
        label=_l("Đã xem giấy tờ gì"),
        help=_l("Ví dụ: căn cước và giấy khai sinh của trẻ, quyết định công nhận giám hộ. Không chép số giấy tờ."),
        clean=clean.text,
        sensitivity=Sensitivity.CASE,
    )
    consent_id: Mapped[int | None] = field(ForeignKey("consents.id"), label=_l("Rút lại ý kiến nào"))
    details: Mapped[str | None] = field(
        label=_l("Nội dung yêu cầu"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    received_on: Mapped[date] = field(label=_l("Nhận yêu cầu ngày"), required=True)

    answered_on: Mapped[date | None] = field(label=_l("Phản hồi người yêu cầu ngày"))
    answer: Mapped[str | None] = field(
        label=_l("Nội dung phản hồi"),
        help=_l("Đã nhận yêu cầu, làm theo trình tự nào, bao giờ xong."),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    extended_on: Mapped[date | None] = field(label=_l("Gia hạn ngày"))
    extension_reason: Mapped[str | None] = field(
        label=_l("Lý do gia hạn"), clean=clean.text, max_length=400, sensitivity=Sensitivity.CASE
    )
    closed_on: Mapped[date | None] = field(label=_l("Xong ngày"))
    outcome: Mapped[RequestOutcome | None] = field(label=_l("Kết quả"))
    outcome_note: Mapped[str | None] = field(
        label=_l("Đã làm gì, hoặc vì sao không làm"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )


class RequestLimit(Timestamped, Versioned, Base):
    """Within what time a kind of request is answered and carried out, from a day on; the decree's until a commune says else."""

    __tablename__ = "request_limits"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None for what the decree says; a commune's own rows go before.
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"), index=True)

    kind: Mapped[RequestKind] = field(label=_l("Yêu cầu"), required=True)
    starts_on: Mapped[date] = field(label=_l("Áp dụng cho yêu cầu nhận từ ngày"), required=True)
    answer_days: Mapped[int] = field(label=_l("Phản hồi trong"), required=True, unit=_l("ngày làm việc"))
    done_days: Mapped[int] = field(label=_l("Thực hiện trong"), required=True, unit=_l("ngày"))
    extension_days: Mapped[int] = field(label=_l("Gia hạn một lần, nhiều nhất"), required=True, unit=_l("ngày"))
    article: Mapped[str] = field(label=_l("Căn cứ"), required=True, clean=clean.text)


class RecordClass(Choice):
    """What a retention rule is about."""

    CHILD = "child", _l("Hồ sơ trẻ em đã đủ 16 tuổi, đã chuyển đi hoặc đã mất")
    CASE = "case", _l("Hồ sơ vụ việc đã kết thúc")
    CONCERN = "concern", _l("Tin báo đã trả lời, không lập hồ sơ, không gắn với trẻ trong sổ")
    IMPORT = "import", _l("Nội dung các dòng của danh sách đã nhập")
    REQUEST = "request", _l("Yêu cầu về dữ liệu cá nhân đã xong")


class RetentionRule(Timestamped, Versioned, Base):
    """How long a class of records is kept; what every commune starts with, until it says else."""

    __tablename__ = "retention_rules"
    __table_args__ = (UniqueConstraint("commune_id", "record_class"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"))

    record_class: Mapped[RecordClass] = field(label=_l("Loại hồ sơ"), internal=True)
    years: Mapped[int] = field(label=_l("Lưu thêm"), required=True, unit=_l("năm"))
    source: Mapped[str] = field(
        label=_l("Căn cứ"), help=_l("Ví dụ: danh mục thời hạn lưu trữ của xã"), required=True, clean=clean.text
    )


class LegalHold(Timestamped, Base):
    """A child's records must be kept whatever the rules say (tố tụng, khiếu nại), until somebody lifts it."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lifted_on: Mapped[date | None]

    reason: Mapped[str] = field(
        label=_l("Vì sao phải giữ"),
        help=_l("Ví dụ: Tòa án yêu cầu giữ hồ sơ, văn bản số … Không ghi tên."),
        required=True,
        clean=clean.text,
        max_length=400,
        sensitivity=Sensitivity.CASE,
    )


class ErasureState(Choice):
    """Where an erasure stands."""

    PROPOSED = "proposed", _l("Chờ người thứ hai đồng ý")
    DONE = "done", _l("Đã xóa")
    REFUSED = "refused", _l("Không đồng ý")


class Erasure(Timestamped, Versioned, Base):
    """Records proposed for erasing by one person and erased at a second person's yes; keys and counts only."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    record_class: Mapped[RecordClass]
    #: The keys of the records, as the dry run listed them.
    keys: Mapped[list[int]] = mapped_column(JSON, default=list)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("subject_requests.id"))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    proposed_at: Mapped[datetime]
    state: Mapped[ErasureState] = mapped_column(default=ErasureState.PROPOSED)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    decided_at: Mapped[datetime | None]
    #: {table: how many rows went}.
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class Breach(Timestamped, Versioned, Base):
    """Personal data that came to whom they should not, or were lost (vi phạm quy định về bảo vệ dữ liệu cá nhân)."""

    __tablename__ = "breaches"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    #: The one child it is about, when it is about one.
    child_id: Mapped[int | None] = mapped_column(ForeignKey("children.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    detected_at: Mapped[datetime] = field(label=_l("Phát hiện lúc"), required=True)
    first_on: Mapped[date] = field(label=_l("Xem lại từ ngày"), required=True)
    last_on: Mapped[date] = field(label=_l("Đến ngày"), required=True)
    village_id: Mapped[int | None] = field(ForeignKey("villages.id"), label=_l("Chỉ trẻ em của thôn"))
    user_id: Mapped[int | None] = field(ForeignKey("users.id"), label=_l("Chỉ tài khoản"))
    what: Mapped[str] = field(
        label=_l("Chuyện gì xảy ra"),
        help=_l("Ví dụ: mất điện thoại, gửi nhầm tệp. Không ghi tên trẻ em."),
        required=True,
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    effects: Mapped[str | None] = field(
        label=_l("Hậu quả có thể có"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    measures: Mapped[str | None] = field(
        label=_l("Đã làm gì để ngăn chặn, khắc phục"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    notified_at: Mapped[datetime | None] = field(label=_l("Đã thông báo cơ quan chuyên trách lúc"))
    told_on: Mapped[date | None] = field(label=_l("Đã báo trẻ em, người đại diện ngày"))
    closed_on: Mapped[date | None] = field(label=_l("Xử lý xong ngày"))


class SharingProtocol(Timestamped, Versioned, Base):
    """By what a recipient may be given data with names: basis, purpose, which data, from when to when."""

    __tablename__ = "sharing_protocols"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)

    number: Mapped[str] = field(label=_l("Số văn bản, quy chế"), required=True, clean=clean.text, max_length=60)
    recipient: Mapped[str] = field(label=_l("Cơ quan, tổ chức nhận"), required=True, clean=clean.text)
    legal_basis: Mapped[str] = field(
        label=_l("Căn cứ pháp lý"), help=_l("Điều, khoản cho phép chuyển dữ liệu."), required=True, clean=clean.text
    )
    purpose: Mapped[str] = field(label=_l("Mục đích"), required=True, clean=clean.text, max_length=400)
    content: Mapped[str] = field(
        label=_l("Dữ liệu được chuyển"), required=True, clean=clean.multiline, multiline=True, max_length=1000
    )
    starts_on: Mapped[date] = field(label=_l("Từ ngày"), required=True)
    ends_on: Mapped[date | None] = field(label=_l("Đến ngày"))

    def is_in_force(self, day: date) -> bool:
        """Whether data may go by it on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


Index("ix_subject_requests_commune_closed", SubjectRequest.commune_id, SubjectRequest.closed_on)
