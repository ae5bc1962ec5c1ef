// The conf keys at one moment: what each says, and where it was written.
#ifndef INLET_SERVICE_CONF_KEY_ENTRY_H_
#define INLET_SERVICE_CONF_KEY_ENTRY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "ingest/loop.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/conf_keys.h"

namespace inlet::service {

struct ConfKeyEntry {
  std::string name;
  v1::SourceSettings settings;  // secrets included
  std::string where;            // for errors, such as "etc/sources/websocket.yaml:12"
  bool from_api = false;        // PutConfKey; else the file, or the environment
  ingest::WallTime time;        // of the last Put; of the file's: when it was read
  uint64_t revision = 1;        // of the API's: how often it was put

  // Of a key that was put it survives a restart of the service; of the file's it does not.
  std::string etag() const;
};
using ConfKeyEntries = std::map<std::string, ConfKeyEntry, std::less<>>;

// What the file says, and above it what callers put: a name in `api` hides the file's.
struct ConfKeyLayers {
  ConfKeyEntries file;  // `default` is always there
  ConfKeyEntries api;
};

// Const once it is made; readers share it.
struct ConfKeySnapshot {
  config::ConfKeys settings;  // for plans of streams
  ConfKeyEntries entries;     // those in use
  // Why the newest text of the file is not in use, by the section's name.
  std::map<std::string, std::string, std::less<>> file_errors;
};
using ConfKeySnapshotPtr = std::shared_ptr<const ConfKeySnapshot>;

// Lays `api` over `file`. `file_errors` of the result is empty. Precondition: the names keep to CheckConfKeyName.
ConfKeySnapshot Compose(const ConfKeyLayers& layers);

// The file's sections that differ in what they say between the two, and those that only one of them has.
std::vector<std::string> ChangedSections(const ConfKeyEntries& before, const ConfKeyEntries& after);

// The sections of the file as entries, read at `now`; those that say the same in `before` keep their time.
ConfKeyEntries FileEntries(const config::ConfKeys& file, const ConfKeyEntries& before, ingest::WallTime now);

bool SaysTheSame(const v1::SourceSettings& a, const v1::SourceSettings& b);

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONF_KEY_ENTRY_H_
