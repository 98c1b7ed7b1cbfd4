// The stages of a game, one at a time, each with its deadline. Twin of `game/rules/stage_clock.py`.

export class StageClock {
  stage = "";
  /** @type {number | null} when the stage ends by itself; null when it does not */
  deadline = null;
  /** @type {number | null} full length of the stage in ms */
  total = null;
  changes = 0; // grows whenever anything about the game changes

  enter(stage, at, length) {
    this.stage = stage;
    this.total = length;
    this.deadline = length === null ? null : at + length;
    this.changes += 1;
  }
}
