// What a stranger reads first when the service has started.
#ifndef INLET_SERVICE_APP_BANNER_H_
#define INLET_SERVICE_APP_BANNER_H_

#include <string>
#include <string_view>

#include "service/app.h"

namespace inlet::service {

// The addresses, and commands to copy that make a stream, send to it and read it. `inletctl`: how a shell finds it.
std::string StartBanner(const App& app, std::string_view version, std::string_view inletctl);

// The inletctl beside the program that runs, quoted for a shell where it must be; its name alone if there is none.
std::string FindInletctl();

}  // namespace inlet::service

#endif  // INLET_SERVICE_APP_BANNER_H_
