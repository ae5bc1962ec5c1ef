"""Interoperation with Go's github.com/coder/websocket."""
import cells
import harness


class GoCoder(cells.AllCells):
    command = ["interop-go"]


if __name__ == "__main__":
    harness.require("grpcurl", "openssl", "interop-go")
    harness.main()
