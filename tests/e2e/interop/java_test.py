"""Interoperation with Java's own java.net.http.WebSocket, which is a client only."""
import cells
import harness


class Java(cells.ClientCells):
    command = ["java", str(cells.HERE / "JavaPeer.java")]
    # It takes strings, which cannot end in half a character.
    inside_characters = False


if __name__ == "__main__":
    harness.require("grpcurl", "openssl", "java", "javac")
    harness.main()
