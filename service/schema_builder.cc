// Turns the schema of a definition into the plain values that the data plane runs on.
#include "service/schema_builder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "ingest/error.h"
#include "ingest/instant.h"
#include "ingest/nearest.h"
#include "ingest/text.h"
#include "ingest/time_format.h"
#include "service/column_default.h"
#include "service/config/unknown_fields.h"
#include "service/sql/column_parser.h"
#include "service/sql/limits.h"
#include "service/sql/literal.h"
#include "service/sql/name.h"
#include "service/sql/printer.h"
#include "service/sql/sql_error.h"

namespace inlet::service {
namespace {

using sql::ColumnType;
using sql::Shown;
using sql::TypeKind;

constexpr std::string_view kPath = "stream.schema";
constexpr std::string_view kTimestamp = "stream.schema.timestamp";
constexpr std::string_view kTimestampFormat = "stream.schema.timestampFormat";

absl::Status Invalid(std::string_view field, std::string_view message) {
  return FieldInvalid(field, Concat({field, ": ", message}));
}

size_t CountColumns(const ColumnType& type) {
  size_t count = type.fields.size();
  for (const ColumnType& element : type.element) count += CountColumns(element);
  for (const ingest::Column& field : type.fields) count += CountColumns(field.type);
  return count;
}

bool HoldsTimes(TypeKind kind) {
  return kind == TypeKind::kDatetime || kind == TypeKind::kBigint || kind == TypeKind::kFloat ||
         kind == TypeKind::kString;
}

class Builder {
 public:
  explicit Builder(const v1::Schema& given) : given_(given) {}

  absl::StatusOr<BuiltSchema> Build() {
    absl::Status status = config::RefuseUnknownFields(given_, kPath);
    if (status.ok()) status = ReadFormat();
    built_.schema.columns.reserve(static_cast<size_t>(given_.columns_size()));
    for (int i = 0; status.ok() && i < given_.columns_size(); ++i) status = AddColumn(i);
    if (status.ok()) status = CheckTimestamp();
    if (!status.ok()) return status;
    built_.schema.strict = given_.strict();
    built_.schema.timestamp = given_.timestamp();
    built_.schema.timestamp_format = given_.timestamp_format();
    built_.shown.set_strict(given_.strict());
    built_.shown.set_timestamp(given_.timestamp());
    built_.shown.set_timestamp_format(given_.timestamp_format());
    Warn();
    return std::move(built_);
  }

 private:
  absl::Status ReadFormat() {
    if (given_.timestamp_format().empty()) return absl::OkStatus();
    if (given_.timestamp().empty()) return Invalid(kTimestampFormat, "there is no timestamp whose text it could be");
    absl::StatusOr<ingest::TimeFormat> format = ingest::TimeFormat::Compile(given_.timestamp_format());
    if (!format.ok()) {
      const absl::string_view why = format.status().message();
      return Invalid(kTimestampFormat, std::string_view(why.data(), why.size()));
    }
    format_ = *std::move(format);
    return absl::OkStatus();
  }

  absl::Status AddColumn(int index) {
    const v1::Column& given = given_.columns(index);
    const std::string path = Concat({kPath, ".columns[", std::to_string(index), "]"});
    absl::Status status = config::RefuseUnknownFields(given, path);
    if (status.ok()) status = CheckName(given.name(), Concat({path, ".name"}));
    if (!status.ok()) return status;
    absl::StatusOr<ColumnType> type = ReadType(given.type(), Concat({path, ".type"}));
    if (!type.ok()) return type.status();
    ingest::Column column{given.name(), *std::move(type), {}};
    v1::Column& shown = *built_.shown.add_columns();
    shown.set_name(column.name);
    shown.set_type(sql::ToSql(column.type));
    if (given.has_default_value()) {
      status = SetDefault(given, Concat({path, ".defaultValue"}), column, shown);
      if (!status.ok()) return status;
    }
    built_.schema.columns.push_back(std::move(column));
    return absl::OkStatus();
  }

  absl::Status CheckName(const std::string& name, std::string_view field) {
    if (const std::optional<std::string> fault = sql::FindColumnNameFault(name)) {
      return Invalid(field, Concat({"the name ", Shown(name), " ", *fault}));
    }
    if (!names_.insert(name).second) return Invalid(field, Concat({Shown(name), " is declared twice"}));
    return absl::OkStatus();
  }

  absl::StatusOr<ColumnType> ReadType(const std::string& text, std::string_view field) {
    absl::StatusOr<ColumnType> type = sql::ParseColumnType(text);
    if (!type.ok()) {
      const absl::string_view why = type.status().message();
      return Invalid(field, std::string_view(why.data(), why.size()));
    }
    count_ += 1 + CountColumns(*type);
    if (count_ <= sql::kMostColumns) return type;
    const std::string most = std::to_string(sql::kMostColumns);
    return Invalid("stream.schema.columns", Concat({"more than ", most, " columns, those of STRUCT included"}));
  }

  absl::Status SetDefault(const v1::Column& given, std::string_view field, ingest::Column& column, v1::Column& shown) {
    if (!sql::TakesDefault(column.type.kind)) {
      return Invalid(field, Concat({"a column of type ", sql::ToString(column.type.kind), " cannot have a default"}));
    }
    const std::optional<sql::DefaultValue> value = ReadDefault(column.type.kind, given.default_value());
    if (!value) return Invalid(field, WhyNoDefault(column.type.kind, given.default_value()));
    const bool is_time = column.type.kind != TypeKind::kDatetime || IsTime(*value, column.name == given_.timestamp());
    if (!is_time)
      return Invalid(field, Concat({"the default is no time", format_ ? " of the format either" : "", kHow}));
    column.default_json = ToJson(*value);
    *shown.mutable_default_value() = ToValue(*value);
    return absl::OkStatus();
  }

  // Whether records would get the default as a time; as event_time, too, if it is the timestamp's.
  bool IsTime(const sql::DefaultValue& value, bool is_timestamp) const {
    if (const int64_t* milliseconds = std::get_if<int64_t>(&value)) {
      return ingest::FromMilliseconds(*milliseconds).has_value();
    }
    const auto& text = std::get<std::string>(value);
    if (format_ && format_->Parse(text)) return true;
    return !(format_ && is_timestamp) && ingest::ParseRfc3339(text).has_value();
  }

  absl::Status CheckTimestamp() const {
    const std::string& name = given_.timestamp();
    if (name.empty()) return absl::OkStatus();
    if (const std::optional<std::string> fault = sql::FindColumnNameFault(name)) {
      return Invalid(kTimestamp, Concat({"the name ", Shown(name), " ", *fault}));
    }
    const ingest::Column* column = TimestampColumn();
    if (column == nullptr && !names_.empty()) {
      const std::vector<std::string_view> names(names_.begin(), names_.end());
      return Invalid(kTimestamp, Concat({Shown(name), " is none of the columns", DidYouMean(Nearest(name, names))}));
    }
    if (column == nullptr || HoldsTimes(column->type.kind)) return absl::OkStatus();
    return Invalid(kTimestamp, Concat({"the column ", Shown(name), " is ", sql::ToString(column->type.kind),
                                       ", which holds no times: make it DATETIME, BIGINT, FLOAT or STRING"}));
  }

  const ingest::Column* TimestampColumn() const {
    const std::vector<ingest::Column>& columns = built_.schema.columns;
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [this](const ingest::Column& each) { return each.name == given_.timestamp(); });
    return column == columns.end() ? nullptr : &*column;
  }

  void Warn() {
    const bool checks_nothing = given_.columns().empty() && given_.timestamp().empty();
    if (given_.strict() && checks_nothing) {
      built_.warnings.emplace_back("strict validation has no effect: there are no columns");
    }
    const ingest::Column* column = TimestampColumn();
    if (!format_ || column == nullptr) return;
    const TypeKind kind = column->type.kind;
    if (kind != TypeKind::kBigint && kind != TypeKind::kFloat) return;
    built_.warnings.push_back(
        Concat({"the timestamp format has no effect: the column ", Shown(column->name), " holds numbers, as ",
                sql::ToString(kind), ", which are milliseconds since 1970"}));
  }

  static constexpr std::string_view kHow = ": write milliseconds since 1970, or as 2026-11-29T14:17:02Z";

  const v1::Schema& given_;
  BuiltSchema built_;
  std::optional<ingest::TimeFormat> format_;
  std::set<std::string> names_;
  size_t count_ = 0;
};

}  // namespace

absl::StatusOr<BuiltSchema> BuildSchema(const v1::Schema& given) { return Builder(given).Build(); }

}  // namespace inlet::service
