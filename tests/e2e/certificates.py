"""Certificates for tests, made when they are needed: an authority, and what it signs."""
import pathlib
import shutil
import ssl
import subprocess
import tempfile


class Authority:
    """A certificate authority in a folder of its own; call close() when it is over."""

    def __init__(self, name="Test CA"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="inlet-e2e-ca-"))
        self.name = name
        self._openssl("req", "-x509", *self._new_key("ca"), "-out", "ca.pem", "-days", "2", "-subj", f"/CN={name}")

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _new_key(name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key")

    def _openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"openssl {arguments[0]}: {done.stderr}")

    @property
    def path(self):
        return str(self.folder / "ca.pem")

    @property
    def text(self):
        return (self.folder / "ca.pem").read_text(encoding="ascii")

    def sign(self, name, alternative_names="IP:127.0.0.1", days=2):
        """Certificate and key, as paths; `days` below 0: it has expired."""
        self._openssl("req", *self._new_key(name), "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={alternative_names}\n", encoding="ascii")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                      "-days", str(days), "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key")

    def server_context(self, name="server", client_authority=None, **options):
        """For a server whose certificate this authority signs. client_authority: clients must show one of it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.sign(name, **options))
        if client_authority:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client_authority.path)
        return context
