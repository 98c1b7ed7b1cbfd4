// The stages of a game, one at a time, each with its deadline. Twin of `game/rules/stage_clock.py`.

export class StageClock {
  stage = null;
  deadline = null; // when the stage ends by itself; null when it does not
  total = null; // full length of the stage in ms
  changes = 0; // grows whenever anything about the game changes

  enter(stage, at, length) {
    this.stage = stage;
    this.total = length;
    this.deadline = length === null ? null : at + length;
    this.changes += 1;
  }
}
