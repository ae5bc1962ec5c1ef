// The decoded view of any object: the generated class reads it, and it says what nlohmann reads from the text.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "ingest/data_view.h"
#include "ingest/decoder.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/ingest/json_oracle.h"

namespace inlet::ingest {
namespace {

void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", promise);
  std::abort();
}

void CheckRecord(const v1::Record& text, const v1::Record& view) {
  Require(view.connection() == text.connection() && view.receive_time().seconds() == text.receive_time().seconds(),
          "the head is kept");
  const std::string& json = text.json();
  const Opinion opinion = Judge(json);
  if (opinion.valid) Require(view.has_data() == opinion.exact, "data where it is exact, else the text");
  if (view.has_data()) Require(opinion.valid && SaysTheSame(view.data(), json), "data says what the text says");
  if (!view.has_data()) Require(view.json() == json, "otherwise it is the text");
}

void Check(std::string_view message) {
  static Decoder decoder;
  static DataView view;
  PaddedBuffer entries;
  decoder.Decode(message, {WallTime(std::chrono::seconds(5)), 7}, nullptr, entries);
  PaddedBuffer rendered;
  view.Render(entries.view(), PaddedBuffer::kPadding, rendered);
  // Nothing after the entries may be read here, and nothing can be: they fill their allocation.
  const std::vector<char> alone(entries.view().begin(), entries.view().end());
  PaddedBuffer again;
  view.Render({alone.data(), alone.size()}, 0, again);
  Require(again.view() == rendered.view(), "what follows the entries changes nothing");

  v1::SubscribeResponse texts;
  v1::SubscribeResponse views;
  Require(texts.ParseFromArray(entries.data(), static_cast<int>(entries.size())), "entries are a response");
  Require(views.ParseFromArray(rendered.data(), static_cast<int>(rendered.size())), "the view is a response");
  Require(texts.records_size() == views.records_size(), "each entry has its view");
  for (int i = 0; i < texts.records_size(); ++i) CheckRecord(texts.records(i), views.records(i));
}

}  // namespace
}  // namespace inlet::ingest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  inlet::ingest::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
