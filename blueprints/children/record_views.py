"""What belongs to one child: relatives, circumstances, disabilities, allowances, movements."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from app import access, audit, clock, enrolment, review, timeline
from app.child_filters import SECRET
from app.forms import offer_villages
from app.saving import answered_before, saved
from blueprints.children.forms import (
    AllowanceForm,
    CircumstanceForm,
    DisabilityForm,
    IncidentForm,
    MovementForm,
    RelativeForm,
    RemovalForm,
)
from blueprints.children.views import bp
from models import Allowance, Child, Circumstance, Disability, Incident, MovementKind, Relative, User, db


def _edit(user: User, child: Child, record: Any, form: Any, title: Any) -> ResponseReturnValue:
    """Show and save the form of a record of a child, new or known."""
    if hasattr(form, "fill"):
        form.fill(user)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        review.submit(user, child)
        form.apply_to(record)
        if isinstance(record, Disability):
            record.kinds = form.kinds.data
        if record.id is None:
            record.commune_id = child.commune_id
            record.child = child
            db.session.add(record)
        return saved(url_for("children.show", child_id=child.id), _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("children/record.html", form=form, child=child, title=title), status


@bp.route("/<int:child_id>/relatives/new", methods=["GET", "POST"])
@access.requires("child.edit")
def add_relative(child_id: int) -> ResponseReturnValue:
    """A father, mother or caregiver."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    return _edit(user, child, Relative(), RelativeForm(), _l("Thêm người thân"))


@bp.route("/relatives/<int:relative_id>", methods=["GET", "POST"])
@access.requires("child.edit")
def edit_relative(relative_id: int) -> ResponseReturnValue:
    """Correct a relative."""
    user = access.signed_in_user()
    relative = access.get_relative(user, relative_id)
    return _edit(user, relative.child, relative, RelativeForm(obj=relative), _l("Sửa người thân"))


@bp.route("/<int:child_id>/circumstances/new", methods=["GET", "POST"])
@access.requires("child.edit")
def add_circumstance(child_id: int) -> ResponseReturnValue:
    """A special circumstance or a risk. The officer's counts at once; a collaborator's waits to be confirmed."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    circumstance = Circumstance(recorded_by_id=user.id)
    if access.may(user, "circumstance.confirm"):
        circumstance.confirmed_by_id, circumstance.confirmed_on = user.id, clock.today()
    return _edit(user, child, circumstance, CircumstanceForm(), _l("Thêm hoàn cảnh hoặc nguy cơ"))


@bp.route("/circumstances/<int:circumstance_id>", methods=["GET", "POST"])
@access.requires("child.edit")
def edit_circumstance(circumstance_id: int) -> ResponseReturnValue:
    """Correct or end a circumstance."""
    user = access.signed_in_user()
    circumstance = access.get_circumstance(user, circumstance_id)
    if circumstance.kind.sensitivity in SECRET:
        audit.record_read("read_apart", user, circumstance.child)
    form = CircumstanceForm(obj=circumstance)
    return _edit(user, circumstance.child, circumstance, form, _l("Sửa hoặc kết thúc hoàn cảnh"))


@bp.post("/circumstances/<int:circumstance_id>/confirm")
@access.requires("circumstance.confirm")
def confirm_circumstance(circumstance_id: int) -> ResponseReturnValue:
    """The officer confirms what a collaborator recorded."""
    user = access.signed_in_user()
    circumstance = access.get_circumstance(user, circumstance_id)
    again = answered_before()
    if again is not None:
        return again
    review.confirm(user, circumstance)
    return saved(url_for("children.show", child_id=circumstance.child_id), _("Đã xác nhận hoàn cảnh."))


@bp.route("/<int:child_id>/disabilities/new", methods=["GET", "POST"])
@access.requires("child.edit")
def add_disability(child_id: int) -> ResponseReturnValue:
    """What a disability certificate says."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    return _edit(user, child, Disability(), DisabilityForm(), _l("Thêm khuyết tật"))


@bp.route("/disabilities/<int:disability_id>", methods=["GET", "POST"])
@access.requires("child.edit")
def edit_disability(disability_id: int) -> ResponseReturnValue:
    """Correct a disability."""
    user = access.signed_in_user()
    disability = access.get_disability(user, disability_id)
    return _edit(user, disability.child, disability, DisabilityForm(obj=disability), _l("Sửa khuyết tật"))


@bp.route("/<int:child_id>/incidents/new", methods=["GET", "POST"])
@access.requires("child.edit")
def add_incident(child_id: int) -> ResponseReturnValue:
    """An accident or injury (QĐ 1248/QĐ-TTg). A death is also a movement, which takes the child off the counts."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    return _edit(user, child, Incident(), IncidentForm(), _l("Ghi tai nạn, thương tích"))


@bp.route("/incidents/<int:incident_id>", methods=["GET", "POST"])
@access.requires("child.edit")
def edit_incident(incident_id: int) -> ResponseReturnValue:
    """Correct an accident."""
    user = access.signed_in_user()
    incident = access.get_incident(user, incident_id)
    return _edit(user, incident.child, incident, IncidentForm(obj=incident), _l("Sửa tai nạn, thương tích"))


@bp.route("/<int:child_id>/allowances/new", methods=["GET", "POST"])
@access.requires("allowance.edit")
def add_allowance(child_id: int) -> ResponseReturnValue:
    """An allowance received."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    return _edit(user, child, Allowance(), AllowanceForm(), _l("Thêm trợ cấp"))


@bp.route("/allowances/<int:allowance_id>", methods=["GET", "POST"])
@access.requires("allowance.edit")
def edit_allowance(allowance_id: int) -> ResponseReturnValue:
    """Correct or end an allowance."""
    user = access.signed_in_user()
    allowance = access.get_allowance(user, allowance_id)
    return _edit(user, allowance.child, allowance, AllowanceForm(obj=allowance), _l("Sửa trợ cấp"))


@bp.route("/<int:child_id>/move", methods=["GET", "POST"])
@access.requires("child.edit")
def move(child_id: int) -> ResponseReturnValue:
    """Moved to another village, moved out, came back, died."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    form = MovementForm()
    offer_villages(form.to_village_id, user, _("– giữ nguyên hoặc rời xã –"))
    if form.validate_on_submit() and _possible(form, child):
        again = answered_before()
        if again is not None:
            return again
        review.submit(user, child)
        enrolment.move(
            user,
            child,
            MovementKind(form.kind.data.value),
            form.happened_on.data,
            to_village_id=form.to_village_id.data,
            place=form.place.data,
            note=form.note.data,
        )
        return saved(url_for("children.show", child_id=child.id), _("Đã ghi biến động."))
    title = _l("Ghi biến động")
    return render_template("children/record.html", form=form, child=child, title=title), 422 if form.errors else 200


def _possible(form: MovementForm, child: Child) -> bool:
    kind = MovementKind(form.kind.data.value)
    if form.happened_on.data > clock.today():
        form.add_error("happened_on", _("Ngày xảy ra ở sau hôm nay"))
    if child.birth is not None and child.birth.precision == "day" and form.happened_on.data < child.birth.day:
        form.add_error("happened_on", _("Ngày xảy ra ở trước ngày sinh"))
    if kind is MovementKind.MOVED_VILLAGE and form.to_village_id.data in (None, child.village_id):
        form.add_error("to_village_id", _("Chọn thôn mới"))
    if kind is MovementKind.RETURNED and child.left_on is None:
        form.add_error("kind", _("Trẻ đang ở xã, chưa từng rời đi"))
    if kind is not MovementKind.RETURNED and child.left_on is not None:
        form.add_error("kind", _("Trẻ đã rời xã; chọn “Trở về” nếu trẻ đã về"))
    return not form.errors


@bp.route("/<int:child_id>/remove", methods=["GET", "POST"])
@access.requires("child.remove")
def remove(child_id: int) -> ResponseReturnValue:
    """Take a record entered by mistake off the register."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    form = RemovalForm()
    if form.validate_on_submit():
        if not form.sure.data:
            form.add_error("sure", _("Đánh dấu vào ô nếu chắc chắn hồ sơ ghi nhầm"))
        else:
            again = answered_before()
            if again is not None:
                return again
            enrolment.remove(child, form.reason.data)
            return saved(url_for("children.index"), _("Đã đưa hồ sơ ra khỏi sổ."))
    title = _l("Đưa hồ sơ ghi nhầm ra khỏi sổ")
    return render_template("children/record.html", form=form, child=child, title=title), 422 if form.errors else 200


@bp.get("/<int:child_id>/timeline", endpoint="timeline")
@access.requires("child.show")
def child_timeline(child_id: int) -> ResponseReturnValue:
    """What happened to a child, newest first, narrowed by kind; prints as it is."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    kind = timeline.Kind.of_code(request.args.get("kind"))
    audit.record_read("timeline_read", user, child, kind=kind)
    return render_template(
        "cases/timeline.html",
        heading=child.full_name or _("(chưa đặt tên)"),
        back_endpoint="children.show",
        key={"child_id": child.id},
        events=timeline.of_child(user, child, kind),
        kinds=timeline.Kind,
        kind=kind,
        printed_at=clock.now(),
    )
