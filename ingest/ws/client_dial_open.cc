// One dial: what libwebsockets and OpenSSL tell, and the open connection.
#include <libwebsockets.h>
#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "ingest/text.h"
#include "ingest/ws/client_dial.h"

namespace inlet::ws {
namespace {

std::string TlsDetail(const DialFacts& facts) {
  return Concat({facts.tls_version, ", certificate of ", facts.certificate_subject});
}

std::string ChosenSubprotocol(lws* wsi) {
  const int size = lws_hdr_total_length(wsi, WSI_TOKEN_PROTOCOL);
  if (size <= 0) return "";
  std::string value(static_cast<size_t>(size) + 1, '\0');
  const int copied = lws_hdr_copy(wsi, value.data(), size + 1, WSI_TOKEN_PROTOCOL);
  value.resize(copied > 0 ? static_cast<size_t>(copied) : 0);
  return value;
}

}  // namespace

void ClientDial::AskForTrust() {
  if (!plan_->tls || !plan_->tls->needs_roots()) return Resolve();
  trust_ =
      shared_.trust->Ask(plan_->tls->roots_text(), [this](TrustStores::Result roots) { OnTrust(std::move(roots)); });
}

void ClientDial::OnTrust(TrustStores::Result roots) {
  trust_.reset();
  if (const absl::Status set = plan_->tls->SetRoots(std::move(roots)); !set.ok()) {
    return Fail(ProblemOf(set), std::string(set.message()));
  }
  Resolve();
}

void ClientDial::OnTlsBegin(SSL* ssl) { tls_applied_ = plan_->tls->Apply(ssl); }

bool ClientDial::OnTlsCertificate(bool trusted, X509_STORE_CTX* store) {
  if (!tls_applied_.ok()) {  // the beginning of a handshake cannot end it, and nothing is sent before this
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return false;
  }
  const bool goes_on = trusted || !plan_->tls->verify();
  ERR_set_mark();  // an odd certificate is no error of the handshake
  tls_report_.OnCertificate(goes_on, store);
  ERR_pop_to_mark();
  return goes_on;
}

int ClientDial::OnHeaders(char** position, size_t room) {
  if (!tls_applied_.ok()) return -1;
  if (state_ == State::kTls) {
    tls_report_.FillFacts(facts_);
    if (!Report(DialStage::kTls, TlsDetail(facts_))) return -1;
    SetState(State::kUpgrading);
  }
  std::string lines;
  for (const ingest::HttpHeader& header : plan_->headers) lines += Concat({header.name, ": ", header.value, "\r\n"});
  constexpr size_t kRest = 512;  // of what libwebsockets adds
  if (lines.size() + kRest > room) return -1;
  std::memcpy(*position, lines.data(), lines.size());
  *position += lines.size();
  return 0;
}

void ClientDial::OnConnectionError(lws* wsi, std::string_view complaint) {
  if (state_ == State::kUpgrading) answer_ = ReadUpgradeAnswer(wsi, complaint);
}

int ClientDial::OnSwitch(lws* wsi) {
  const std::string chosen = ChosenSubprotocol(wsi);
  const std::vector<std::string>& offered = plan_->subprotocols;
  std::string flaw;
  if (chosen.empty() && !offered.empty()) {
    flaw = Concat({"the server speaks none of the subprotocols that were offered (first: ", offered.front(), ")"});
  } else if (!chosen.empty() && std::ranges::find(offered, chosen) == offered.end()) {
    flaw = "the server chose a subprotocol that was not offered";
  }
  if (!flaw.empty()) {
    answer_ = ReadUpgradeAnswer(wsi, "PROTOCOL");
    DialFailure failure = JudgeUpgradeAnswer(std::move(answer_), facts_.peer);
    failure.text = std::move(flaw);
    Fail(failure);
    return -1;
  }
  facts_.subprotocol = chosen;
  return 0;
}

int ClientDial::OnEstablished(lws* wsi) {
  watcher_.Stop();
  deadline_.reset();
  if (!Report(DialStage::kUpgrade, "101 Switching Protocols")) return -1;
  SetState(State::kOpen);
  traffic_ = std::make_unique<ClientTraffic>(
      ClientTraffic::Shared{shared_.loop, shared_.counters, shared_.assembling},
      ClientTraffic::Settings{plan_->max_message_bytes, plan_->ping_interval, plan_->idle_timeout}, events_, wsi,
      [this] { End(); });
  const DialFacts facts = facts_;
  events_.OnOpen(facts);
  return 0;
}

void ClientDial::OnPong() {
  if (traffic_) traffic_->OnPong();
}

void ClientDial::OnClosing() {
  if (traffic_) traffic_->OnClosing();
}

void ClientDial::End() {
  if (state_ != State::kOpen) return;
  SetState(State::kOver);
  const uint16_t code = traffic_->close_code();
  const std::string reason = traffic_->close_reason();
  Release();
  events_.OnClosed(code, reason);
}

bool ClientDial::Send(std::string text) { return traffic_ && traffic_->Send(text); }

void ClientDial::Close(uint16_t code, std::string_view reason) {
  if (traffic_) return traffic_->Close(code, reason);
  if (state_ == State::kOver) return;
  SetState(State::kOver);
  Release();
}

}  // namespace inlet::ws
