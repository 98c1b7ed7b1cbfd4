"""The declared suites and the catalogue of arms."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from models.command import UserError
from training.experiment import store
from training.experiment.plan import Plan, begin, read_plan
from training.experiment.results import PROSE
from training.sampling.mixture import Mixture
from training.strategies import catalogue
from training.strategies.strategy import Phase
from training.suites.suites import SUITES, read

RESULTS = Path(__file__).parents[3] / "results"
FREEZING = RESULTS / "freezing"
# Fields that came after a result have to have these values.
PLAIN_PHASE = asdict(Phase({"head": 1.0}))
MINE = """
question = "Does it help?"
arms = ["full", "scratch"]
contrasts = [["full", "scratch"]]
amounts = [30, "all"]
epochs = 2
"""


def test_every_arm_of_the_catalogue_is_in_the_suite_that_asks_its_question():
    asked = {arm for suite in SUITES.values() for arm in suite.arms}
    assert set(catalogue.STRATEGIES) - asked == set(catalogue.CONTINUING)


def test_every_arm_of_a_suite_is_decided_by_a_contrast():
    for suite in SUITES.values():
        assert {arm for pair in suite.contrasts for arm in pair} == set(suite.arms), suite.name


def test_the_arms_of_published_results_have_not_changed():
    """Runs are found by keys that depend on the names and phases of the arms."""
    plan = read_plan(FREEZING)
    assert SUITES["freezing"].arms == plan.suite.arms
    runs = [run for run in store.load(FREEZING, plan) if run.stage == "final"]
    assert runs
    for run in runs:
        now = json.loads(json.dumps(asdict(catalogue.find(run.arm))))
        then = {name: value for name, value in run.strategy.items() if name not in PROSE}
        stored = [set(phase) for phase in then["phases"]]
        for phase, names in zip(now["phases"], stored, strict=True):
            for later in phase.keys() - names:
                assert phase.pop(later) == PLAIN_PHASE[later]
        assert {name: now[name] for name in then} == then


@pytest.mark.parametrize("folder", sorted(path.parent for path in RESULTS.glob("*/plan.json")))
def test_plans_of_published_results_can_be_read(folder: Path):
    assert read_plan(folder).suite.arms


def test_a_file_may_ask_for_all_drawings_and_change_a_mixture(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text(MINE + 'held_out = "all"\n[changes]\nmixture = { traced = 0.1 }\n')
    suite = read(file)
    assert (suite.amounts, suite.held_out) == ((30, None), None)
    assert suite.changes == {"mixture": Mixture(traced=0.1)}
    plan = Plan(suite, ("cat", "dog"), "", {}, {}, "", "")
    begin(tmp_path / "results", plan)
    assert read_plan(tmp_path / "results").id == plan.id
    begin(tmp_path / "results", plan)  # as the same experiment goes on


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("arms = 3", "arms is 3. expected a list"),
        ("arms = []", "arms (), contrasts of ['full', 'scratch']"),
        ("arm = []", "'arm' is unknown. Did you mean 'arms'?"),
        ("arms = [", "cannot read"),
        ("name = 5", "name is 5. expected text"),
        ('name = "../x"', "'../x' is no name of a model"),
        ("contrasts = [3]", "contrasts is 3. expected a list"),
        ('contrasts = ["full"]', "contrasts is 'full'. expected a list"),
        ('contrasts = [["full"]]', "contrasts is ['full']. expected one value more"),
        ('contrasts = [["full", "full"]]', "a contrast of an arm with itself"),
        ('contrasts = [["full", "small"]]', "contrasts of ['small']"),
        ('amounts = ["many"]', "amounts is 'many'. expected a whole number"),
        ("amounts = [0]", "amounts is 0. expected at least 1"),
        ('epochs = "6"', "epochs is '6'. expected a whole number"),
        ("seeds = 2.5", "seeds is 2.5. expected a whole number"),
        ("seeds = 1001", "seeds is 1001. expected 1 to 1000"),
        ("batch = 0", "batch is 0. expected at least 1"),
        ('outcome = "acuracy"', "outcome: 'acuracy' is unknown. Did you mean 'accuracy'?"),
        ('eval_split = "tset"', "eval_split: 'tset' is unknown. Did you mean 'test'?"),
        ('held_out = "some"', "held_out is 'some'. expected a whole number"),
        ("side = 30", "side is 30. expected 28, 56 or 112"),
        ("stride = 3", "stride is 3. expected 1 or 2"),
        ("sd = 0", "sd is 0. expected a finite number above 0"),
        ("sd = inf", "sd is inf. expected a finite number"),
        ("region = -1", "region is -1. expected a finite number, at least 0"),
        ("region = nan", "region is nan. expected a finite number"),
        ('network = "nope"', "network is 'nope'. expected b0"),
        ("changes = { foo = 1 }", "changes: 'foo' is unknown"),
        ("changes = { mixture = { traced = 7 } }", "mixture.traced is 7. expected 0 to 1"),
        ("changes = 5", "changes: expected a table"),
    ],
)
def test_a_mistake_in_a_file_is_reported(tmp_path: Path, wrong: str, message: str):
    lines = [line for line in MINE.splitlines() if line.split(" = ")[0] != wrong.split(" = ")[0]]
    (tmp_path / "mine.toml").write_text("\n".join([*lines, wrong]))
    with pytest.raises(UserError, match=re.escape(message)):
        read(tmp_path / "mine.toml")


@pytest.mark.parametrize("name", ["lr/10", "../x", ""])
def test_an_arm_whose_name_would_lose_its_results_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    """The names of its files would be those of folders."""
    monkeypatch.setitem(catalogue.STRATEGIES, name, replace(catalogue.find("full"), name=name))
    suite = replace(SUITES["smoke"], arms=(name,), contrasts=())
    with pytest.raises(UserError, match="expected a name for files"):
        suite.check()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lr", "0.01", "Set rates in the suite itself"),
        ("rates", "{ all = 0.1 }", "Set rates in the suite itself"),
        ("epochs", "7", "Set epochs in the suite itself"),
        ("batch", "8", "Set batch in the suite itself"),
        ("stride", "1", "Set stride in the suite itself"),
        ("side", "56", "Set side in the suite itself"),
        ("patience", "1", "Set patience in the suite itself"),
        ("level", "false", "An epoch of a suite has as many steps"),
    ],
)
def test_changes_of_what_a_suite_sets_itself_are_refused(
    tmp_path: Path, name: str, value: str, message: str
):
    (tmp_path / "mine.toml").write_text(f"{MINE}[changes]\n{name} = {value}\n")
    suite = read(tmp_path / "mine.toml")
    with pytest.raises(UserError, match=f"suite 'mine' changes {name}. {message}"):
        suite.check()


def test_a_strategy_that_sets_rates_is_not_tuned_in_vain(monkeypatch: pytest.MonkeyPatch):
    own = replace(catalogue.find("full"), name="own", changes={"rates": {"all": 0.1}})
    monkeypatch.setitem(catalogue.STRATEGIES, "own", own)
    with pytest.raises(UserError, match="'own' changes rates, which a suite tunes"):
        replace(SUITES["smoke"], arms=("own",), contrasts=()).check()


@pytest.mark.parametrize("content", ["", "[]", '{"suite": null}', '{"suite": {"changes": 5}}'])
def test_a_damaged_plan_is_reported(tmp_path: Path, content: str):
    (tmp_path / "plan.json").write_text(content)
    with pytest.raises(UserError, match="holds no experiment"):
        read_plan(tmp_path)
