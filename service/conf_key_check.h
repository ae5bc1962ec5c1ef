// Judges what a caller wants to put into a conf key, before it is laid into a stream.
#ifndef INLET_SERVICE_CONF_KEY_CHECK_H_
#define INLET_SERVICE_CONF_KEY_CHECK_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"
#include "service/secret_store.h"

namespace inlet::service {

struct ConfKeyRules {
  SecretStore* secrets = nullptr;  // null: neither references nor certificates are looked at
  bool allow_proxy = false;        // egress.proxy
};

// Replaces each <redacted> in `settings` by what `present` has there, then checks every value, that the layer does not
// contradict itself, that what it refers to can be read now, and that its certificates and keys can be used. Errors:
// those of KeepSecrets, CheckValues, CheckSupported, CheckLayer, ProxyForbidden, SecretStore::Hold and CheckTls, about
// the setting. Control thread.
absl::Status AcceptSettings(const v1::SourceSettings& present, const ConfKeyRules& rules, v1::SourceSettings& settings);

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONF_KEY_CHECK_H_
