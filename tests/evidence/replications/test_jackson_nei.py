"""Networks of alliances without and with trade, and that a wrong rule would be seen."""

from itertools import permutations

from comity.evidence.replications import jackson_nei


def test_every_figure_is_reached():
    checks = jackson_nei.run()
    assert len(checks) == 8
    assert all(check.ok for check in checks), [c for c in checks if not c.ok]


def test_the_economies_differ_and_both_answers_occur():
    drawn = jackson_nei.economies()
    assert len(drawn) >= 500
    assert {len(strength) for strength, _ in drawn} == {3, 4, 5}
    safe = sum(jackson_nei.alone_is_safe(*economy) for economy in drawn)
    assert 50 < safe < len(drawn) - 50


def test_alone_is_safe_looks_at_every_country_and_every_two_others():
    for strength, advantage in jackson_nei.economies()[:60]:
        wanted = all(
            advantage * strength[k] >= strength[i] + strength[j]
            for i, j, k in permutations(range(len(strength)), 3)
        )
        assert jackson_nei.alone_is_safe(strength, advantage) == wanted


def test_a_network_that_would_be_stable_is_caught(monkeypatch):
    rule = jackson_nei.war_stable
    monkeypatch.setattr(jackson_nei, "ECONOMIES", 30)
    monkeypatch.setattr(jackson_nei, "war_stable", lambda m, a: rule(m, a) | (rule(m, a) >= 0))
    short = [check.what for check in jackson_nei.run() if not check.ok]
    assert "economies with a war-stable network that has an alliance" in short
