"""nginx as a TLS proxy on a port of the loopback interface, with a folder of its own, ended with the test."""
import pathlib
import shutil
import subprocess
import tempfile

import harness

# {verify} is what it needs to trust a backend that speaks TLS itself.
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr warn;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    location / {{
      proxy_pass {backend};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      proxy_ssl_verify on;
      proxy_ssl_name localhost;
      proxy_ssl_trusted_certificate {authority};
    }}
  }}
}}
"""


class Nginx:
    """Listens on `port` with TLS, and passes all to `backend`, such as http://127.0.0.1:10081."""

    def __init__(self, backend, authority, certificate, key):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="inlet-nginx-"))
        self.port = harness.free_port()
        (self.folder / "nginx.conf").write_text(CONFIGURATION.format(
            folder=self.folder, port=self.port, backend=backend, authority=authority, certificate=certificate, key=key))
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(["nginx", "-e", "stderr", "-p", self.folder, "-c", "nginx.conf"],
                                            stdout=log, stderr=log)
        # The file comes once it listens.
        harness.wait_until(self._listens, "nginx")

    def _listens(self):
        if self.process.poll() is not None:
            raise AssertionError(f"nginx ended with {self.process.returncode}:\n{self.log()}")
        return (self.folder / "pid").exists()

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def discard(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
