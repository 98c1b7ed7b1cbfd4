"""A strategy of two short phases whose BatchNorm statistics stay as stored."""

from dataclasses import replace

from training.strategies.catalogue import find

_head, _everything = find("freeze-2-still").phases
FREEZE_1_STILL = replace(
    find("freeze-2-still"), name="freeze-1-still", phases=(replace(_head, epochs=1), _everything)
)
