// Tells in what two definitions of a stream differ.
#include "service/definition_diff.h"

#include <set>

#include "google/protobuf/util/message_differencer.h"
#include "ingest/text.h"
#include "service/config/input_fields.h"

namespace inlet::service {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

class PathCollector : public MessageDifferencer::Reporter {
 public:
  using Path = std::vector<MessageDifferencer::SpecificField>;

  void ReportAdded(const Message& /*one*/, const Message& /*other*/, const Path& path) override { Add(path); }
  void ReportDeleted(const Message& /*one*/, const Message& /*other*/, const Path& path) override { Add(path); }
  void ReportModified(const Message& /*one*/, const Message& /*other*/, const Path& path) override { Add(path); }

  std::vector<std::string> paths() const { return {paths_.begin(), paths_.end()}; }

 private:
  // A setting is named as a whole: what differs inside a list, a map or a duration is its content.
  static bool IsSetting(const FieldDescriptor& field) {
    const google::protobuf::Descriptor* type = field.message_type();
    return field.is_repeated() || type == nullptr || type->file()->package() == "google.protobuf";
  }

  void Add(const Path& path) {
    std::string text;
    for (const auto& step : path) {
      if (step.field == nullptr) break;  // a field that this version does not know
      text = text.empty() ? step.field->json_name() : Concat({text, ".", step.field->json_name()});
      if (!IsSetting(*step.field)) continue;  // what holds settings is reported, too
      paths_.insert(text);
      return;
    }
  }

  std::set<std::string> paths_;
};

// What the caller sets, with what is absent written out.
v1::Stream Normalized(const v1::Stream& definition) {
  v1::Stream normal = config::InputFieldsOf(definition);
  normal.set_datasource(EffectiveDatasource(definition));
  normal.set_conf_key(definition.conf_key().empty() ? "default" : definition.conf_key());
  normal.mutable_settings();
  normal.mutable_schema();
  normal.mutable_retention();
  normal.set_record_origin(EffectiveRecordOrigin(definition));
  return normal;
}

}  // namespace

std::vector<std::string> DifferingFields(const v1::Stream& one, const v1::Stream& other) {
  PathCollector collector;
  MessageDifferencer differencer;
  differencer.ReportDifferencesTo(&collector);
  differencer.Compare(Normalized(one), Normalized(other));
  return collector.paths();
}

bool EffectiveRecordOrigin(const v1::Stream& definition) {
  if (definition.has_record_origin()) return definition.record_origin();
  return definition.role() != v1::Stream::CLIENT && definition.datasource().find('{') != std::string::npos;
}

std::string EffectiveDatasource(const v1::Stream& definition) {
  if (!definition.datasource().empty()) return definition.datasource();
  return definition.role() == v1::Stream::CLIENT ? std::string("/") : Concat({"/", definition.name()});
}

}  // namespace inlet::service
