"""Interoperation with autobahn-python, on asyncio."""
import cells
import harness


class Autobahn(cells.AllCells):
    command = cells.python("autobahn_peer.py")


if __name__ == "__main__":
    harness.require("grpcurl", "openssl")
    harness.main()
