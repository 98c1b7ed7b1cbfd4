"""The handshake of WebSockets: one that cannot be read is refused, instead of never answered."""

import logging
import time

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from game.guests.limits import Bucket
from game.guests.origin import LINES

log = logging.getLogger(__name__)
_lines = Bucket(*LINES)


class Handshake(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which also sends the refusal of a handshake that `websockets` refuses.

    `websockets` takes fewer and shorter headers than the page does: with large cookies, the page
    opens, but the game does not.
    """

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        error = self.conn.handshake_exc
        if error is None or self.handshake_initiated:
            return
        if _lines.take(1, time.monotonic() * 1000):
            log.warning(
                "a WebSocket was refused: %s. The variables WEBSOCKETS_MAX_LINE_LENGTH and "
                "WEBSOCKETS_MAX_NUM_HEADERS raise the limits of headers",
                error,
            )
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()
