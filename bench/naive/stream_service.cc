// Records as protobuf objects, written one by one.
#include "bench/naive/stream_service.h"

#include <nlohmann/json.hpp>

namespace inlet::bench {
namespace {

using Json = nlohmann::json;

void ToValue(const Json& json, google::protobuf::Value* value);

void ToStruct(const Json& json, google::protobuf::Struct* result) {
  for (const auto& [key, element] : json.items()) ToValue(element, &(*result->mutable_fields())[key]);
}

void ToValue(const Json& json, google::protobuf::Value* value) {
  if (json.is_object()) {
    ToStruct(json, value->mutable_struct_value());
  } else if (json.is_array()) {
    auto* list = value->mutable_list_value();
    for (const Json& element : json) ToValue(element, list->add_values());
  } else if (json.is_string()) {
    value->set_string_value(json.get<std::string>());
  } else if (json.is_number()) {
    value->set_number_value(json.get<double>());
  } else if (json.is_boolean()) {
    value->set_bool_value(json.get<bool>());
  } else {
    value->set_null_value(google::protobuf::NULL_VALUE);
  }
}

v1::SubscribeResponse ToResponse(const Entry& entry, v1::SubscribeRequest::Encoding encoding) {
  v1::SubscribeResponse response;
  v1::Record* record = response.add_records();
  record->set_offset(entry.offset);
  record->mutable_receive_time()->set_seconds(entry.receive_nanos / 1'000'000'000);
  record->mutable_receive_time()->set_nanos(static_cast<int32_t>(entry.receive_nanos % 1'000'000'000));
  record->set_connection(entry.connection);
  if (encoding == v1::SubscribeRequest::JSON) {
    record->set_json(entry.text);
  } else {
    ToStruct(Json::parse(entry.text, nullptr, false), record->mutable_data());
  }
  return response;
}

void Describe(const Stream& stream, v1::Stream* response) {
  response->set_name(stream.name);
  response->set_datasource(stream.path);
}

}  // namespace

grpc::Status StreamService::CreateStream(grpc::ServerContext* /*context*/, const v1::CreateStreamRequest* request,
                                         v1::Stream* response) {
  const std::string& name = request->stream().name();
  if (!hub_->Create(name, request->stream().datasource())) return {grpc::StatusCode::ALREADY_EXISTS, name};
  Describe(*hub_->ByName(name), response);
  return grpc::Status::OK;
}

grpc::Status StreamService::ListStreams(grpc::ServerContext* /*context*/, const v1::ListStreamsRequest* request,
                                        v1::ListStreamsResponse* response) {
  const size_t size = request->page_size() > 0 ? static_cast<size_t>(request->page_size()) : 100;
  const auto streams = hub_->List(request->page_token(), size);
  for (const auto& stream : streams) Describe(*stream, response->add_streams());
  if (streams.size() == size) response->set_next_page_token(streams.back()->name);
  return grpc::Status::OK;
}

grpc::Status StreamService::DeleteStream(grpc::ServerContext* /*context*/, const v1::DeleteStreamRequest* request,
                                         v1::DeleteStreamResponse* /*response*/) {
  return hub_->Delete(request->name()) ? grpc::Status::OK : grpc::Status(grpc::StatusCode::NOT_FOUND, request->name());
}

grpc::Status StreamService::Subscribe(grpc::ServerContext* context, const v1::SubscribeRequest* request,
                                      grpc::ServerWriter<v1::SubscribeResponse>* writer) {
  const auto stream = hub_->ByName(request->stream());
  if (stream == nullptr) return {grpc::StatusCode::NOT_FOUND, request->stream()};
  const auto queue = stream->Subscribe();
  v1::SubscribeResponse started;
  started.mutable_notice()->mutable_started();
  bool open = writer->Write(started);
  Entry entry;
  while (open && !context->IsCancelled()) {
    if (queue->Pop(&entry)) open = writer->Write(ToResponse(entry, request->encoding()));
  }
  stream->Unsubscribe(queue);
  return grpc::Status::OK;
}

}  // namespace inlet::bench
