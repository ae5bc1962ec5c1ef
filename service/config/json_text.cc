// Parses strict JSON into a Value, from the library's events, so that the bounds hold before anything is built.
#include "service/config/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "ingest/text.h"
#include "service/config/tree_builder.h"

namespace inlet::config {
namespace {

using Json = nlohmann::json;

// "line 1, column 5" of the byte before `position`, which counts the bytes read.
std::string LineAndColumn(std::string_view text, size_t position) {
  const std::string_view before = text.substr(0, position == 0 ? 0 : std::min(position, text.size()) - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return Concat({"line ", std::to_string(line), ", column ", std::to_string(column)});
}

// The library's words without its number, its position, and the text that it read last, which may be a secret.
std::string Reason(std::string_view what) {
  const size_t syntax = what.find("syntax error");
  if (syntax == std::string_view::npos) return "a number is out of range";
  what.remove_prefix(syntax);
  return std::string(what.substr(0, what.find("; last read:")));
}

// False from an event stops the parser.
class Events : public Json::json_sax_t {
 public:
  Events(std::string_view source, std::string_view text) : source_(source), text_(text), tree_(source) {}

  absl::StatusOr<Value> Take() {
    if (!status_.ok()) return status_;
    return tree_.Take();
  }

  bool null() override { return Add(Value::Kind::kNull, "null"); }
  bool boolean(bool value) override { return Add(Value::Kind::kLiteral, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Add(Value::Kind::kLiteral, std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Add(Value::Kind::kLiteral, std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return Add(Value::Kind::kLiteral, text);
  }
  bool string(string_t& value) override { return Add(Value::Kind::kText, value); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(size_t /*size*/) override { return Keep(tree_.Open(Value::Kind::kMap, 0)); }
  bool key(string_t& key) override { return Keep(tree_.Key(key, 0)); }
  bool end_object() override { return Keep(tree_.Close()); }
  bool start_array(size_t /*size*/) override { return Keep(tree_.Open(Value::Kind::kList, 0)); }
  bool end_array() override { return Keep(tree_.Close()); }

  bool parse_error(size_t position, const std::string& /*token*/, const Json::exception& error) override {
    return Keep(ValueError("", source_,
                           Concat({"not valid JSON at ", LineAndColumn(text_, position), ": ", Reason(error.what())})));
  }

 private:
  bool Add(Value::Kind kind, std::string text) {
    Value value;
    value.kind = kind;
    value.text = std::move(text);
    return Keep(tree_.Scalar(std::move(value)));
  }

  bool Keep(absl::Status status) {
    status_ = std::move(status);
    return status_.ok();
  }

  std::string_view source_;
  std::string_view text_;
  TreeBuilder tree_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<Value> ParseJson(std::string_view source, std::string_view text) {
  if (text.size() > kMaxConfigBytes) {
    return ValueError("", source, Concat({"larger than ", std::to_string(kMaxConfigBytes), " bytes"}));
  }
  try {
    Events events(source, text);
    (void)Json::sax_parse(text, &events);  // a failure is in the events' own status
    return events.Take();
  } catch (const std::exception& error) {
    return ValueError("", source, "not valid JSON");
  }
}

}  // namespace inlet::config
