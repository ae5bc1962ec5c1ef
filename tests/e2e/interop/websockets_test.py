"""Interoperation with Python's `websockets`."""
import cells
import harness


class Websockets(cells.AllCells):
    command = cells.python("websockets_peer.py")


if __name__ == "__main__":
    harness.require("grpcurl", "openssl")
    harness.main()
