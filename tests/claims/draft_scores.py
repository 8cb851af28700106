"""Measure drafts against hand labels.

A label is one listed claim: the sentence that it comes from, its kind, words of its subject or
object, and the actors and frameworks that the claim names in the report (by name, demonym, seat
of government, leader, members or `these three states`), not those a reader would add.

A drafted claim matches a label when it comes from its sentence and holds one of its words. Each
drafted claim stands for at most one label (maximum matching); `recall_shared` lets it stand for
several. Actors, frameworks and kinds are scored on the matched; labels without a match count
their actors and frameworks as missed.

Run it as a script to print the scores: python tests/claims/draft_scores.py FOLDER LABELS
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from comity.claims.draft.drafting import draft


def load_labels(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def fits(label, claim):
    text = claim.text.lower()
    return claim.sentence == label["sentence"] and any(t.lower() in text for t in label["terms"])


def matching(labels, claims):
    """Maximum one-to-one matching by augmenting paths: label index -> claim index."""
    edges = [[c for c, claim in enumerate(claims) if fits(label, claim)] for label in labels]
    # Of equal matchings the one whose actors agree is meant: try those edges first.
    for label, near in zip(labels, edges, strict=True):
        near.sort(key=lambda c: (len(set(claims[c].actors) ^ set(label["actors"])), c))
    owner = {}

    def place(label, seen):
        for claim in edges[label]:
            if claim not in seen:
                seen.add(claim)
                if claim not in owner or place(owner[claim], seen):
                    owner[claim] = label
                    return True
        return False

    def best(label):
        return min(len(set(claims[c].actors) ^ set(labels[label]["actors"])) for c in edges[label])

    for label in sorted((n for n, near in enumerate(edges) if near), key=lambda n: (best(n), n)):
        place(label, set())
    return {label: claim for claim, label in owner.items()}, edges


def f1(hits, extra, missed):
    return 2 * hits / (2 * hits + extra + missed) if hits + extra + missed else 1.0


def score(texts, labels):
    """Scores over reports: {name: text}, labels with `report`."""
    count = defaultdict(int)
    misses = []
    for name, text in texts.items():
        own = [label for label in labels if label["report"] == name]
        claims = draft(text).claims
        count["drafted"] += len(claims)
        pairs, edges = matching(own, claims)
        count["labels"] += len(own)
        count["matched"] += len(pairs)
        count["shared"] += sum(bool(near) for near in edges)
        for place, label in enumerate(own):
            claim = claims[pairs[place]] if place in pairs else None
            right = claim is not None and claim.kind == label["kind"]
            count["kinds"] += right
            if not right:
                misses.append((label["id"], label["kind"], claim and claim.kind))
            for what in ("actors", "frameworks"):
                given = set(getattr(claim, what)) if claim else set()
                wanted = set(label[what])
                count[f"{what}_hits"] += len(given & wanted)
                count[f"{what}_extra"] += len(given - wanted)
                count[f"{what}_missed"] += len(wanted - given)
                if given != wanted:
                    misses.append((label["id"], what, sorted(given ^ wanted)))
    parts = ("hits", "extra", "missed")
    both = [count[f"actors_{p}"] + count[f"frameworks_{p}"] for p in parts]
    return {
        "drafted": count["drafted"],
        "labels": count["labels"],
        "recall": count["matched"] / count["labels"],
        "recall_shared": count["shared"] / count["labels"],
        "kinds": count["kinds"] / max(1, count["matched"]),
        "actors": f1(*(count[f"actors_{p}"] for p in parts)),
        "frameworks": f1(*(count[f"frameworks_{p}"] for p in parts)),
        "names": f1(*both),
        "misses": misses,
    }


def texts_of(folder, labels):
    names = sorted({label["report"] for label in labels})
    return {n: (Path(folder) / f"{n}.txt").read_text(encoding="utf-8") for n in names}


if __name__ == "__main__":
    given = load_labels(sys.argv[2])
    for key, value in score(texts_of(sys.argv[1], given), given).items():
        print(key, value if not isinstance(value, list) else "")
        for one in value if isinstance(value, list) else ():
            print("  ", *one)
