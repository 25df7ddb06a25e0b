"""Passing a case to another commune, its receipt, and taking one in. NĐ 56/2017/NĐ-CP Đ24, Đ26.1, Đ30.3."""

import io

from flask import Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock, transfers
from app.errors import too_late
from app.saving import answered_before, done_alone, saved
from blueprints.cases.forms import ReceiptForm, ReceiveForm, SendForm
from blueprints.cases.views import bp
from models import Case, Transfer


@bp.route("/<int:case_id>/transfers/new", methods=["GET", "POST"])
@access.requires("case.close")
def new_transfer(case_id: int) -> ResponseReturnValue:
    """Make the file for another commune; the case goes on here until its receipt is recorded."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    if transfers.open_one(case) is not None:
        return _on_its_way(case)
    form = SendForm()
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        transfer = Transfer()
        form.apply_to(transfer)
        if not done_alone(lambda: transfers.send(user, case, transfer, form["password"].data)):
            return _on_its_way(case)
        audit.record("case_transferred", user, case, direction=transfers.OUT, sha256=transfer.checksum)
        told = _("Đã đóng gói hồ sơ. Tải tệp, in phiếu chuyển, rồi ghi ngày xã nhận ký nhận.")
        return saved(url_for(".transfer", case_id=case.id, transfer_id=transfer.id), told)
    back = url_for(".show", case_id=case.id)
    title = _("Chuyển hồ sơ cho xã khác")
    status = 422 if form.errors else 200
    return render_template("cases/record.html", form=form, title=title, about=case, back=back, parts=()), status


def _on_its_way(case: Case) -> ResponseReturnValue:
    """A case goes to one commune at a time."""
    found = transfers.open_one(case)
    known = url_for(".transfer", case_id=case.id, transfer_id=found.id) if found else url_for(".show", case_id=case.id)
    return too_late(known, _("Hồ sơ đang chuyển cho một xã, chờ ký nhận. Muốn chuyển lại thì hủy lần chuyển đó trước."))


@bp.post("/<int:case_id>/transfers/<int:transfer_id>/withdraw")
@access.requires("case.close")
def withdraw_transfer(case_id: int, transfer_id: int) -> ResponseReturnValue:
    """Give up a transfer that nobody signed for."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    record = find_transfer(case, transfer_id)
    if record is not transfers.open_one(case):
        flash(_("Lần chuyển này không còn chờ ký nhận."), "warning")
        return redirect(url_for(".transfer", case_id=case.id, transfer_id=record.id), code=303)
    again = answered_before()
    if again is not None:
        return again
    transfers.withdraw(record)
    return saved(url_for(".show", case_id=case.id), _("Đã hủy lần chuyển; tệp không còn được giữ."))


def find_transfer(case: Case, transfer_id: int) -> Transfer:
    """One of a case's own transfers, or 404."""
    return next((one for one in case.transfers if one.id == transfer_id), None) or abort(404)


@bp.route("/<int:case_id>/transfers/<int:transfer_id>", methods=["GET", "POST"])
@access.requires("case.close")
def transfer(case_id: int, transfer_id: int) -> ResponseReturnValue:
    """A transfer: the file, its slip, and the receipt that closes the case; or what came with a case taken in."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    record = find_transfer(case, transfer_id)
    form = ReceiptForm(obj=record, data=None if record.receipt_on else {"receipt_on": clock.today()})
    if record.direction == transfers.OUT and not record.withdrawn_at and form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        transfers.record_receipt(user, record)
        return saved(url_for(".show", case_id=case.id), _("Đã ghi xã nhận ký nhận; vụ việc kết thúc ở xã này."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("cases/transfer.html", case=case, transfer=record, form=form), status


@bp.get("/<int:case_id>/transfers/<int:transfer_id>/file")
@access.requires("case.close")
def transfer_file(case_id: int, transfer_id: int) -> ResponseReturnValue:
    """The package, while its receipt is awaited. Its name says nothing of the child."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    record = find_transfer(case, transfer_id)
    if record.package is None:
        abort(404)
    audit.record_read("case_transferred", user, case, direction=transfers.OUT, sha256=record.checksum)
    response: Response = send_file(
        io.BytesIO(record.package),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"ho-so-{case.number}.mnhs",
    )
    return response


@bp.route("/transfers/receive", methods=["GET", "POST"])
@access.requires("concern.answer")
def receive() -> ResponseReturnValue:
    """Take in another commune's package: a case of our own with its past steps; the same file twice is one case."""
    user = access.signed_in_user()
    form = ReceiveForm()
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        try:
            received = transfers.receive(user, form.file.data.read(transfers.MOST_BYTES + 1), form.password.data)
        except transfers.Unreadable as problem:
            form.add_error("file", str(problem))
            return render_template("cases/receive.html", form=form), 422
        if received.was_here:
            flash(_("Tệp này đã nhận rồi."), "warning")
            return redirect(url_for(".show", case_id=received.case.id), code=303)
        return _took_in(received.case)
    return render_template("cases/receive.html", form=form), 422 if form.errors else 200


def _took_in(case: Case) -> ResponseReturnValue:
    record = transfers.received(case)
    checksum = record.checksum if record else ""
    audit.record("case_transferred", access.signed_in_user(), case, direction=transfers.IN, sha256=checksum)
    told = _("Đã nhận hồ sơ %(number)s. Gắn với trẻ trong sổ, rồi đánh giá lại.", number=case.number)
    return saved(url_for(".show", case_id=case.id), told)
