"""Children, their relatives, their movements: the register (cơ sở dữ liệu trẻ em)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import KEY, Base, Timestamped, Versioned
from models.fields import Choice, Sensitivity, field
from models.household import Household
from models.place import Village

if TYPE_CHECKING:
    from models.circumstance import Circumstance, Disability
    from models.support import Allowance, Service


class Sex(Choice):
    """Giới tính; Mẫu 01 also knows "Không biết"."""

    MALE = "male", _l("Nam")
    FEMALE = "female", _l("Nữ")
    UNKNOWN = "unknown", _l("Không biết")


class BirthRegistration(Choice):
    """Whether the birth is registered (đăng ký khai sinh)."""

    UNKNOWN = "unknown", _l("Chưa rõ")
    REGISTERED = "registered", _l("Đã đăng ký")
    NOT_REGISTERED = "not_registered", _l("Chưa đăng ký")


class Residence(Choice):
    """How the child lives in the commune (cư trú)."""

    PERMANENT = "permanent", _l("Thường trú")
    TEMPORARY = "temporary", _l("Tạm trú")
    ABSENT = "absent", _l("Thường trú nhưng vắng mặt")


class Schooling(Choice):
    """Where the child learns (học tập)."""

    UNKNOWN = "unknown", _l("Chưa rõ")
    TOO_YOUNG = "too_young", _l("Chưa đến tuổi, ở nhà")
    NURSERY = "nursery", _l("Nhà trẻ")
    KINDERGARTEN = "kindergarten", _l("Mẫu giáo")
    PRIMARY = "primary", _l("Tiểu học")
    LOWER_SECONDARY = "lower_secondary", _l("Trung học cơ sở")
    UPPER_SECONDARY = "upper_secondary", _l("Trung học phổ thông")
    SPECIAL = "special", _l("Giáo dục chuyên biệt")
    DROPPED_OUT = "dropped_out", _l("Đã bỏ học")
    NEVER = "never", _l("Chưa từng đi học")
    VOCATIONAL = "vocational", _l("Học nghề, trung cấp")
    HIGHER = "higher", _l("Cao đẳng, đại học")


class PopulationCheck(Choice):
    """Whether the record agrees with the national population database (CSDLQG về dân cư), as the police say."""

    UNCHECKED = "unchecked", _l("Chưa đối chiếu")
    MATCHED = "matched", _l("Khớp")
    MISMATCH = "mismatch", _l("Không khớp")
    SENT = "sent", _l("Đã gửi công an xác minh")


class LeftReason(Choice):
    """Why a child no longer lives in the commune."""

    MOVED_OUT = "moved_out", _l("Chuyển đi")
    DIED = "died", _l("Đã mất")


class Child(Timestamped, Versioned, Base):
    """A child (trẻ em: người dưới 16 tuổi, Luật Trẻ em Đ1). Past the 16th birthday the record stays and counts no more."""

    __tablename__ = "children"
    __table_args__ = (UniqueConstraint("commune_id", "personal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    code: Mapped[str] = mapped_column(default="")
    village: Mapped[Village] = relationship(lazy="joined")
    household: Mapped[Household | None] = relationship(back_populates="children")
    relatives: Mapped[list["Relative"]] = relationship(
        back_populates="child", order_by="Relative.id", cascade="all, delete-orphan"
    )
    movements: Mapped[list["Movement"]] = relationship(back_populates="child", order_by="Movement.happened_on.desc()")
    circumstances: Mapped[list["Circumstance"]] = relationship(
        back_populates="child", order_by="Circumstance.started_on.desc()"
    )
    disabilities: Mapped[list["Disability"]] = relationship(back_populates="child", order_by="Disability.id.desc()")
    allowances: Mapped[list["Allowance"]] = relationship(back_populates="child", order_by="Allowance.id.desc()")
    services: Mapped[list["Service"]] = relationship(back_populates="child", order_by="Service.id.desc()")

    #: Folded name, for comparing (models/clean.py).
    name_key: Mapped[str] = mapped_column(KEY, default="")
    #: Vietnamese order of people: given name, then surname and middle names.
    sort_key: Mapped[str] = mapped_column(KEY, default="")
    #: Everything search looks in, folded: name, relatives, household head, personal ID.
    search_key: Mapped[str] = mapped_column(KEY, default="")
    #: How exactly `born_on` is known; born_on itself is the last day of what is known.
    born_precision: Mapped[clean.Precision] = mapped_column(default=clean.Precision.DAY)
    #: Set with a movement; both empty while the child lives here.
    left_on: Mapped[date | None]
    left_reason: Mapped[LeftReason | None]
    #: Taken out of the register by mistake-correction or merge; the record stays.
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("children.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    full_name: Mapped[str | None] = field(
        label=_l("Họ và tên"),
        help=_l("Như trên giấy khai sinh. Trẻ chưa đặt tên thì để trống."),
        max_length=120,
        clean=clean.person_name,
        sensitivity=Sensitivity.PERSONAL,
        aliases=("Họ tên", "Họ và tên trẻ", "Tên trẻ"),
    )
    sex: Mapped[Sex] = field(
        label=_l("Giới tính"), required=True, default=Sex.UNKNOWN, aliases=("Giới", "Nam/Nữ", "Nam, Nữ")
    )
    born_on: Mapped[date | None] = field(
        label=_l("Ngày sinh"),
        help=_l("Gõ 5/6/2015, 05062015, 6/2015 hoặc 2015; chỉ ước lượng thì gõ ~2015."),
        precision="born_precision",
        sensitivity=Sensitivity.PERSONAL,
        aliases=("NTNS", "Ngày, tháng, năm sinh", "Năm sinh"),
    )
    village_id: Mapped[int] = field(ForeignKey("villages.id"), label=_l("Thôn"), required=True, aliases=("Xóm", "Bản"))
    personal_id: Mapped[str | None] = field(
        label=_l("Số định danh cá nhân"),
        help=_l("12 chữ số; chưa có thì để trống."),
        clean=clean.personal_id,
        max_length=20,
        sensitivity=Sensitivity.PERSONAL,
        aliases=("Mã định danh", "CCCD", "Số CCCD", "Số ĐDCN"),
    )
    birth_registration: Mapped[BirthRegistration] = field(
        label=_l("Đăng ký khai sinh"), required=True, default=BirthRegistration.UNKNOWN
    )
    ethnicity_code: Mapped[str | None] = field(
        ForeignKey("ethnic_groups.code"), label=_l("Dân tộc"), sensitivity=Sensitivity.SENSITIVE
    )
    nationality: Mapped[str | None] = field(label=_l("Quốc tịch"), clean=clean.text, default="Việt Nam")
    household_id: Mapped[int | None] = field(ForeignKey("households.id"), label=_l("Hộ gia đình"), index=True)
    residence: Mapped[Residence] = field(label=_l("Cư trú"), required=True, default=Residence.PERMANENT)
    address: Mapped[str | None] = field(
        label=_l("Nơi ở hiện tại"),
        help=_l("Chỉ ghi khi khác địa chỉ của hộ."),
        clean=clean.text,
        sensitivity=Sensitivity.CONTACT,
    )
    schooling: Mapped[Schooling] = field(label=_l("Học tập"), required=True, default=Schooling.UNKNOWN)
    school_name: Mapped[str | None] = field(label=_l("Trường, lớp"), clean=clean.text, sensitivity=Sensitivity.PERSONAL)
    insurance_number: Mapped[str | None] = field(
        label=_l("Số thẻ BHYT"), clean=clean.text, max_length=20, sensitivity=Sensitivity.PERSONAL, aliases=("BHYT",)
    )
    population_check: Mapped[PopulationCheck] = field(
        label=_l("Đối chiếu CSDL dân cư"), required=True, default=PopulationCheck.UNCHECKED
    )
    note: Mapped[str | None] = field(label=_l("Ghi chú"), clean=clean.multiline, multiline=True)

    @property
    def birth(self) -> clean.PartialDate | None:
        """The birth date with its precision."""
        return clean.PartialDate(self.born_on, self.born_precision) if self.born_on else None

    @birth.setter
    def birth(self, value: clean.PartialDate | None) -> None:
        self.born_on = value.day if value else None
        self.born_precision = value.precision if value else clean.Precision.DAY

    @property
    def is_here(self) -> bool:
        """Lives in the commune and is on the register, whatever the age."""
        return self.removed_at is None and self.left_on is None


class RelativeKind(Choice):
    """What a person is to the child."""

    FATHER = "father", _l("Cha")
    MOTHER = "mother", _l("Mẹ")
    CAREGIVER = "caregiver", _l("Người chăm sóc")


class RelativeState(Choice):
    """What became of a parent. Orphan lists and group c of NĐ 56/2017 Đ5 are derived from it, never typed."""

    UNKNOWN = "unknown", _l("Không rõ")
    ALIVE = "alive", _l("Còn sống")
    DEAD = "dead", _l("Đã mất")
    MISSING = "missing", _l("Mất tích")
    IN_PRISON = "in_prison", _l("Đang chấp hành án, cơ sở giáo dục hoặc cai nghiện bắt buộc")
    IN_FACILITY = "in_facility", _l("Đang ở cơ sở trợ giúp xã hội")
    UNABLE = "unable", _l("Không còn khả năng chăm sóc")


class Relative(Timestamped, Versioned, Base):
    """A father, mother or caregiver (cha, mẹ, người chăm sóc trẻ em; Luật Trẻ em Đ4)."""

    __tablename__ = "relatives"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship(back_populates="relatives")
    name_key: Mapped[str] = mapped_column(KEY, default="")

    kind: Mapped[RelativeKind] = field(label=_l("Quan hệ"), required=True)
    full_name: Mapped[str | None] = field(
        label=_l("Họ và tên"), max_length=120, clean=clean.person_name, sensitivity=Sensitivity.PERSONAL
    )
    relationship_words: Mapped[str | None] = field(
        label=_l("Là gì của trẻ"), help=_l("Ví dụ: bà nội, bác ruột"), clean=clean.text, max_length=60
    )
    state: Mapped[RelativeState] = field(label=_l("Tình trạng"), required=True, default=RelativeState.UNKNOWN)
    birth_year: Mapped[int | None] = field(label=_l("Năm sinh"))
    occupation: Mapped[str | None] = field(label=_l("Nghề nghiệp"), clean=clean.text)
    phone: Mapped[str | None] = field(label=_l("Điện thoại"), clean=clean.phone, sensitivity=Sensitivity.CONTACT)


class MovementKind(Choice):
    """A change in who lives where (biến động)."""

    BORN = "born", _l("Sinh ra")
    MOVED_IN = "moved_in", _l("Chuyển đến")
    MOVED_VILLAGE = "moved_village", _l("Chuyển thôn")
    MOVED_OUT = "moved_out", _l("Chuyển đi")
    RETURNED = "returned", _l("Trở về")
    DIED = "died", _l("Đã mất")


class Movement(Timestamped, Versioned, Base):
    """A birth, death or move (biến động), on the day it happened."""

    __tablename__ = "movements"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship(back_populates="movements")
    from_village_id: Mapped[int | None] = mapped_column(ForeignKey("villages.id"))
    to_village_id: Mapped[int | None] = mapped_column(ForeignKey("villages.id"))
    from_village: Mapped[Village | None] = relationship(foreign_keys=from_village_id)
    to_village: Mapped[Village | None] = relationship(foreign_keys=to_village_id)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    kind: Mapped[MovementKind] = field(label=_l("Biến động"), required=True)
    happened_on: Mapped[date] = field(label=_l("Ngày xảy ra"), required=True)
    place: Mapped[str | None] = field(label=_l("Nơi đến hoặc nơi đi"), clean=clean.text)
    note: Mapped[str | None] = field(label=_l("Ghi chú"), clean=clean.multiline, multiline=True)


# Lists in name order, search and counts: whatever these ask of a child stands in it, so that no row is read that is not shown.
# The sort key comes second, so that SQLite does not look for each part of an OR by itself.
Index(
    "ix_children_commune_sort",
    Child.commune_id,
    Child.sort_key,
    Child.id,
    Child.search_key,
    Child.removed_at,
    Child.left_on,
    Child.born_on,
    Child.born_precision,
    Child.village_id,
)
Index("ix_children_village_sort", Child.village_id, Child.sort_key, Child.id)
Index("ix_children_commune_name_born", Child.commune_id, Child.name_key, Child.born_on)
# A child's history is shown with those of the children merged into it; nearly all were merged into nobody.
Index(
    "ix_children_merged_into",
    Child.merged_into_id,
    sqlite_where=Child.merged_into_id.is_not(None),
    postgresql_where=Child.merged_into_id.is_not(None),
)
Index("ix_relatives_commune_kind_state", Relative.commune_id, Relative.kind, Relative.state)
Index("ix_movements_commune_happened", Movement.commune_id, Movement.happened_on)
