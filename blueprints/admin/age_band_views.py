"""By which ages figures are told: sets of bands with dates."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, age_bands, audit, clock, places
from app.saving import answered_before, saved
from blueprints.admin import bp
from blueprints.admin.forms import BandForm, BandsForm
from blueprints.admin.place_views import save_setting
from models import AgeBand


@bp.get("/age-bands")
@access.requires("setting.edit")
def age_bands_list() -> ResponseReturnValue:
    """Every set, the usual ones too, and which hold today."""
    user = access.signed_in_user()
    held = {row.id for row in age_bands.rows_in_force(user.commune_id, clock.today())}
    return render_template(
        "admin/age_bands.html",
        sets=age_bands.sets(user),
        holds=lambda one: one.first.id in held,
        label=lambda row: age_bands.of_row(row).label,
    )


@bp.route("/age-bands/new", methods=["GET", "POST"])
@access.requires("setting.edit")
def new_age_bands() -> ResponseReturnValue:
    """Write a set that holds from a day on."""
    user = access.signed_in_user()
    form = BandsForm(valid_from=clock.today())
    form.prepare()
    if form.validate_on_submit():
        marks = form.read(user)
        if not form.errors:
            again = answered_before()
            if again is not None:
                return again
            age_bands.begin(user, form.split.data, marks, form.valid_from.data, form.source.data)
            audit.record("setting_changed", user, what="age_bands")
            return saved(url_for(".age_bands_list"), _("Đã lưu. Báo cáo đã lập giữ nguyên các nhóm tuổi của nó."))
    return render_template("admin/age_bands_new.html", form=form), 422 if form.errors else 200


@bp.route("/age-bands/<int:band_id>", methods=["GET", "POST"])
@access.requires("setting.edit")
def age_band(band_id: int) -> ResponseReturnValue:
    """What a band of the commune's own is called."""
    record = places.get_setting(access.signed_in_user(), AgeBand, band_id)
    return save_setting(record, BandForm(obj=record), "age_bands", "admin/age_band.html", page=".age_bands_list")
