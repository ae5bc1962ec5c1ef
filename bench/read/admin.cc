// Creates, lists and deletes streams with the generated stub.
#include "bench/read/admin.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "bench/common/clock.h"
#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::bench {
namespace {

using Stub = v1::StreamService::Stub;

constexpr std::chrono::seconds kCallTime{10};
constexpr int kPageSize = 1000;

std::unique_ptr<Stub> MakeStub(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  return v1::StreamService::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

void Prepare(grpc::ClientContext* context) {
  context->set_wait_for_ready(true);
  context->set_deadline(std::chrono::system_clock::now() + kCallTime);
}

grpc::Status Create(Stub* stub, const std::string& name, const std::string& path, const std::string& authority = "") {
  grpc::ClientContext context;
  Prepare(&context);
  v1::CreateStreamRequest request;
  request.mutable_stream()->set_name(name);
  request.mutable_stream()->set_datasource(path);
  if (!authority.empty()) request.mutable_stream()->mutable_settings()->set_root_ca_raw(authority);
  v1::Stream stream;
  return stub->CreateStream(&context, request, &stream);
}

grpc::Status Delete(Stub* stub, const std::string& name) {
  grpc::ClientContext context;
  Prepare(&context);
  v1::DeleteStreamRequest request;
  request.set_name(name);
  v1::DeleteStreamResponse response;
  return stub->DeleteStream(&context, request, &response);
}

struct Listing {
  size_t streams = 0;
  size_t pages = 0;
  uint64_t slowest_page_nanos = 0;
};

grpc::Status List(Stub* stub, Listing* listing) {
  v1::ListStreamsRequest request;
  request.set_page_size(kPageSize);
  do {
    grpc::ClientContext context;
    Prepare(&context);
    v1::ListStreamsResponse response;
    const uint64_t begin = MonotonicNanos();
    grpc::Status status = stub->ListStreams(&context, request, &response);
    if (!status.ok()) return status;
    listing->slowest_page_nanos = std::max(listing->slowest_page_nanos, MonotonicNanos() - begin);
    listing->streams += static_cast<size_t>(response.streams_size());
    ++listing->pages;
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return grpc::Status::OK;
}

std::string NameOf(size_t i) { return "churn-" + std::to_string(i); }

// Calls `call` with 0 to count - 1 until one fails; notes the rate, or the error.
template <typename Call>
bool Time(const char* what, size_t count, nlohmann::ordered_json* report, Call call) {
  const uint64_t begin = MonotonicNanos();
  for (size_t i = 0; i < count; ++i) {
    const grpc::Status status = call(i);
    if (status.ok()) continue;
    (*report)["error"] = std::string(what) + ": " + status.error_message();
    return false;
  }
  (*report)[std::string(what) + "_per_second"] = static_cast<double>(count) / Seconds(MonotonicNanos() - begin);
  return true;
}

void Hold() {
  std::cout << "ready" << std::endl;
  std::string line;
  std::getline(std::cin, line);
}

}  // namespace

std::string CreateStreams(const CreateOptions& options) {
  const auto stub = MakeStub(options.address);
  std::ifstream file(options.authority);
  const std::string authority{std::istreambuf_iterator<char>(file), {}};
  if (!options.authority.empty() && authority.empty()) return "cannot read " + options.authority;
  for (size_t i = 0; i < std::max<size_t>(1, options.count); ++i) {
    const std::string ending = options.count == 0 ? "" : "-" + std::to_string(i);
    const grpc::Status status = Create(stub.get(), options.name + ending, options.datasource + ending, authority);
    if (!status.ok()) return "CreateStream: " + status.error_message();
  }
  return "";
}

std::string Churn(const ChurnOptions& options) {
  const auto stub = MakeStub(options.address);
  nlohmann::ordered_json report;
  report["streams"] = options.streams;
  report["error"] = "";
  // The first call pays for the connection.
  Listing warm_up;
  if (const grpc::Status status = List(stub.get(), &warm_up); !status.ok()) report["error"] = status.error_message();
  if (!Time("create", options.streams, &report,
            [&](size_t i) { return Create(stub.get(), NameOf(i), "/" + NameOf(i)); })) {
    return report.dump();
  }
  if (options.hold) Hold();
  Listing listing;
  if (const grpc::Status status = List(stub.get(), &listing); !status.ok()) report["error"] = status.error_message();
  report["listed"] = listing.streams;
  report["pages"] = listing.pages;
  report["slowest_page_ms"] = static_cast<double>(listing.slowest_page_nanos) / 1e6;
  Time("delete", options.streams, &report, [&](size_t i) { return Delete(stub.get(), NameOf(i)); });
  return report.dump();
}

}  // namespace inlet::bench
