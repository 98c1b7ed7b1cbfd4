// The badges seen in a room, by seat: also those of players who have left, who still stand on the podium.

export class SeatBadges {
  #seen = new Map();

  clear() {
    this.#seen.clear();
  }

  /** Take the seats of a `race` state. */
  take(seats) {
    for (const { seat, badge } of seats) this.#seen.set(seat, badge ?? null);
  }

  /** The same players, each with the badge of the seat. */
  dressed(players) {
    return players.map((player) => ({ ...player, badge: this.#seen.get(player.seat) ?? null }));
  }
}
