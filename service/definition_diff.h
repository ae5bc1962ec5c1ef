// Tells in what two definitions of a stream differ.
#ifndef INLET_SERVICE_DEFINITION_DIFF_H_
#define INLET_SERVICE_DEFINITION_DIFF_H_

#include <string>
#include <vector>

#include "inlet/v1/inlet.pb.h"

namespace inlet::service {

// Paths of the fields that differ, such as "settings.maxMessageBytes"; empty: the definitions mean the same. Judged are
// the fields that a caller sets, the statement's text excepted; an empty conf key is `default`, an empty datasource the
// stream's name (server role) or "/" (client role).
std::vector<std::string> DifferingFields(const v1::Stream& one, const v1::Stream& other);

// What an empty datasource stands for, else the datasource.
std::string EffectiveDatasource(const v1::Stream& definition);

// Whether records say who sent them: as the definition says, else in the server role where the path has variables.
bool EffectiveRecordOrigin(const v1::Stream& definition);

}  // namespace inlet::service

#endif  // INLET_SERVICE_DEFINITION_DIFF_H_
