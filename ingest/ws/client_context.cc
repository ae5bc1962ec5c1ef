// The one libwebsockets context of all client connections: how it is set up, and whom its callbacks reach.
#include "ingest/ws/client_context.h"

#include <array>
#include <string_view>

#include "ingest/ws/client_dial.h"
#include "ingest/ws/control_frame.h"
#include "ingest/ws/library_log.h"
#include "ingest/ws/page_blocks.h"

namespace inlet::ws {
namespace {

constexpr unsigned kReadBytes = 64U << 10;
constexpr unsigned short kHeaderBytes = 32U << 10;
// libwebsockets' own limits lie beyond any of ours.
constexpr unsigned kTimeoutSeconds = 3600;
// Not none, or libwebsockets does not tell of a close before it happens.
constexpr size_t kSessionBytes = 1;
constexpr const char* kProtocolName = "inlet-client";

// Where an SSL keeps its dial, and the SSL_CTX its context.
int DialIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}
int ContextIndex() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

const lws_protocols* ClientContext::Protocols() {
  static const std::array<lws_protocols, 2> protocols{
      {{kProtocolName, &ClientContext::OnCallback, kSessionBytes, 0, 0, nullptr, 0}, {}}};
  return protocols.data();
}

absl::StatusOr<std::unique_ptr<ClientContext>> ClientContext::Create(EventLoop& loop) {
  PageBlocks::UseForLibwebsockets();
  LogWhatTheLibrarySays();
  std::unique_ptr<ClientContext> result(new ClientContext);
  if (!result->CreateTls()) return absl::InternalError("OpenSSL does not start");
  if (!result->CreateLibwebsockets(loop)) {
    return absl::InternalError(
        "libwebsockets does not start: is its libev plug-in installed (Debian: libwebsockets-evlib-ev)?");
  }
  result->beat_.context = result->context_;
  OnBeat(&result->beat_.entry);
  lws_cancel_service(result->context_);  // the first event, which arms its timer
  return result;
}

bool ClientContext::CreateTls() {
  tls_ = SSL_CTX_new(TLS_client_method());
  if (tls_ == nullptr) return false;
  SSL_CTX_set_ex_data(tls_, ContextIndex(), this);
  SSL_CTX_set_info_callback(tls_, &ClientContext::OnTlsInfo);
  SSL_CTX_set_session_cache_mode(tls_, SSL_SESS_CACHE_OFF);  // sessions must not cross from one trust to another
  return SSL_CTX_set_min_proto_version(tls_, TLS1_2_VERSION) == 1;
}

bool ClientContext::CreateLibwebsockets(EventLoop& loop) {
  std::array<void*, 1> loops{loop.handle()};
  lws_context_creation_info info{};
  info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.foreign_loops = loops.data();
  info.pt_serv_buf_size = kReadBytes;
  info.max_http_header_data2 = kHeaderBytes;
  info.timeout_secs = kTimeoutSeconds;
  info.user = this;
  context_ = lws_create_context(&info);
  if (context_ == nullptr) return false;
  lws_context_creation_info host{};
  host.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  host.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  host.protocols = Protocols();
  host.vhost_name = "client";
  host.alpn = "http/1.1";
  host.connect_timeout_secs = kTimeoutSeconds;
  host.provided_client_ssl_ctx = tls_;
  vhost_ = lws_create_vhost(context_, &host);
  return vhost_ != nullptr;
}

ClientContext::~ClientContext() {
  if (context_ != nullptr) {
    lws_sul_cancel(&beat_.entry);
    lws_context_destroy(context_);
  }
  if (tls_ != nullptr) SSL_CTX_free(tls_);
}

void ClientContext::OnBeat(lws_sorted_usec_list_t* entry) {
  lws_sul_schedule(reinterpret_cast<Beat*>(entry)->context, 0, entry, &ClientContext::OnBeat, kBeat);
}

lws* ClientContext::Connect(const Target& target, ClientDial& dial) {
  lws_client_connect_info info{};
  info.context = context_;
  info.vhost = vhost_;
  info.address = target.address.c_str();
  info.port = target.port;
  info.path = target.path.c_str();
  info.host = target.host.c_str();
  info.protocol = target.subprotocols.empty() ? nullptr : target.subprotocols.c_str();
  info.local_protocol_name = kProtocolName;
  info.opaque_user_data = &dial;
  // Redirects would be followed to anywhere. Names are checked by OpenSSL, as ClientTlsMaterial says.
  info.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
  if (target.tls) info.ssl_connection |= LCCSCF_USE_SSL;
  connecting_ = &dial;
  lws* const wsi = lws_client_connect_via_info(&info);
  const bool dropped = connecting_ == nullptr;
  connecting_ = nullptr;
  if (wsi == nullptr || dropped) return nullptr;
  if (target.tls) {
    dial.set_socket(lws_get_socket_fd(wsi));
    by_socket_[dial.socket()] = &dial;
  }
  return wsi;
}

void ClientContext::Drop(lws* wsi) {
  const auto* const dial = static_cast<ClientDial*>(lws_get_opaque_user_data(wsi));
  if (dial != nullptr) by_socket_.erase(dial->socket());
  if (connecting_ == dial) connecting_ = nullptr;
  if (SSL* const ssl = lws_get_ssl(wsi)) SSL_set_ex_data(ssl, DialIndex(), nullptr);
  lws_set_opaque_user_data(wsi, nullptr);
  if (callbacks_ == 0) {
    Cut(wsi);
  } else {
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    lws_cancel_service(context_);
  }
}

ClientDial* ClientContext::FindDial(SSL* ssl) {
  if (auto* const known = static_cast<ClientDial*>(SSL_get_ex_data(ssl, DialIndex()))) return known;
  ClientDial* dial = connecting_;
  if (const auto found = by_socket_.find(SSL_get_fd(ssl)); found != by_socket_.end()) {
    dial = found->second;
    by_socket_.erase(found);
  }
  if (dial == nullptr) return nullptr;
  SSL_set_ex_data(ssl, DialIndex(), dial);
  SSL_set_verify(ssl, SSL_VERIFY_PEER, &ClientContext::OnTlsCertificate);
  SSL_set_cert_cb(ssl, &ClientContext::OnTlsRequest, nullptr);
  dial->OnTlsBegin(ssl);
  return dial;
}

void ClientContext::OnTlsInfo(const SSL* ssl, int where, int result) {
  auto* const self = static_cast<ClientContext*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ContextIndex()));
  // The first event of a handshake comes before its first message is made.
  ClientDial* const dial = self->FindDial(const_cast<SSL*>(ssl));
  if (dial != nullptr) dial->tls_report().OnInfo(ssl, where, result);
}

int ClientContext::OnTlsCertificate(int trusted, X509_STORE_CTX* store) {
  const auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const dial = static_cast<ClientDial*>(SSL_get_ex_data(ssl, DialIndex()));
  if (dial == nullptr) return 0;
  const bool goes_on = dial->OnTlsCertificate(trusted == 1, store);
  if (goes_on) X509_STORE_CTX_set_error(store, X509_V_OK);
  return goes_on ? 1 : 0;
}

int ClientContext::OnTlsRequest(SSL* ssl, void* /*unused*/) {
  auto* const dial = static_cast<ClientDial*>(SSL_get_ex_data(ssl, DialIndex()));
  if (dial != nullptr) dial->tls_report().OnRequest();
  return 1;
}

int ClientContext::OnCallback(lws* wsi, lws_callback_reasons reason, void* /*user*/, void* in, size_t size) {
  if (wsi == nullptr) return 0;
  auto* const dial = static_cast<ClientDial*>(lws_get_opaque_user_data(wsi));
  auto* const self = static_cast<ClientContext*>(lws_context_user(lws_get_context(wsi)));
  const std::string_view bytes(static_cast<const char*>(in), in == nullptr ? 0 : size);
  int answer = 0;
  ++self->callbacks_;
  switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
      answer = dial == nullptr ? -1 : dial->OnHeaders(static_cast<char**>(in), size);
      break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      if (dial != nullptr) dial->OnConnectionError(wsi, bytes);
      break;
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
      answer = dial == nullptr ? -1 : dial->OnSwitch(wsi);
      break;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      answer = dial == nullptr ? -1 : dial->OnEstablished(wsi);
      break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
      answer = dial == nullptr ? -1 : dial->OnReceive(bytes);
      break;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
      if (dial != nullptr) dial->OnPong();
      break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      answer = dial == nullptr ? -1 : dial->OnWritable();
      break;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      answer = dial == nullptr ? 0 : dial->OnPeerClose(bytes);
      break;
    case LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL:
      if (dial != nullptr) dial->OnClosing();
      break;
    case LWS_CALLBACK_WSI_DESTROY:
      if (dial != nullptr) {
        self->by_socket_.erase(dial->socket());
        lws_set_opaque_user_data(wsi, nullptr);
        dial->OnDestroy();
      }
      break;
    default:
      break;
  }
  --self->callbacks_;
  const bool dropped =
      dial != nullptr && reason != LWS_CALLBACK_WSI_DESTROY && lws_get_opaque_user_data(wsi) == nullptr;
  return dropped ? -1 : answer;
}

}  // namespace inlet::ws
