// One libwebsockets context on the event loop: how it is set up and taken down.
#include "ingest/ws/context.h"

#include <array>
#include <string>
#include <string_view>

#include "ingest/ws/library_log.h"
#include "ingest/ws/page_blocks.h"

namespace inlet::ws {
namespace {

// One read of the loop, and the largest piece of a message that comes in one callback.
constexpr unsigned kReadBytes = 64U << 10;
// All headers of a handshake: room for 20 KiB of cookies.
constexpr unsigned short kHeaderBytes = 32U << 10;

int Seconds(std::chrono::milliseconds duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

lws_context* CreateContext(EventLoop& loop, int timeout_seconds, bool tls, Context* user) {
  std::array<void*, 1> loops{loop.handle()};
  lws_context_creation_info info{};
  info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  if (tls) info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.foreign_loops = loops.data();
  info.pt_serv_buf_size = kReadBytes;
  info.max_http_header_data2 = kHeaderBytes;
  info.timeout_secs = static_cast<unsigned>(timeout_seconds);
  info.user = user;
  return lws_create_context(&info);
}

lws_vhost* CreateVhost(lws_context* context, const Context::Options& options, int timeout_seconds) {
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.protocols = options.protocols;
  info.vhost_name = "default";
  info.alpn = "http/1.1";
  info.timeout_secs_ah_idle = timeout_seconds;
  if (options.tls != nullptr) {
    info.user = options.tls;
    // Without the first, in the vhost's own options, it would silently be plain.
    info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX |
                   LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  }
  return lws_create_vhost(context, &info);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Context>> Context::Create(EventLoop& loop, const Options& options) {
  PageBlocks::UseForLibwebsockets();
  LogWhatTheLibrarySays();
  const int timeout_seconds = Seconds(options.handshake_timeout) + 5;
  std::unique_ptr<Context> result(new Context);
  result->context_ = CreateContext(loop, timeout_seconds, options.tls != nullptr, result.get());
  if (result->context_ == nullptr) {
    return absl::InternalError(
        "libwebsockets does not start: is its libev plug-in installed (Debian: libwebsockets-evlib-ev)?");
  }
  result->vhost_ = CreateVhost(result->context_, options, timeout_seconds);
  result->tls_ = options.tls != nullptr;
  if (result->vhost_ == nullptr) return absl::InternalError("libwebsockets makes no virtual host");
  if (absl::Status found = result->read_buffer_.Find(result->vhost_); !found.ok()) return found;
  result->beat_.context = result->context_;
  OnBeat(&result->beat_.entry);
  lws_cancel_service(result->context_);  // the first event, which arms its timer
  return result;
}

Context::~Context() {
  if (context_ == nullptr) return;
  lws_sul_cancel(&beat_.entry);
  lws_context_destroy(context_);
}

lws* Context::Adopt(int socket, void* session) {
  lws_adopt_desc_t adoption{};
  adoption.vh = vhost_;
  adoption.type = static_cast<lws_adoption_type>(LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | (tls_ ? LWS_ADOPT_ALLOW_SSL : 0));
  adoption.fd.sockfd = socket;
  adoption.opaque = session;
  return lws_adopt_descriptor_vhost_via_info(&adoption);
}

Context& Context::Of(lws* wsi) { return *static_cast<Context*>(lws_context_user(lws_get_context(wsi))); }

void Context::OnBeat(lws_sorted_usec_list_t* entry) {
  lws_sul_schedule(reinterpret_cast<Beat*>(entry)->context, 0, entry, &Context::OnBeat, kBeat);
}

}  // namespace inlet::ws
