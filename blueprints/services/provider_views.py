"""Who provides services to children in the commune."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from app import access, clock, support
from app.saving import answered_before, saved
from app.support import ProviderVisits
from blueprints.services.forms import InspectionForm, ProviderForm
from blueprints.services.views import bp
from models import Inspection, Provider, ProviderKind, db


@bp.get("/providers")
@access.requires("provider.list")
def providers() -> ResponseReturnValue:
    """The commune's providers, by name, narrowed by kind and by what their inspections lack."""
    user = access.signed_in_user()
    kind = ProviderKind.of_code(request.args.get("kind"))
    visits = ProviderVisits.of_code(request.args.get("visits"))
    query = support.providers_query(user, kind, visits).options(selectinload(Provider.inspections))
    return render_template(
        "services/providers.html",
        providers=db.session.scalars(query).all(),
        chosen={"kind": kind, "visits": visits},
        choices={"kind": ProviderKind, "visits": ProviderVisits},
    )


@bp.get("/providers/<int:provider_id>")
@access.requires("provider.list")
def show_provider(provider_id: int) -> ResponseReturnValue:
    """A provider, and the visits of inspection, the latest first."""
    return render_template(
        "services/show_provider.html", provider=access.get_provider(access.signed_in_user(), provider_id)
    )


@bp.route("/providers/<int:provider_id>/inspections/new", methods=["GET", "POST"])
@access.requires("provider.edit")
def new_inspection(provider_id: int) -> ResponseReturnValue:
    """Record a visit of inspection."""
    user = access.signed_in_user()
    provider = access.get_provider(user, provider_id)
    inspection = Inspection(commune_id=user.commune_id, provider_id=provider.id, recorded_by_id=user.id)
    form = InspectionForm(data={"visited_on": clock.today()})
    return _save(inspection, form, _("Ghi lần kiểm tra: %(name)s", name=provider.name), _page_of(provider))


@bp.route("/providers/<int:provider_id>/inspections/<int:inspection_id>/edit", methods=["GET", "POST"])
@access.requires("provider.edit")
def edit_inspection(provider_id: int, inspection_id: int) -> ResponseReturnValue:
    """Correct a visit, or say that what it found was mended."""
    provider = access.get_provider(access.signed_in_user(), provider_id)
    inspection = next((one for one in provider.inspections if one.id == inspection_id), None) or abort(404)
    form = InspectionForm(obj=inspection)
    return _save(inspection, form, _("Sửa lần kiểm tra: %(name)s", name=provider.name), _page_of(provider))


def _page_of(provider: Provider) -> str:
    return url_for(".show_provider", provider_id=provider.id)


@bp.route("/providers/new", methods=["GET", "POST"])
@access.requires("provider.edit")
def new_provider() -> ResponseReturnValue:
    """Add a provider."""
    user = access.signed_in_user()
    return _save(
        Provider(commune_id=user.commune_id),
        ProviderForm(data={"kind": ProviderKind.OTHER, "is_active": True}),
        _("Thêm nơi cung cấp"),
        url_for(".providers"),
    )


@bp.route("/providers/<int:provider_id>/edit", methods=["GET", "POST"])
@access.requires("provider.edit")
def edit_provider(provider_id: int) -> ResponseReturnValue:
    """Correct a provider, or say that it works no more."""
    provider = access.get_provider(access.signed_in_user(), provider_id)
    return _save(provider, ProviderForm(obj=provider), _("Sửa nơi cung cấp"), _page_of(provider))


def _save(record: Any, form: Any, title: str, back: str) -> ResponseReturnValue:
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        db.session.add(record)
        return saved(back, _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("services/provider.html", form=form, title=title, back=back), status
