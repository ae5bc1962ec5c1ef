// The seam to who watches streams.
#ifndef INLET_SERVICE_REGISTRY_OBSERVER_H_
#define INLET_SERVICE_REGISTRY_OBSERVER_H_

#include <string_view>

namespace inlet::service {

// Any thread, with no lock of the caller held. Must not block.
class RegistryObserver {
 public:
  virtual ~RegistryObserver() = default;
  // The stream is new, or its state has changed.
  virtual void OnStreamChanged(std::string_view name) = 0;
  // It is gone; one of the same name may follow.
  virtual void OnStreamDeleted(std::string_view name) = 0;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_REGISTRY_OBSERVER_H_
