// All metrics of the process.
#include "service/metrics/all_families.h"

#include <iterator>
#include <utility>

#include "service/metrics/network_families.h"
#include "service/metrics/process_families.h"
#include "service/metrics/stream_families.h"

namespace inlet::metrics {
namespace {

void Append(Families more, Families& families) {
  families.insert(families.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

double ValueOf(const ingest::Counter& counter) { return static_cast<double>(counter.value()); }

Families BuildFamily(const std::string& version) {
  Families families{MakeFamily(Kind::kGauge, "inlet_build_info", "1, with the version of the program.")};
  AddSample(families.back(), 1, {{"version", version}});
  return families;
}

Families ConfKeyFileFamilies(const service::ConfKeyFileCounters& file) {
  Families families{MakeFamily(Kind::kCounter, "inlet_conf_key_file_reloads_total",
                               "Edits of sources/websocket.yaml since the start, by what came of them."),
                    MakeFamily(Kind::kGauge, "inlet_conf_key_file_refused",
                               "1: the last edit was refused, and what the file said before is in use; else 0."),
                    MakeFamily(Kind::kGauge, "inlet_conf_key_file_applied_timestamp_seconds",
                               "When what is in use was read, in seconds since 1970.")};
  AddSample(families[0], ValueOf(file.applied), {{"result", "applied"}});
  AddSample(families[0], ValueOf(file.refused), {{"result", "refused"}});
  AddSample(families[1], ValueOf(file.is_refused));
  AddSample(families[2], ValueOf(file.applied_time));
  return families;
}

Families ReadingFamilies(const std::vector<Reading>& readings) {
  Families families;
  for (const Reading& reading : readings)
    AddSample(families.emplace_back(MakeFamily(reading.kind, reading.name, reading.help)), reading.read());
  return families;
}

}  // namespace

Families AllFamilies(const Sources& sources) {
  Families families = BuildFamily(sources.version);
  Append(StreamFamilies(sources.next_streams, sources.max_streams), families);
  if (sources.server != nullptr && sources.client != nullptr)
    Append(NetworkFamilies(*sources.server, *sources.client), families);
  if (sources.conf_key_file != nullptr) Append(ConfKeyFileFamilies(*sources.conf_key_file), families);
  Append(ReadingFamilies(sources.readings), families);
  Append(ProcessFamilies(), families);
  return families;
}

}  // namespace inlet::metrics
