"""How the page asks for the daily game, in Node."""

from tests.game.web import node


def test_the_players_key_stands_in_no_address():
    address = "https://example.org/doodle/daily"
    asked = node.play("daily.js", [("a-key",), (None,)])
    assert asked == [[address, {"x-player-key": "a-key"}], [address, {}]]
