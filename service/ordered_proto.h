// Messages written with their maps in the order of the keys: what says the same is written the same.
#ifndef INLET_SERVICE_ORDERED_PROTO_H_
#define INLET_SERVICE_ORDERED_PROTO_H_

#include <memory>
#include <string>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver.h"
#include "google/protobuf/util/type_resolver_util.h"

namespace inlet {

// A map of protobuf has another order in each message, and the library writes it so. Pure, any thread.

inline std::string OrderedBytes(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  static_cast<void>(message.SerializePartialToCodedStream(&coded));  // into memory it cannot fail
  coded.Trim();
  return bytes;
}

// As MessageToJsonString.
inline auto OrderedJson(const google::protobuf::Message& message, std::string& json,
                        const google::protobuf::util::JsonPrintOptions& options = {}) {
  namespace util = google::protobuf::util;
  static const std::string prefix = "type.googleapis.com";
  static const std::unique_ptr<util::TypeResolver> resolver(
      util::NewTypeResolverForDescriptorPool(prefix, google::protobuf::DescriptorPool::generated_pool()));
  const std::string type = prefix + "/" + message.GetDescriptor()->full_name();
  return util::BinaryToJsonString(resolver.get(), type, OrderedBytes(message), &json, options);
}

}  // namespace inlet

#endif  // INLET_SERVICE_ORDERED_PROTO_H_
