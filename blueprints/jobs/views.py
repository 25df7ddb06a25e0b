"""How far long work is: one page for every kind of job, for the person who asked for it alone."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import undefer

from app import access
from models import Job, JobState

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/<int:job_id>")
@access.requires("account.use")
def show(job_id: int) -> ResponseReturnValue:
    """How far a job is; one that is done leads on to its result."""
    job = access.get_job(access.signed_in_user(), job_id)
    if job.state is JobState.DONE and job.location:
        if "X-Progress" in request.headers:  # the page's own script asks; it goes to the result by itself
            return "", 204
        if job.sentence:
            flash(job.sentence, "success")
        return redirect(job.location, code=303)
    return render_template("jobs/show.html", job=job)


@bp.get("/<int:job_id>/file")
@access.requires("account.use")
def download(job_id: int) -> ResponseReturnValue:
    """The file a job has made."""
    job = access.get_job(access.signed_in_user(), job_id, undefer(Job.content))
    if job.content is None:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="{job.file_name}"'}
    return Response(job.content, mimetype="application/octet-stream", headers=headers)
