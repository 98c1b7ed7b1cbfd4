// The pad's measure, as in `game/messages/base.py`.

export const PAD = 256;
