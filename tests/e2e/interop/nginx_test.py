"""Interoperation through nginx as a TLS proxy: before Inlet's server, and before a foreign one that Inlet dials."""
import cells
import harness
import nginx


class NginxProxy(cells.AllCells):
    """Over TLS at the front; each cell says what is spoken behind."""

    command = ["interop-go"]

    def proxy(self, backend, tls):
        scheme = "https" if tls else "http"
        front = nginx.Nginx(f"{scheme}://127.0.0.1:{backend}", self.authority.path, *self.material)
        self.addCleanup(front.discard)
        return front

    def client_cell(self, tls):
        service, url = self.inlet_server(tls)
        port, path = url.rsplit(":", 1)[1].split("/", 1)
        front = self.proxy(port, tls)
        self.check(service, self.dial(f"wss://127.0.0.1:{front.port}/{path}", tls=True))

    def server_cell(self, tls):
        server = self.serve(tls)
        service = self.inlet_dials(self.proxy(server.port, tls).port, tls=True)
        self.check(service, server.report())


if __name__ == "__main__":
    harness.require("grpcurl", "openssl", "interop-go", "nginx")
    harness.main()
