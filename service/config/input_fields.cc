// What a caller sets of a stream, without what is output only.
#include "service/config/input_fields.h"

namespace inlet::config {

v1::Stream InputFieldsOf(const v1::Stream& stream) {
  v1::Stream input = stream;
  input.clear_status();
  input.clear_create_time();
  input.clear_update_time();
  input.clear_etag();
  input.clear_sql();
  input.clear_role();
  input.clear_effective_settings();
  input.clear_warnings();
  if (input.settings().ByteSizeLong() == 0) input.clear_settings();
  if (input.retention().ByteSizeLong() == 0) input.clear_retention();
  return input;
}

}  // namespace inlet::config
