// Puts back what a caller read as <redacted> in a datasource.
#include "service/config/kept_datasource.h"

#include <map>
#include <string_view>
#include <vector>

#include "ingest/text.h"

namespace inlet::config {
namespace {

constexpr std::string_view kBeforeQuery = "/?";

std::vector<std::string_view> Parameters(std::string_view query) {
  std::vector<std::string_view> parameters;
  while (true) {
    const size_t end = query.find('&');
    parameters.push_back(query.substr(0, end));
    if (end == std::string_view::npos) return parameters;
    query.remove_prefix(end + 1);
  }
}

std::string RedactParameter(std::string_view parameter, const QueryNames& shown) {
  return RedactUrl(Concat({kBeforeQuery, parameter}), shown).substr(kBeforeQuery.size());
}

bool IsHidden(std::string_view parameter) { return parameter == kRedacted || parameter.ends_with("=<redacted>"); }

std::string KeepQuery(std::string_view kept, const QueryNames& shown, std::string_view query) {
  std::map<std::string, std::vector<std::string_view>, std::less<>> secrets;  // by what is shown of them
  for (const std::string_view parameter : Parameters(kept)) {
    const std::string hidden = RedactParameter(parameter, shown);
    if (IsHidden(hidden)) secrets[hidden].push_back(parameter);
  }
  std::map<std::string_view, size_t> taken;
  std::string result;
  for (std::string_view parameter : Parameters(query)) {
    const auto found = secrets.find(parameter);
    const bool is_kept = found != secrets.end() && taken[parameter] < found->second.size();
    if (is_kept) parameter = found->second[taken[parameter]++];
    result += Concat({"&", parameter});
  }
  return result.substr(1);
}

}  // namespace

std::string KeepDatasource(const std::string& kept, const QueryNames& shown, const std::string& datasource) {
  const size_t mark = datasource.find('?');
  const size_t kept_mark = kept.find('?');
  std::string before = datasource.substr(0, mark);
  const std::string kept_before = kept.substr(0, kept_mark);
  if (before == RedactUrl(kept_before, shown)) before = kept_before;
  if (mark == std::string::npos) return before;
  const std::string_view query = std::string_view(datasource).substr(mark + 1);
  if (kept_mark == std::string::npos) return Concat({before, "?", query});
  return Concat({before, "?", KeepQuery(std::string_view(kept).substr(kept_mark + 1), shown, query)});
}

}  // namespace inlet::config
