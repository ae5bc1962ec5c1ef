// The authorities that clients trust: a thread that reads and parses, and answers the loop.
#include "ingest/ws/trust_stores.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"

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
  Done done;           // loop thread; null: answered or cancelled
  bool queued = true;  // the queue's
};

// What nobody has begun to answer: an entry for each text. Outlives the thread, since a query may.
class TrustStores::Queue {
 public:
  using Tickets = std::set<std::shared_ptr<Ticket>>;
  using Orders = std::map<std::string, Tickets>;

  Orders::iterator Add(std::string pem, const std::shared_ptr<Ticket>& ticket) {
    const std::lock_guard lock(mutex_);
    const auto [order, is_new] = orders_.try_emplace(std::move(pem));
    if (is_new) bytes_ += order->first.size();
    order->second.insert(ticket);
    changed_.notify_one();
    return order;
  }

  // `order`: what Add returned; it is gone unless the ticket is still queued.
  void Remove(const std::shared_ptr<Ticket>& ticket, Orders::iterator order) {
    const std::lock_guard lock(mutex_);
    if (!ticket->queued) return;
    order->second.erase(ticket);
    if (!order->second.empty()) return;
    bytes_ -= order->first.size();
    orders_.erase(order);
  }

  // Waits. Empty: it has ended.
  Orders TakeAll() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ending_ || !orders_.empty(); });
    if (ending_) return {};
    for (const auto& [pem, tickets] : orders_) {
      for (const std::shared_ptr<Ticket>& ticket : tickets) ticket->queued = false;
    }
    bytes_ = 0;
    return std::exchange(orders_, {});
  }

  void End() {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_one();
  }

  size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  Orders orders_;
  size_t bytes_ = 0;  // of the texts
  bool ending_ = false;
};

class TrustStores::Question final : public TrustStores::Query {
 public:
  Question(std::shared_ptr<Queue> queue, std::string pem, Done done)
      : queue_(std::move(queue)),
        ticket_(std::make_shared<Ticket>(Ticket{std::move(done)})),
        order_(queue_->Add(std::move(pem), ticket_)) {}
  ~Question() override {
    ticket_->done = nullptr;
    queue_->Remove(ticket_, order_);
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

 private:
  const std::shared_ptr<Queue> queue_;
  const std::shared_ptr<Ticket> ticket_;
  const Queue::Orders::iterator order_;
};

TrustStores::TrustStores(ingest::Loop& loop, SystemAuthorities system, Counter& parses,
                         std::chrono::steady_clock::duration grace)
    : loop_(loop), system_(std::move(system)), parses_(parses), grace_(grace), queue_(std::make_shared<Queue>()) {}

TrustStores::~TrustStores() {
  if (!thread_.joinable()) return;
  queue_->End();
  thread_.join();
}

std::unique_ptr<TrustStores::Query> TrustStores::Ask(std::string pem, Done done) {
  auto question = std::make_unique<Question>(queue_, std::move(pem), std::move(done));
  if (!thread_.joinable()) {  // it takes no signals: the loop's thread takes none
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), "inlet-trust");
  }
  return question;
}

size_t TrustStores::waiting_bytes() const { return queue_->bytes(); }

void TrustStores::Run() {
  const auto answer = [this](const std::string& pem, const Queue::Tickets& tickets) {
    const Result result = Answer(pem);
    for (const std::shared_ptr<Ticket>& ticket : tickets) {
      loop_.Post([ticket, result] {
        if (const Done done = std::exchange(ticket->done, nullptr)) done(result);
      });
    }
  };
  for (Queue::Orders orders = queue_->TakeAll(); !orders.empty(); orders = queue_->TakeAll()) {
    const Queue::Orders::node_type system = orders.extract(std::string());  // last, since it may wait for a disk
    for (const auto& [pem, tickets] : orders) answer(pem, tickets);
    if (!system.empty()) answer(system.key(), system.mapped());
  }
}

TrustStores::Result TrustStores::Answer(const std::string& pem) { return pem.empty() ? OfSystem() : OfText(pem); }

TrustStores::Result TrustStores::OfSystem() {
  std::string stamp = system_.Stamp();
  if (system_store_ && !missing_since_ && stamp == system_stamp_) return system_store_;
  const std::vector<X509Pointer> certificates = system_.Read();
  parses_.Add();
  Log(LogLevel::kDebug, "authorities_read",
      {{"bundle", system_.bundle}, {"certificates", std::to_string(certificates.size())}});
  if (certificates.empty()) return WithoutAuthorities();
  missing_since_.reset();
  system_store_ = MakeStore(certificates);
  system_stamp_ = std::move(stamp);
  return system_store_;
}

// Files that are just being replaced do not end the trust; files that are gone do. Each question looks again.
TrustStores::Result TrustStores::WithoutAuthorities() {
  std::string folders;
  for (const std::string& folder : system_.folders) folders += Concat({folders.empty() ? "" : ":", folder});
  const auto now = std::chrono::steady_clock::now();
  if (!missing_since_) {
    missing_since_ = now;
    Log(LogLevel::kWarn, "authorities_missing", {{"bundle", system_.bundle}, {"folders", folders}});
  }
  if (system_store_ && now - *missing_since_ < grace_) return system_store_;
  system_store_.reset();
  const std::string text = Concat({"the system has no authorities to trust: there is no certificate in the file \"",
                                   system_.bundle, "\", nor in the folder \"", folders, "\""});
  return absl::UnavailableError(text);
}

TrustStores::Result TrustStores::OfText(const std::string& pem) {
  if (const auto known = by_text_.find(pem); known != by_text_.end()) {
    if (TrustStore store = known->second.lock()) return store;
  }
  std::erase_if(by_text_, [](const auto& entry) { return entry.second.expired(); });
  SeenCertificates seen;
  const std::vector<X509Pointer> certificates = ReadCertificates(ReaderOf(pem).get(), seen);
  parses_.Add();
  if (certificates.empty()) return absl::InvalidArgumentError("there is no certificate in PEM form in it");
  TrustStore store = MakeStore(certificates);
  by_text_[pem] = store;
  return store;
}

}  // namespace inlet::ws
