// The authorities that clients trust: a thread that reads and parses, and answers the loop.
#include "ingest/ws/trust_stores.h"

#include <pthread.h>

#include <utility>

#include "ingest/log.h"

namespace inlet::ws {
namespace {

TrustStore MakeStore(const std::vector<X509Pointer>& certificates) {
  TrustStore store(X509_STORE_new(), &X509_STORE_free);
  for (const X509Pointer& one : certificates) X509_STORE_add_cert(store.get(), one.get());
  return store;
}

}  // namespace

// What a question and its answer have in common.
struct TrustStores::Ticket {
  Done done;  // loop thread; null: answered or cancelled
};

class TrustStores::Question final : public TrustStores::Query {
 public:
  explicit Question(std::shared_ptr<Ticket> ticket) : ticket_(std::move(ticket)) {}
  ~Question() override { ticket_->done = nullptr; }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

 private:
  const std::shared_ptr<Ticket> ticket_;
};

TrustStores::TrustStores(ingest::Loop& loop, SystemAuthorities system, Counter& parses)
    : loop_(loop), system_(std::move(system)), parses_(parses) {}

TrustStores::~TrustStores() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::unique_ptr<TrustStores::Query> TrustStores::Ask(std::string pem, Done done) {
  auto ticket = std::make_shared<Ticket>(Ticket{std::move(done)});
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back({std::move(pem), ticket});
  }
  if (!thread_.joinable()) {  // it takes no signals: the loop's thread takes none
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), "inlet-trust");
  }
  changed_.notify_one();
  return std::make_unique<Question>(std::move(ticket));
}

void TrustStores::Run() {
  while (true) {
    std::vector<Order> orders;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || !orders_.empty(); });
      if (ending_) return;
      orders.swap(orders_);
    }
    for (Order& order : orders) {
      loop_.Post([ticket = std::move(order.ticket), result = Answer(order.pem)] {
        if (const Done done = std::exchange(ticket->done, nullptr)) done(result);
      });
    }
  }
}

TrustStores::Result TrustStores::Answer(const std::string& pem) { return pem.empty() ? OfSystem() : OfText(pem); }

TrustStore TrustStores::OfSystem() {
  std::string stamp = system_.Stamp();
  if (system_store_ && stamp == system_stamp_) return system_store_;
  const std::vector<X509Pointer> certificates = system_.Read();
  parses_.Add();
  Log(LogLevel::kDebug, "authorities_read",
      {{"bundle", system_.bundle}, {"certificates", std::to_string(certificates.size())}});
  // Files that are just being replaced do not end the trust; the next question looks again.
  if (certificates.empty() && system_store_) return system_store_;
  system_store_ = MakeStore(certificates);
  system_stamp_ = std::move(stamp);
  return system_store_;
}

TrustStores::Result TrustStores::OfText(const std::string& pem) {
  if (const auto known = by_text_.find(pem); known != by_text_.end()) {
    if (TrustStore store = known->second.lock()) return store;
  }
  std::erase_if(by_text_, [](const auto& entry) { return entry.second.expired(); });
  SeenCertificates seen;
  const std::vector<X509Pointer> certificates = ReadCertificates(ReaderOf(pem).get(), seen);
  parses_.Add();
  if (certificates.empty()) return absl::FailedPreconditionError("there is no certificate in PEM form in it");
  TrustStore store = MakeStore(certificates);
  by_text_[pem] = store;
  return store;
}

}  // namespace inlet::ws
