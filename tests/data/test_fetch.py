"""Fetching: a download is checked, a refusal says exactly what to do."""

import hashlib
import http.server
import threading
from functools import partial

import pytest

from comity.core.errors import BadInput, DataMissing
from comity.data.sources import fetch as module
from comity.data.sources import source
from comity.data.sources.fetch import changed, direct, fetch, instructions

BODY = b"ccode,year\n2,1816\n"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Stay silent."""


@pytest.fixture
def server(tmp_path):
    """A producer on this machine with one file; yields its address."""
    folder = tmp_path / "producer"
    folder.mkdir()
    (folder / "made.csv").write_bytes(BODY)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as s:
        thread = threading.Thread(target=s.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{s.server_port}"
        s.shutdown()
        thread.join()


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Make a card; returns a function that changes it and puts it in the only catalogue."""
    monkeypatch.setenv("COMITY_DATA", str(tmp_path / "data"))
    base = {
        "name": "made",
        "file": "politics/made.csv",
        "redistributable": True,
        "sha256": hashlib.sha256(BODY).hexdigest(),
        "notes": "ends in 2016",
    }

    def make(**changes):
        card = source.card("cow_states").model_copy(update=base | changes)
        monkeypatch.setattr(module, "card", lambda name: card)
        return card

    return make


def test_a_file_is_downloaded_and_checked(server, made, tmp_path):
    made(url=f"{server}/made.csv")
    place = fetch("made")
    assert place == tmp_path / "data/politics/made.csv" and place.read_bytes() == BODY
    assert [p.name for p in place.parent.iterdir()] == ["made.csv"]
    assert not changed("made")


def test_a_file_that_is_there_is_left_alone(made, tmp_path):
    made(url="http://127.0.0.1:9/made.csv")
    place = tmp_path / "data/politics/made.csv"
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    assert fetch("made") == place and place.read_text() == "mine" and changed("made")


def test_another_file_than_promised_is_refused_and_not_kept(server, made, tmp_path):
    made(url=f"{server}/made.csv", sha256="0" * 64)
    with pytest.raises(BadInput, match="not the file on the card.*SHA-256"):
        fetch("made")
    assert list((tmp_path / "data/politics").iterdir()) == []


@pytest.mark.parametrize("path", ["/nothing.csv", None])
def test_a_producer_that_does_not_answer(server, made, tmp_path, path):
    made(url=f"{server}{path}" if path else "http://127.0.0.1:9/made.csv")
    with pytest.raises(DataMissing, match="could not be read.*\n1. open"):
        fetch("made")
    assert list((tmp_path / "data/politics").iterdir()) == []


def test_terms_and_pages_give_instructions(made, server):
    card = made(url=f"{server}/made.csv", redistributable=False)
    with pytest.raises(DataMissing, match="its terms want you"):
        fetch("made")
    made(url="https://correlatesofwar.org/data-sets/state-system-membership/")
    with pytest.raises(DataMissing) as error:
        fetch("made")
    text = str(error.value)
    for part in (
        "on a page",
        "1. open https://correlatesofwar.org",
        card.title,
        card.version,
        "politics/made.csv",
        card.sha256,
        card.licence,
        "ends in 2016",
    ):
        assert part in text


def test_without_a_folder_the_variable_is_named(made, monkeypatch):
    made(url="https://example.org/page")
    monkeypatch.delenv("COMITY_DATA")
    with pytest.raises(DataMissing, match="COMITY_DATA is not set.*export COMITY_DATA"):
        fetch("made")


def test_every_card_has_instructions_and_unknown_names_suggest():
    for card in source.cards().values():
        text = instructions(card, None)
        assert card.url in text and card.file in text
        assert direct(card) is (card.url.rsplit(".", 1)[-1] == card.file.rsplit(".", 1)[-1])
    with pytest.raises(BadInput, match="did you mean"):
        fetch("cow_nmcc")
