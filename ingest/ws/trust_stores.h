// The authorities that clients trust: read and parsed beside the loop, once for as long as they stay the same.
#ifndef INLET_INGEST_WS_TRUST_STORES_H_
#define INLET_INGEST_WS_TRUST_STORES_H_

#include <openssl/x509.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/statusor.h"
#include "ingest/loop.h"
#include "ingest/ws/counters.h"
#include "ingest/ws/system_authorities.h"

namespace inlet::ws {

// Shared by connections; nobody changes it.
using TrustStore = std::shared_ptr<X509_STORE>;

// Loop thread only. Its own thread, which the first question starts, does all that blocks: each batch of questions
// about the system's authorities looks whether their files have changed, so that the next dial uses them. Others are
// kept by their text for as long as somebody uses them, and do not wait for a disk that the system's need.
class TrustStores {
 public:
  // InvalidArgument: there is no certificate in the text. Unavailable: the system has no authorities, or none for
  // longer than the grace; the message names their files.
  using Result = absl::StatusOr<TrustStore>;
  using Done = std::function<void(Result)>;

  // How long those that the system had are still trusted once it has none: its files are being replaced.
  static constexpr std::chrono::seconds kGrace{10};

  // Destroying it cancels: nothing is kept of a question that nobody has begun to answer.
  class Query {
   public:
    virtual ~Query() = default;
  };

  // `parses` counts how often a text or the system's files were parsed. Both outlive it.
  TrustStores(ingest::Loop& loop, SystemAuthorities system, Counter& parses,
              std::chrono::steady_clock::duration grace = kGrace);
  // Waits for what is being read.
  ~TrustStores();
  TrustStores(const TrustStores&) = delete;
  TrustStores& operator=(const TrustStores&) = delete;

  // Calls `done` once, in a later turn, unless the query is destroyed; it may destroy the query. `pem`: the
  // authorities; empty: those of the system.
  [[nodiscard]] std::unique_ptr<Query> Ask(std::string pem, Done done);

  // Of the texts that wait to be parsed, each counted once: at most those of the queries that live. Any thread.
  size_t waiting_bytes() const;

 private:
  struct Ticket;
  class Queue;
  class Question;

  void Run();
  // The rest is the thread's.
  Result Answer(const std::string& pem);
  Result OfSystem();
  Result WithoutAuthorities();
  Result OfText(const std::string& pem);

  ingest::Loop& loop_;
  const SystemAuthorities system_;
  Counter& parses_;
  const std::chrono::steady_clock::duration grace_;
  const std::shared_ptr<Queue> queue_;
  std::thread thread_;

  TrustStore system_store_;
  std::string system_stamp_;
  std::optional<std::chrono::steady_clock::time_point> missing_since_;  // when the system was first found without
  std::map<std::string, std::weak_ptr<X509_STORE>, std::less<>> by_text_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_TRUST_STORES_H_
