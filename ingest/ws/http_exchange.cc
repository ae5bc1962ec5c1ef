// The HTTP part of a connection, in libwebsockets' terms.
#include "ingest/ws/http_exchange.h"

#include <array>
#include <string>

namespace inlet::ws {
namespace {

struct Method {
  const char* name;
  lws_token_indexes token;
};

constexpr std::array<Method, 8> kMethods{{{"GET", WSI_TOKEN_GET_URI},
                                          {"POST", WSI_TOKEN_POST_URI},
                                          {"OPTIONS", WSI_TOKEN_OPTIONS_URI},
                                          {"PUT", WSI_TOKEN_PUT_URI},
                                          {"PATCH", WSI_TOKEN_PATCH_URI},
                                          {"DELETE", WSI_TOKEN_DELETE_URI},
                                          {"CONNECT", WSI_TOKEN_CONNECT},
                                          {"HEAD", WSI_TOKEN_HEAD_URI}}};

// Several headers of one name come joined.
std::string Header(lws* wsi, lws_token_indexes token) {
  const int length = lws_hdr_total_length(wsi, token);
  if (length <= 0) return {};
  std::string value(static_cast<size_t>(length) + 1, '\0');
  const int copied = lws_hdr_copy(wsi, value.data(), length + 1, token);
  value.resize(copied > 0 ? static_cast<size_t>(copied) : 0);
  return value;
}

}  // namespace

HandshakeRequest ReadRequest(lws* wsi) {
  HandshakeRequest request;
  for (const auto& [name, token] : kMethods) {
    if (lws_hdr_total_length(wsi, token) <= 0) continue;
    request.method = name;
    request.path = Header(wsi, token);
    break;
  }
  request.http_version = Header(wsi, WSI_TOKEN_HTTP);
  request.host = Header(wsi, WSI_TOKEN_HOST);
  request.upgrade = Header(wsi, WSI_TOKEN_UPGRADE);
  request.connection = Header(wsi, WSI_TOKEN_CONNECTION);
  request.key = Header(wsi, WSI_TOKEN_KEY);
  request.version = Header(wsi, WSI_TOKEN_VERSION);
  request.subprotocols = Header(wsi, WSI_TOKEN_PROTOCOL);
  request.origin = Header(wsi, WSI_TOKEN_ORIGIN);
  request.authorization = Header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
  request.forwarded_for = Header(wsi, WSI_TOKEN_X_FORWARDED_FOR);
  return request;
}

bool HasProxyLine(lws* wsi) { return lws_hdr_total_length(wsi, WSI_TOKEN_PROXY) > 0; }

bool HasUpgradeHeader(lws* wsi) { return lws_hdr_total_length(wsi, WSI_TOKEN_UPGRADE) > 0; }

void WriteAnswer(lws* wsi, std::string_view answer) {
  std::string buffer(LWS_PRE, '\0');
  buffer += answer;
  lws_write(wsi, reinterpret_cast<unsigned char*>(buffer.data()) + LWS_PRE, answer.size(), LWS_WRITE_HTTP_HEADERS);
}

}  // namespace inlet::ws
