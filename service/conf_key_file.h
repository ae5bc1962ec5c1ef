// Reads sources/websocket.yaml again while the service runs, and hands what it says to the conf keys.
#ifndef INLET_SERVICE_CONF_KEY_FILE_H_
#define INLET_SERVICE_CONF_KEY_FILE_H_

#include <cstddef>
#include <string>

#include "service/conf_key_file_counters.h"
#include "service/conf_key_registry.h"
#include "service/config/load.h"

namespace inlet::service {

// Control thread.
class ConfKeyFile {
 public:
  // `loaded`: what was read at the start; its sources_file is there. The registry outlives this.
  ConfKeyFile(const config::Loaded& loaded, ConfKeyRegistry& registry);

  // Reads the file, and applies what its conf keys say, all together or not at all. Of `source` it only tells that it
  // has changed: that needs a restart. A file that has gone is refused, too. What came of it is logged if it is another
  // thing than at the last call, the file holds another text that is refused, or somebody `asked`.
  void Reload(bool asked);

  // Reads it again if all that held it up were streams that take a section which it no longer has: they may be gone.
  void RetryInUse();

  // Any thread.
  const ConfKeyFileCounters& counters() const { return counters_; }

 private:
  void Apply(const config::Loaded& loaded, bool asked);
  void NoteRefusal(const absl::Status& error, bool asked);
  void WarnOfServerSettings(const config::ServerTexts& texts);

  const config::SourcesFile file_;
  ConfKeyRegistry& registry_;
  const config::ServerTexts started_with_;
  config::ServerTexts warned_of_;
  size_t text_hash_ = 0;     // of what the file held at the last read; 0: it could not be read
  size_t refused_hash_ = 0;  // likewise, when last_error_ was told
  std::string last_error_;   // empty: the file is in use
  bool waits_for_streams_ = false;
  ConfKeyFileCounters counters_;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONF_KEY_FILE_H_
