// Parses YAML into a Value, from the library's events, so that the bounds hold before anything is built.
#include "service/config/yaml_text.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>
#include <string>
#include <utility>

#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/tree_builder.h"

namespace inlet::config {
namespace {

// The only way to stop the library's parser. Never leaves this file.
struct Stop : std::exception {
  explicit Stop(absl::Status why) : status(std::move(why)) {}
  absl::Status status;
};

int LineOf(const YAML::Mark& mark) { return mark.line + 1; }

class Events : public YAML::EventHandler {
 public:
  Events(std::string_view source, size_t most_values) : source_(source), tree_(source, most_values) {}

  Value Take() { return tree_.Take(); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_) Refuse(mark, "a second YAML document begins here; write one document only");
    has_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    CheckPlainness(mark, "", anchor);
    if (tree_.WantsKey()) Refuse(mark, "an empty key");
    Value value;
    value.line = LineOf(mark);
    Check(tree_.Scalar(std::move(value)));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { Refuse(mark, kNoAnchors); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    CheckPlainness(mark, tag, anchor);
    if (tree_.WantsKey()) return Check(tree_.Key(text, LineOf(mark)));
    Value value;
    value.kind = tag == "?" ? Value::Kind::kPlain : Value::Kind::kText;
    value.text = text;
    value.line = LineOf(mark);
    Check(tree_.Scalar(std::move(value)));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(Value::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { Check(tree_.Close()); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(Value::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { Check(tree_.Close()); }

 private:
  static constexpr char kNoAnchors[] =
      "anchors and aliases (& and *) are not supported; write the value out, or in quotes";

  static void Check(absl::Status status) {
    if (!status.ok()) throw Stop(std::move(status));
  }

  void Refuse(const YAML::Mark& mark, std::string_view why) const {
    throw Stop(ValueError(Place(source_, LineOf(mark)), "", why));
  }

  void CheckPlainness(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor) Refuse(mark, kNoAnchors);
    const bool is_untagged = tag.empty() || tag == "?" || tag == "!";
    if (!is_untagged) Refuse(mark, "tags (!) are not supported; write the value alone, or in quotes");
  }

  void Open(Value::Kind kind, const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
    CheckPlainness(mark, tag, anchor);
    if (tree_.WantsKey()) Refuse(mark, "a list or a map where a key should be");
    Check(tree_.Open(kind, LineOf(mark)));
  }

  std::string_view source_;
  TreeBuilder tree_;
  bool has_document_ = false;
};

// The library tells of a tab in ways that do not always name it.
bool IsIndentedByTab(std::string_view text, int line) {
  for (; line > 0 && text.find('\n') != std::string_view::npos; --line) text.remove_prefix(text.find('\n') + 1);
  const size_t first = text.find_first_not_of(' ');
  return line == 0 && first != std::string_view::npos && text[first] == '\t';
}

// What the library's words do not tell. It takes no ? into a bare text within { } or [ ].
std::string_view Remedy(std::string_view text, const YAML::Exception& error) {
  if (!error.mark.is_null() && IsIndentedByTab(text, error.mark.line)) return "; tabs cannot indent, write spaces";
  const bool is_sign = error.msg == YAML::ErrorMsg::UNKNOWN_TOKEN;
  return is_sign ? R"(; write the text that this sign is in in quotes, as in {datasource: "/ws?symbol=btc"})" : "";
}

absl::Status SyntaxError(std::string_view source, std::string_view text, const YAML::Exception& error) {
  std::string place(source);
  if (!error.mark.is_null()) {
    place = Concat({Place(source, LineOf(error.mark)), ":", std::to_string(error.mark.column + 1)});
  }
  // The library may quote one byte of a longer character.
  const std::string_view reason = IsUtf8(error.msg) ? error.msg : std::string_view("an unknown escape in a text");
  return ValueError(place, "", Concat({"this is not valid YAML: ", reason, Remedy(text, error)}));
}

// The library takes a text whose last quote is never closed, with all that follows as its value, if the file ends with
// a line break. A comment at the end turns that into an error and changes nothing else.
std::string WithEndMark(std::string_view text) {
  const bool ends_line = text.empty() || text.ends_with('\n');
  return Concat({text, ends_line ? "#" : "\n#"});
}

absl::StatusOr<Value> ParseEvents(std::string_view source, std::string_view text, size_t most_values) {
  try {
    std::istringstream stream(WithEndMark(text));
    YAML::Parser parser(stream);
    Events events(source, most_values);
    while (parser.HandleNextDocument(events)) {
    }
    return events.Take();
  } catch (const Stop& stop) {
    return stop.status;
  } catch (const YAML::Exception& error) {
    return SyntaxError(source, text, error);
  } catch (const std::exception& error) {
    return ValueError(source, "", Concat({"this cannot be read as YAML: ", error.what()}));
  }
}

}  // namespace

absl::StatusOr<Value> ParseYaml(std::string_view source, std::string_view text, const TextBounds& bounds) {
  if (text.size() > bounds.bytes) {
    return ValueError(source, "", Concat({"larger than ", std::to_string(bounds.bytes), " bytes"}));
  }
  // Zero bytes would make the library guess UTF-16 or UTF-32.
  const bool is_utf8 = IsUtf8(text) && text.find('\0') == std::string_view::npos;
  if (!is_utf8) return ValueError(source, "", "the text is not UTF-8");
  return ParseEvents(source, text, bounds.values);
}

}  // namespace inlet::config
