"""Interoperation with node's `ws`."""
import cells
import harness


class NodeWs(cells.AllCells):
    command = ["node", str(cells.HERE / "ws_peer.js")]


if __name__ == "__main__":
    harness.require("grpcurl", "openssl", "node")
    harness.main()
