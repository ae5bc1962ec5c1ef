// What a stream refers to: found in its spec, read, and checked as far as that helps before it runs.
#ifndef INLET_SERVICE_STREAM_SECRETS_H_
#define INLET_SERVICE_STREAM_SECRETS_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "ingest/stream_spec.h"
#include "service/secret_store.h"

namespace inlet::service {

// All references and paths of the spec. Pure.
SecretUse FindSecrets(const ingest::StreamSpec& spec);

// TLS_MATERIAL_INVALID about a setting below `where`, such as "stream", for certificates and keys that cannot be used,
// each alone and both together. Precondition: somebody holds what `tls` refers to. Control thread.
absl::Status CheckTls(const ingest::TlsClientSettings& tls, std::string_view where, const SecretStore& store);

// Reads what the spec refers to, and judges what that gives: FIELD_INVALID for what no handshake may hold,
// TLS_MATERIAL_INVALID for certificates and keys that cannot be used, and the errors of SecretStore::Hold; all name the
// setting. The lease lasts as long as the stream. Control thread.
absl::StatusOr<SecretLease> HoldSecrets(const ingest::StreamSpec& spec, SecretStore& store);

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_SECRETS_H_
