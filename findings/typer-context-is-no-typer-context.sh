#!/usr/bin/env bash
# typer 0.29.2: a parameter annotated `typer.Context` receives an object that is not one.
#
# Why one would have guessed wrong: the annotation is the documented way to get the context, and
# up to 0.1x the object was an instance of click.Context, so isinstance tests, type narrowing and
# click.get_current_context() worked.  Now it comes from a private copy of click
# (typer._click.core.Context): it is an instance neither of typer.Context, which annotates it, nor
# of the installed click.Context, and click knows of no current context.
# The input is valid: the smallest program of the documentation.
#
# Prints versions and what was seen; exits 1 when the behaviour is another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet typer==0.29.2 click==8.5.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import click
import typer
from typer.testing import CliRunner

app = typer.Typer()
got = {}


@app.command()
def go(context: typer.Context):
    got["context"] = context
    got["current"] = click.get_current_context(silent=True)


CliRunner().invoke(app, [])
kind = type(got["context"])
own = isinstance(got["context"], typer.Context)
clicks = isinstance(got["context"], click.Context)
print("typer", version("typer"), "click", version("click"))
print("received:", f"{kind.__module__}.{kind.__qualname__}")
print("isinstance of typer.Context:", own)
print("isinstance of click.Context:", clicks)
print("click.get_current_context(silent=True):", got["current"])
seen = not own and not clicks and got["current"] is None
print("as described" if seen else "no longer as described")
sys.exit(0 if seen else 1)
PYTHON
