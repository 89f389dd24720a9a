"""``planmodel diff``, ``validate``, ``params`` and ``scenarios``: what a user sees in 80 columns."""

from pathlib import Path

import pytest
from cli_calls import fits, planmodel

from planmodel.scenario import load_scenario, registry
from planmodel.scenario.finding import scenario_files


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("other.toml").write_text(
        """extends = "baseline"
        title = "[bold]Another[/bold] village, described at such length that no terminal could show it whole"
        parameters.draught.tractor_utilisation = 0.6
        switches.passports = false
        decrees.abortion_ban.date = 1937-01-01
        record.cattle = ["book", "july_count"]
        """,
        encoding="utf-8",
    )
    return "other.toml"


def test_diff_shows_each_key_with_both_values(other: str) -> None:
    answer = planmodel("diff", "baseline", other)
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    blocks = answer.out.strip().split("\n\n")
    default = registry.economy().parameters()["draught"]["tractor_utilisation"].default
    assert blocks[0] == "- baseline\n+ other.toml"
    assert f"parameters.draught.tractor_utilisation\n  - {default}\n  + 0.6" in blocks
    assert "switches.passports\n  - true\n  + false" in blocks
    assert "decrees.abortion_ban.date\n  - 1936-06-27\n  + 1937-01-01" in blocks
    assert 'record.cattle\n  - ["july_count", "january_count"]\n  + ["book", "july_count"]' in blocks
    assert '+ "[bold]Another[/bold] village' in answer.out  # no markup


def test_diff_of_equals(other: str) -> None:
    assert planmodel("diff", other, other) == (0, "no difference\n", "")


def test_diff_of_what_is_not_there(other: str) -> None:
    assert planmodel("diff", other, "othr.toml").message == (
        "othr.toml: no such file; did you mean 'other.toml'?"
    )
    assert planmodel("diff", other).status == 2


def test_validate_counts_what_it_checked(other: str) -> None:
    answer = planmodel("validate", other)
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    scenario = load_scenario(other)
    assert answer.out.startswith(f"other: valid; sha256 {scenario.digest()[:12]}\n")
    assert (
        f"{len(scenario.decrees)} decrees, {len(dict(scenario.exogenous))} exogenous series, " in answer.out
    )


def test_validate_tells_what_is_wrong(other: str) -> None:
    with Path(other).open("a", encoding="utf-8") as file:
        file.write("switches.pasports = true\n")
    assert planmodel("validate", other).message == (
        "other.toml: switches.pasports: unknown key; did you mean 'passports'?"
    )


def test_params_lists_every_parameter_whole() -> None:
    answer = planmodel("params")
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    words = " ".join(answer.out.split())
    for component, group in registry.economy().parameters().items():
        for name, p in group.items():
            low, high = p.bounds
            assert f"{component}.{name} = {p.default:g}" in answer.out
            assert f"[{low:g} to {high:g}]" in answer.out
            assert " ".join(p.meaning.split()) in words
            assert f"({p.evidence})" in words


def test_params_of_one_component_or_with_a_word() -> None:
    heads = [line for line in planmodel("params", "draught").out.splitlines() if " = " in line]
    assert len(heads) == len(registry.economy().parameters()["draught"])
    assert all(line.startswith("draught.") for line in heads)
    found = planmodel("params", "--search", "Tractor").out
    assert "draught.tractor_power = " in found
    assert "population.rural_birth_rate" not in found


def test_params_in_a_narrow_terminal() -> None:
    assert fits(planmodel("params", "kolkhoz", columns=50).out, 70)
    assert "…" not in planmodel("params", "kolkhoz", columns=30).out


def test_params_of_what_is_not_there() -> None:
    assert planmodel("params", "draugt").message == (
        "no component is called 'draugt'; did you mean 'draught'?"
    )
    assert planmodel("params", "--search", "spaceship").message == (
        "--search spaceship: no parameter has it in its name or meaning"
    )


def test_scenarios_lists_the_ready_ones() -> None:
    answer = planmodel("scenarios")
    assert answer.status == 0
    assert fits(answer.out)
    assert all(name in answer.out for name in scenario_files())
    assert "forced collectivisation" in answer.out
