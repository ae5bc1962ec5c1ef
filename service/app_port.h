// Whether a port could be opened, without opening it.
#ifndef INLET_SERVICE_APP_PORT_H_
#define INLET_SERVICE_APP_PORT_H_

#include <cstdint>
#include <string>

namespace inlet::service {

// True if another program listens on it (or this one). False for port 0, and where something else is wrong: that is
// told when the port is opened. Any thread.
bool IsPortTaken(const std::string& ip, uint16_t port);

}  // namespace inlet::service

#endif  // INLET_SERVICE_APP_PORT_H_
