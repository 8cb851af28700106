"""A draft as dossier files that `comity claims check` accepts and a person edits."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from comity.claims.draft.drafting import Draft, Drafted
from comity.files.guard import MAX_BYTES

# Room for what a person adds to a file before the reader refuses it as too long.
ROOM = 0.85
UNKNOWN_DATE = "1900-01-01"
WHY = "to be decided by a person"
LONGEST = 320


def documents(draft: Draft, name: str) -> list[str]:
    """Texts of the dossier files of a draft; a long report takes several.

    Parameters
    ----------
    draft
        The draft.
    name
        Name of the report's file without its ending.
    """
    budget = int(MAX_BYTES * ROOM)
    chunks: list[list[str]] = [[]]
    size = 0
    for number, claim in enumerate(draft.claims, 1):
        text = _claim(claim, number)
        length = len(text.encode())
        if chunks[-1] and (size + length > budget or len(chunks[-1]) >= MOST):
            chunks.append([])
            size = 0
        chunks[-1].append(text)
        size += length
    heads = (_head(draft, name, place, len(chunks)) for place in range(1, len(chunks) + 1))
    return [head + "".join(chunk) for head, chunk in zip(heads, chunks, strict=True)]


MOST = 300


def _head(draft: Draft, name: str, place: int, of: int) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "report"
    part = f"-{place}" if of > 1 else ""
    title = (draft.title or name) + (f" ({place} of {of})" if of > 1 else "")
    lines = [
        "# A draft: nothing here is decided. For each claim: keep, mend or delete it, then choose",
        "# a route and a test (docs/reference/dossier-files.md). Lines with # are notes.",
        f"# {len(draft.claims)} claims from {draft.sentences} sentences"
        + (f"; {draft.skipped} in other languages were skipped." if draft.skipped else "."),
        "comity: dossier 1",
        f"name: {_text(slug + part)}",
        f"title: {_text(title)}",
        'publisher: "to be filled in"',
        'session: "to be filled in"',
        f'date: "{draft.date or UNKNOWN_DATE}"' + ("" if draft.date else "  # not found"),
        f"source: {_text(name)}",
        "claims:",
    ]
    return "\n".join(lines) + "\n"


def _claim(claim: Drafted, number: int) -> str:
    cue = f" ({_note(claim.cue)})" if claim.cue else ""
    hedge = ", hedged" if claim.hedged else ""
    lines = [
        f"  # sentence {claim.sentence}: {_note(claim.quote)}",
        f"  - id: D{number:04}",
        f"    kind: {claim.kind}  #{cue or ' no cue'}{hedge}",
        f"    said: {_text(_shortened(claim.text))}",
    ]
    if claim.actors:
        lines.append(f"    actors: {_list(claim.actors)}")
    if claim.frameworks:
        lines.append(f"    frameworks: {_list(claim.frameworks)}")
    if claim.named:
        lines.append(f"    # named: {_note('; '.join(dict.fromkeys(claim.named)))}")
    if claim.unresolved:
        lines.append(f"    # unresolved: {_note('; '.join(claim.unresolved))}")
    lines += ["    route: not_testable", f"    why: {_text(WHY)}"]
    for place, one in enumerate(claim.proposals, 1):
        lines.append(f"    # {place}. {one.route}: {one.test}  <- {_note(one.cue)}")
    return "\n".join(lines) + "\n"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _text(value: str) -> str:
    """A YAML text in double quotes; JSON's escapes are YAML's."""
    return json.dumps(_note(value), ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(json.dumps(value) for value in values) + "]"


def _note(value: str) -> str:
    """Text on one line, with nothing that a YAML reader refuses."""
    kept = "".join(c if c.isprintable() else " " for c in value)
    return " ".join(kept.split())
