// Puts back what a caller read as <redacted> in a datasource, so that it can be sent back.
#ifndef INLET_SERVICE_CONFIG_KEPT_DATASOURCE_H_
#define INLET_SERVICE_CONFIG_KEPT_DATASOURCE_H_

#include <string>

#include "service/config/redact.h"

namespace inlet::config {

// `datasource` with the secrets of `kept`, where RedactUrl puts <redacted> in their place: the user part of the same
// URL, and in the query the value of the same name (of several, in their order). What `kept` does not have stays
// <redacted>. Pure.
std::string KeepDatasource(const std::string& kept, const QueryNames& shown, const std::string& datasource);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_KEPT_DATASOURCE_H_
