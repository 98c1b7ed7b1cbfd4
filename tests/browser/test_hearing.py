"""What somebody hears who does not see the page: the word, the guesses, the result, the end."""

from typing import Any

from game.messages import Guesses, Message, RaceState, ShowdownState, State
from tests.browser import races
from tests.browser.conftest import NewPlayer
from tests.browser.puppet import HOME, Puppet, guesses
from tests.browser.states import DONE, SPRINT

# Every text that a live region has had, in order.
LISTEN = """() => {
  window.heard = [];
  const hear = (records) => records.forEach(({ target }) => {
    const region = (target.closest ?? target.parentElement.closest).call(
      target.closest ? target : target.parentElement, "[aria-live=polite]");
    const text = region?.textContent.trim();
    if (text) heard.push(text);
  });
  new MutationObserver(hear).observe(document.querySelector(".dr"),
    { subtree: true, childList: true, characterData: true });
}"""
STROKE = [[10.0, 90.0], [20.0, 80.0], [0.0, 90.0]]


def heard(
    puppet: tuple[Puppet, str], new_player: NewPlayer, *messages: Message, guess: str = ""
) -> list[str]:
    """What is heard of a game; a `guess` is waited for after the drawing's own messages."""
    puppet[0].scene = HOME
    page = new_player(puppet[1]).open().page
    page.evaluate(LISTEN)
    for message in messages:
        puppet[0].tell(message)
        if guess and isinstance(message, Guesses | ShowdownState):
            page.wait_for_function("(text) => heard.some((each) => each.includes(text))", arg=guess)
    return list(dict.fromkeys(page.evaluate("heard")))


def drawn(**changes: object) -> Guesses:
    said = Guesses(round=1, frame=1, guesses=guesses(("fish", 0.6), ("cat", 0.2)), target=0.1)
    return said.model_copy(update=changes)


def test_a_sprint_is_heard_from_the_word_to_the_end(
    puppet: tuple[Puppet, str], new_player: NewPlayer
):
    begun: dict[str, Any] = {"mode": "sprint", "round": 1, "left": 50_000.0, "total": 60_000.0}
    texts = heard(
        puppet,
        new_player,
        State(stage="countdown", mode="sprint", round=1, left=3_000, total=3_000),
        State(stage="drawing", word="house", **begun),
        State(stage="drawing", word="house", strokes=[STROKE], **begun),
        drawn(),
        State(stage="reveal", results=DONE[:1], **begun),
        State(stage="over", mode="sprint", round=1, points=1, results=DONE[:1]),
    )
    assert texts[0].startswith("I name a thing, you draw it")
    assert texts[1] == "Draw a house."
    assert texts[-2] == "A house! I knew it!"
    assert texts[-1].startswith("1 point. 1 word guessed")


def test_guesses_are_heard_and_do_not_take_the_word_away(
    puppet: tuple[Puppet, str], new_player: NewPlayer
):
    asked = SPRINT.model_copy(
        update={"round": 1, "word": "house", "strokes": [STROKE], "results": []}
    )
    texts = heard(puppet, new_player, asked, drawn(), guess="fish, 60%")
    assert texts == ["Draw a house.", "fish, 60%"]


def test_free_drawing_is_heard(puppet: tuple[Puppet, str], new_player: NewPlayer):
    free = State(stage="drawing", mode="practise", round=1, strokes=[STROKE])
    assert heard(puppet, new_player, free, drawn(), guess="fish") == ["Draw anything", "fish, 60%"]


def test_a_showdown_is_heard(puppet: tuple[Puppet, str], new_player: NewPlayer):
    asked = State(stage="drawing", mode="showdown", round=1, word="bird", strokes=[STROKE])
    told = ShowdownState(round=1, frame=5, models=races.OTHERS)
    texts = heard(puppet, new_player, asked, told, guess="classic-b0: bird, 97%")
    assert texts[0] == "Draw a bird."


def test_a_race_is_heard_from_the_word_to_the_end(
    puppet: tuple[Puppet, str], new_player: NewPlayer
):
    drawing, _, said = races.drawing(3, "cat", 0.3, 0.4).messages
    reveal, revealed = races.reveal(3, "cat").messages
    end = races.podium(3).messages[-1]
    assert isinstance(drawing, RaceState)
    texts = heard(puppet, new_player, drawing, said, reveal, revealed, end, guess="cat, 40%")
    assert texts == ["Draw a cat.", "cat, 40%", "Mia was first, in 4.1 s.", "Mia wins!"]


def test_who_watches_a_race_hears_the_word(puppet: tuple[Puppet, str], new_player: NewPlayer):
    drawing, *_ = races.seen_by(None, races.drawing(3, "cat", 0.3, 0.4)).messages
    assert heard(puppet, new_player, drawing) == ["Draw a cat."]
