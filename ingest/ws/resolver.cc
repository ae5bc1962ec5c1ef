// Names to addresses without blocking: how c-ares' sockets and time-outs become watchers of the loop.
#include "ingest/ws/resolver.h"

#include <ares.h>
#include <ev.h>
#include <netdb.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

// Of one try at one server; the second takes twice as long.
constexpr int kTryMilliseconds = 2000;
constexpr int kTries = 3;

std::vector<PeerAddress> Addresses(const ares_addrinfo& info, uint16_t port) {
  std::array<std::vector<PeerAddress>, 2> families;
  int first = AF_UNSPEC;
  for (const ares_addrinfo_node* node = info.nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family != AF_INET && node->ai_family != AF_INET6) continue;
    if (first == AF_UNSPEC) first = node->ai_family;
    sockaddr_storage storage{};
    std::memcpy(&storage, node->ai_addr, node->ai_addrlen);
    // The port's place is the same in both families.
    reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
    families.at(node->ai_family == first ? 0 : 1).emplace_back(storage);
  }
  std::vector<PeerAddress> addresses;
  for (size_t i = 0; i < std::max(families[0].size(), families[1].size()); ++i) {
    for (const auto& family : families) {
      if (i < family.size()) addresses.push_back(family[i]);
    }
  }
  return addresses;
}

absl::Status Failure(int status, const std::string& name) {
  switch (status) {
    case ARES_ENOTFOUND:
    case ARES_EBADNAME:
      return absl::NotFoundError(Concat({"there is no host \"", name, "\""}));
    case ARES_ENODATA:
      return absl::NotFoundError(Concat({"the host \"", name, "\" has no address"}));
    case ARES_ETIMEOUT:
      return absl::DeadlineExceededError(Concat({"no name server has answered about \"", name, "\""}));
    default:
      return absl::UnavailableError(
          Concat({"the name servers do not work: about \"", name, "\" they say: ", ares_strerror(status)}));
  }
}

int64_t ConfigurationStamp() {
  struct stat status {};
  if (stat("/etc/resolv.conf", &status) != 0) return -1;
  return status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec + static_cast<int64_t>(status.st_ino);
}

// The library's own tables: once in the process, never given back.
int LibraryStatus() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status;
}

}  // namespace

// One set of name servers. Lives as long as the resolver uses it or a query needs it.
class Resolver::Channel {
 public:
  Channel(EventLoop& loop, const Options& options) : loop_(loop) {
    if (LibraryStatus() != ARES_SUCCESS) return;
    ares_options settings{};
    settings.timeout = kTryMilliseconds;
    settings.tries = kTries;
    settings.sock_state_cb = &Channel::OnSocketState;
    settings.sock_state_cb_data = this;
    if (ares_init_options(&channel_, &settings, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) !=
        ARES_SUCCESS) {
      channel_ = nullptr;
      return;
    }
    if (!options.servers.empty()) ares_set_servers_ports_csv(channel_, options.servers.c_str());
  }
  ~Channel() {
    if (channel_ != nullptr) ares_destroy(channel_);
    for (auto& [socket, watcher] : watchers_) ev_io_stop(loop_.handle(), &watcher);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // False: c-ares does not start.
  bool ok() const { return channel_ != nullptr; }

  void Query(const std::string& name, ares_addrinfo_callback callback, void* argument) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, callback, argument);
    SetTimer();
  }

 private:
  static void OnSocketState(void* self, ares_socket_t socket, int readable, int writable) {
    static_cast<Channel*>(self)->Watch(socket, (readable != 0 ? EV_READ : 0) | (writable != 0 ? EV_WRITE : 0));
  }

  void Watch(ares_socket_t socket, int events) {
    ev_io& watcher = watchers_[socket];
    ev_io_stop(loop_.handle(), &watcher);
    if (events == 0) {
      watchers_.erase(socket);
      return;
    }
    ev_io_init(&watcher, &Channel::OnSocket, socket, events);
    watcher.data = this;
    ev_io_start(loop_.handle(), &watcher);
  }

  static void OnSocket(struct ev_loop* /*loop*/, ev_io* watcher, int events) {
    auto* const self = static_cast<Channel*>(watcher->data);
    const int socket = watcher->fd;  // the watcher may go
    ares_process_fd(self->channel_, (events & EV_READ) != 0 ? socket : ARES_SOCKET_BAD,
                    (events & EV_WRITE) != 0 ? socket : ARES_SOCKET_BAD);
    self->SetTimer();
  }

  void SetTimer() {
    timeval most{1, 0};
    timeval wait{};
    timer_.reset();
    if (watchers_.empty()) return;
    const timeval* next = ares_timeout(channel_, &most, &wait);
    timer_ =
        loop_.RunAfter(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec + 1000), [this] {
          ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
          SetTimer();
        });
  }

  EventLoop& loop_;
  ares_channel channel_ = nullptr;
  std::map<ares_socket_t, ev_io> watchers_;
  std::unique_ptr<ingest::Timer> timer_;
};

// Never calls out from inside c-ares: the answer waits for a turn of its own.
class Resolver::AresQuery final : public Resolver::Query {
 public:
  AresQuery(EventLoop& loop, std::string name, uint16_t port, Done done)
      : loop_(loop), name_(std::move(name)), port_(port), done_(std::move(done)) {}
  ~AresQuery() override {
    if (ticket_ != nullptr) ticket_->query = nullptr;
  }
  AresQuery(const AresQuery&) = delete;
  AresQuery& operator=(const AresQuery&) = delete;

  void Answer(Result result) {
    result_ = std::move(result);
    timer_ = loop_.RunAfter(std::chrono::nanoseconds(0), [this] {
      const Done done = std::move(done_);
      done(std::move(result_));  // which may destroy this
    });
  }

  void Ask(std::shared_ptr<Channel> channel, std::chrono::milliseconds timeout) {
    timer_ = loop_.RunAfter(timeout, [this] {
      std::exchange(ticket_, nullptr)->query = nullptr;
      Answer(Failure(ARES_ETIMEOUT, name_));
    });
    // c-ares cannot cancel one query: what it holds outlives ours.
    ticket_ = new Ticket{this};
    channel_ = std::move(channel);
    channel_->Query(name_, &AresQuery::OnAnswer, ticket_);
  }

 private:
  struct Ticket {
    AresQuery* query;  // null: cancelled
  };

  static void OnAnswer(void* argument, int status, int /*timeouts*/, ares_addrinfo* info) {
    const std::unique_ptr<Ticket> ticket(static_cast<Ticket*>(argument));
    const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> owned(info, &ares_freeaddrinfo);
    AresQuery* const query = ticket->query;
    if (query == nullptr) return;
    query->ticket_ = nullptr;
    if (status != ARES_SUCCESS) return query->Answer(Failure(status, query->name_));
    std::vector<PeerAddress> addresses = Addresses(*info, query->port_);
    if (addresses.empty()) return query->Answer(Failure(ARES_ENODATA, query->name_));
    query->Answer(std::move(addresses));
  }

  EventLoop& loop_;
  const std::string name_;
  const uint16_t port_;
  Done done_;
  Result result_;
  Ticket* ticket_ = nullptr;  // c-ares owns it
  std::unique_ptr<ingest::Timer> timer_;
  std::shared_ptr<Channel> channel_;
};

Resolver::Resolver(EventLoop& loop, Options options) : loop_(loop), options_(std::move(options)) {}

Resolver::~Resolver() = default;

std::shared_ptr<Resolver::Channel> Resolver::FreshChannel() {
  const int64_t stamp = options_.servers.empty() ? ConfigurationStamp() : 0;
  if (!channel_ || stamp != configuration_) {
    channel_ = std::make_shared<Channel>(loop_, options_);
    configuration_ = stamp;
  }
  return channel_;
}

std::unique_ptr<Resolver::Query> Resolver::Resolve(const std::string& name, uint16_t port,
                                                   std::chrono::milliseconds timeout, Done done) {
  auto query = std::make_unique<AresQuery>(loop_, name, port, std::move(done));
  if (const std::optional<PeerAddress> literal = PeerAddress::Parse(name, port)) {
    query->Answer(std::vector<PeerAddress>{*literal});
    return query;
  }
  std::shared_ptr<Channel> channel = FreshChannel();
  if (channel->ok()) {
    query->Ask(std::move(channel), timeout);
  } else {
    query->Answer(absl::UnavailableError("c-ares does not start: is /etc/resolv.conf readable?"));
  }
  return query;
}

}  // namespace inlet::ws
