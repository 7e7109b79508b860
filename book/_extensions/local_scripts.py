"""Leave out the scripts of Thebe, which the theme adds although the course does not use it.

They are emitted twice on every page, ask for a remote file, and leave an error in the console.
"""


def leave_out_thebe(app, pagename, templatename, context, doctree) -> None:
    """Drop Thebe's script files from a page."""
    if "script_files" in context:
        context["script_files"][:] = [
            script for script in context["script_files"] if not _is_thebe(script)
        ]


def _is_thebe(script) -> bool:
    body = getattr(script, "attributes", {}).get("body") or ""
    name = str(getattr(script, "filename", "") or "")
    return "THEBE" in body or "thebe" in name


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", leave_out_thebe, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
