// One connection of the WebSocket server: from the request to the first message.
#include <libwebsockets.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "ingest/ws/http_exchange.h"
#include "ingest/ws/path_variables.h"
#include "ingest/ws/peer_certificate.h"
#include "ingest/ws/protocol.h"
#include "ingest/ws/server_access.h"
#include "ingest/ws/server_tls.h"
#include "ingest/ws/session.h"
#include "ingest/ws/session_registry.h"

namespace inlet::ws {

int Session::OnRequest(lws* wsi, bool upgrade) {
  wsi_ = wsi;
  if (state_ != State::kHandshake) return -1;
  if (upgrade && !HasUpgradeHeader(wsi)) {  // libwebsockets has answered, and freed the request
    registry_.counters().refused[static_cast<size_t>(RefusalKind::kNotWebSocket)].Add();
    SetState(State::kRefused, "an unknown upgrade");
    return -1;
  }
  const HandshakeRequest request = ReadRequest(wsi);
  if (HasProxyLine(wsi)) {
    return Refuse(
        wsi, request,
        {RefusalKind::kMalformed, 400, "A header of the PROXY protocol is taken from trusted proxies alone.", ""});
  }
  peer_ = registry_.options().trusted_proxies.ForwardedPeer(request.forwarded_for, peer_);
  endpoint_ = registry_.endpoints().Match(request.path);
  if (endpoint_ == nullptr) return Refuse(wsi, request, RefuseUnknownPath(request.path));
  if (const std::optional<Refusal> refusal = CheckHandshake(request)) return Refuse(wsi, request, *refusal);
  settings_ = endpoint_->settings;
  const EndpointSettings& settings = *settings_;
  if (const std::optional<Refusal> refusal = CheckAccess(request, settings, registry_.credentials())) {
    return Refuse(wsi, request, *refusal);
  }
  const bool path_full =
      settings.role.max_connections > 0 && endpoint_->sessions.size() >= settings.role.max_connections;
  if (registry_.full() || path_full) return Refuse(wsi, request, RefuseTooManyConnections());
  std::string subprotocol(ChooseSubprotocol(settings.connection.subprotocols, request.subprotocols));
  if (!request.subprotocols.empty()) {
    ServerProtocol::Choose(wsi, FirstOffer(request.subprotocols), subprotocol);
  }
  if (!subprotocol.empty() || request.path != endpoint_->path) {
    details_ = std::make_unique<const Details>(Details{request.path, std::move(subprotocol)});
  }
  return upgrade ? 0 : -1;
}

int Session::Refuse(lws* wsi, const HandshakeRequest& request, const Refusal& refusal) {
  const std::string peer_text = peer();
  registry_.ReportRefusal(refusal, request.path, peer_text);
  if (endpoint_ != nullptr) {
    for (const Endpoint::Listening& one : endpoint_->listening) {
      one.sink->OnRefuse(refusal.status, refusal.text, peer_text);
    }
  }
  WriteAnswer(wsi, HttpAnswer(refusal, request.method != "HEAD"));
  endpoint_ = nullptr;
  SetState(State::kRefused, refusal.text);
  registry_.SetDeadline(*this, registry_.loop().TurnSteadyTime() + registry_.options().close_timeout);
  return -1;
}

int Session::OnEstablished(lws* wsi) {
  wsi_ = wsi;
  if (endpoint_ == nullptr) return -1;
  SetState(State::kOpen, "the handshake is complete");
  last_heard_ = registry_.loop().TurnSteadyTime();
  registry_.OnOpen(*this, *endpoint_);
  CheckSilence();
  // Messages in the segment of the handshake wait for an idle watcher, which other peers can starve: a writable event
  // brings them now.
  lws_callback_on_writable(wsi);
  return 0;
}

void Session::Introduce(const Endpoint::Listening& listening) const {
  const ssl_st* const tls = registry_.options().tls ? lws_get_ssl(wsi_) : nullptr;
  const std::string peer_text = peer();
  const std::string subject = PeerSubject(tls);
  const std::string_view path = details_ ? std::string_view(details_->path) : endpoint_->path;
  listening.sink->OnConnect({.id = id_,
                             .peer = peer_text,
                             .path = path,
                             .variables = ReadPathVariables(listening.path, path),
                             .certificate_subject = subject,
                             .tls_version = TlsVersionOf(tls),
                             .subprotocol = details_ ? std::string_view(details_->subprotocol) : std::string_view()});
}

void Session::RefuseForTimeout() {
  const Refusal refusal = RefuseTimeout();
  registry_.ReportRefusal(refusal, "", peer());
  SetState(State::kRefused, refusal.text);
  // Within a TLS handshake there is no way to say so.
  if (wsi_ != nullptr && (!registry_.options().tls || TlsIsOpen(lws_get_ssl(wsi_))))
    WriteAnswer(wsi_, HttpAnswer(refusal));
  Kill();
}

}  // namespace inlet::ws
