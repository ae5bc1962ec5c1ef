// The authorities that clients trust: read and parsed beside the loop, once for as long as they stay the same.
#ifndef INLET_INGEST_WS_TRUST_STORES_H_
#define INLET_INGEST_WS_TRUST_STORES_H_

#include <openssl/x509.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/loop.h"
#include "ingest/ws/counters.h"
#include "ingest/ws/system_authorities.h"

namespace inlet::ws {

// Shared by connections; nobody changes it.
using TrustStore = std::shared_ptr<X509_STORE>;

// Loop thread only. Its own thread, which the first question starts, does all that blocks: each question about the
// system's authorities looks whether their files have changed, so that the next dial uses them. Others are kept by
// their text for as long as somebody uses them.
class TrustStores {
 public:
  // FailedPrecondition: there is no certificate in the text.
  using Result = absl::StatusOr<TrustStore>;
  using Done = std::function<void(Result)>;

  // Destroying it cancels.
  class Query {
   public:
    virtual ~Query() = default;
  };

  // `parses` counts how often a text or the system's files were parsed. Both outlive it.
  TrustStores(ingest::Loop& loop, SystemAuthorities system, Counter& parses);
  // Waits for what is being read.
  ~TrustStores();
  TrustStores(const TrustStores&) = delete;
  TrustStores& operator=(const TrustStores&) = delete;

  // Calls `done` once, in a later turn, unless the query is destroyed; it may destroy the query. `pem`: the
  // authorities; empty: those of the system, of which there may be none.
  [[nodiscard]] std::unique_ptr<Query> Ask(std::string pem, Done done);

 private:
  struct Ticket;
  class Question;
  struct Order {
    std::string pem;
    std::shared_ptr<Ticket> ticket;
  };

  void Run();
  // The rest is the thread's.
  Result Answer(const std::string& pem);
  TrustStore OfSystem();
  Result OfText(const std::string& pem);

  ingest::Loop& loop_;
  const SystemAuthorities system_;
  Counter& parses_;
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Order> orders_;  // guarded by mutex_; one a dial
  bool ending_ = false;        // guarded by mutex_

  TrustStore system_store_;
  std::string system_stamp_;
  std::map<std::string, std::weak_ptr<X509_STORE>, std::less<>> by_text_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_TRUST_STORES_H_
