// A WebSocket client with Java's own java.net.http.WebSocket: sends what a file holds. It has no server.
// java JavaPeer.java dial URL FILE [AUTHORITY]

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

class JavaPeer {
  // The first byte of each entry of the file; see traffic.py.
  static final int FINAL = 1;
  static final int PING = 2;

  static class Listener implements WebSocket.Listener {
    final Semaphore answered = new Semaphore(1);
    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      answered.release();
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  static HttpClient client(String[] arguments) throws Exception {
    if (arguments.length < 4) return HttpClient.newHttpClient();
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream text = Files.newInputStream(Path.of(arguments[3]))) {
      store.setCertificateEntry("authority", CertificateFactory.getInstance("X.509").generateCertificate(text));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  // A ping waits for the pong of the one before. Returns when the last pong is there: how many came.
  static int sendAll(WebSocket socket, Listener listener, DataInputStream file) throws Exception {
    int pings = 0;
    while (true) {
      int kind;
      try {
        kind = file.readUnsignedByte();
      } catch (EOFException end) {
        listener.answered.acquire();
        return pings;
      }
      byte[] payload = file.readNBytes(file.readInt());
      if (kind == PING) {
        pings++;
        listener.answered.acquire();
        socket.sendPing(ByteBuffer.wrap(payload)).join();
      } else {
        socket.sendText(new String(payload, StandardCharsets.UTF_8), kind == FINAL).join();
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    Listener listener = new Listener();
    WebSocket socket = client(arguments).newWebSocketBuilder().buildAsync(URI.create(arguments[1]), listener).join();
    try (var file = new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(arguments[2])), 1 << 20))) {
      int pings = sendAll(socket, listener, file);
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
      System.out.println("{\"close\": " + listener.closed.join() + ", \"pongs\": " + pings + "}");
    }
  }
}
