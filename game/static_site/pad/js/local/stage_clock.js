// The course of a game: a stage at a time, each until its deadline. `game/rules/stage_clock.py` again.

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
