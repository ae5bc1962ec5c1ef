// nlohmann's events become a tree.
#include "tests/ingest/json_tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace inlet::ingest {
namespace {

using nlohmann::json;
using Kind = Tree::Kind;

class Reader : public nlohmann::json_sax<json> {
 public:
  bool null() override { return Add({}); }
  bool boolean(bool value) override { return Add({Kind::kBoolean, value, {}, {}, {}}); }
  // nlohmann says -0 so, and 0 as an unsigned number.
  bool number_integer(int64_t value) override {
    return Add(Tree::Of(Kind::kNumber, value == 0 ? "-0" : std::to_string(value)));
  }
  bool number_unsigned(uint64_t value) override { return Add(Tree::Of(Kind::kNumber, std::to_string(value))); }
  bool number_float(double /*value*/, const std::string& text) override { return Add(Tree::Of(Kind::kNumber, text)); }
  bool string(std::string& value) override { return Add(Tree::Of(Kind::kString, value)); }
  bool binary(json::binary_t& /*value*/) override { return false; }
  bool start_object(size_t /*size*/) override { return Open(Kind::kObject); }
  bool key(std::string& value) override {
    open_.back().names.push_back(value);
    return true;
  }
  bool end_object() override { return Close(); }
  bool start_array(size_t /*size*/) override { return Open(Kind::kArray); }
  bool end_array() override { return Close(); }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  Tree root;

 private:
  bool Add(Tree tree) {
    if (open_.empty()) {
      root = std::move(tree);
    } else {
      open_.back().items.push_back(std::move(tree));
    }
    return true;
  }
  bool Open(Kind kind) {
    open_.push_back(Tree::Of(kind, {}));
    return true;
  }
  bool Close() {
    Tree tree = std::move(open_.back());
    open_.pop_back();
    return Add(std::move(tree));
  }

  std::vector<Tree> open_;
};

}  // namespace

std::optional<Tree> ReadTree(std::string_view text) {
  Reader reader;
  if (!json::sax_parse(text, &reader)) return std::nullopt;
  return std::move(reader.root);
}

bool SameTree(const Tree& expected, const Tree& found) {
  if (expected.kind == Kind::kTextOf) {
    if (found.kind != Kind::kString) return false;
    const std::optional<Tree> said = ReadTree(found.text);
    return said && SameTree(expected.items[0], *said);
  }
  return expected.kind == found.kind && expected.boolean == found.boolean && expected.text == found.text &&
         expected.names == found.names &&
         std::equal(expected.items.begin(), expected.items.end(), found.items.begin(), found.items.end(), SameTree);
}

}  // namespace inlet::ingest
