// What to change when a server answers the upgrade with another status than 101: one hint for each status.
#include "ingest/ws/http_hint.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

bool SameName(std::string_view a, std::string_view b) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view Find(const std::vector<ingest::HttpHeader>& headers, std::string_view name) {
  const auto found = std::ranges::find_if(headers, [name](const auto& header) { return SameName(header.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

bool IsSet(const HintContext& context, std::string_view header) { return !Find(context.role.headers, header).empty(); }

// As a person says it: ", in 30 s".
std::string RetryText(const DialFailure& failure) {
  return failure.retry_after
             ? Concat({" (it asks to come back in ", std::to_string(failure.retry_after->count()), " s)"})
             : std::string();
}

std::string UnauthorizedHint(const DialFailure& failure, const HintContext& context) {
  const std::string_view wanted = Find(failure.headers, "www-authenticate");
  const std::string scheme = wanted.empty() ? "" : Concat({" (it asks for ", wanted.substr(0, wanted.find(' ')), ")"});
  if (IsSet(context, "authorization")) {
    return Concat(
        {"the server answered 401: it does not accept the value of requestHeader.Authorization; check it, or the "
         "secret that it refers to",
         scheme});
  }
  return Concat({"the server answered 401: set requestHeader.Authorization", scheme});
}

std::string ForbiddenHint(const HintContext& context) {
  return Concat(
      {"the server answered 403: it knows the client and does not let it in, or wants a certain origin; check ",
       IsSet(context, "authorization") ? "the rights of requestHeader.Authorization" : "requestHeader.Authorization",
       IsSet(context, "origin") ? ", requestHeader.Origin" : ", set requestHeader.Origin", " and datasource"});
}

std::string NotFoundHint(const DialFailure& failure, const HintContext& context) {
  const std::string path = context.role.target.substr(0, context.role.target.find('?'));
  return Concat({"the server answered ", std::to_string(failure.http_status), ": it has no WebSocket at ", path,
                 "; set datasource to the right path"});
}

std::string UpgradeRequiredHint(const DialFailure& failure) {
  const std::string_view versions = Find(failure.headers, "sec-websocket-version");
  if (!versions.empty() && versions != "13") {
    return Concat({"the server answered 426: it speaks WebSocket version ", versions,
                   " and not 13, the only one of RFC 6455; take another path in datasource, or update the server"});
  }
  return "the server answered 426: it did not see the upgrade; a proxy in between drops it (pass Upgrade and "
         "Connection "
         "there), or the path in datasource is no WebSocket";
}

std::string UnavailableHint(const DialFailure& failure) {
  return Concat({"the server answered ", std::to_string(failure.http_status), RetryText(failure),
                 ": it is down or overloaded; nothing to change here but addr, if there is another one"});
}

std::string BadRequestHint(const HintContext& context) {
  return Concat(
      {"the server answered 400: it does not understand the request; check path and query in datasource, "
       "requestHeader and subprotocols",
       context.role.tls ? "" : ", and set scheme to wss if the port is for TLS"});
}

std::string PlainPageHint(const DialFailure& failure, const HintContext& context) {
  const std::string path = context.role.target.substr(0, context.role.target.find('?'));
  return Concat({"the server answered ", std::to_string(failure.http_status),
                 ": it speaks HTTP, and has no WebSocket at ", path, "; check datasource and the port in addr"});
}

// "https://host/path" as the URL that a datasource takes.
std::string AsWebSocketUrl(std::string_view location) {
  if (location.starts_with("http")) return Concat({"ws", location.substr(4)});
  return std::string(location);
}

}  // namespace

std::string RedirectHint(const DialFailure& failure, const HintContext& context) {
  const std::string said = Concat({"the server answered ", std::to_string(failure.http_status)});
  const std::string_view location = Find(failure.headers, "location");
  if (location.empty()) {
    return Concat({said, " without a target: redirects are never followed; set addr and datasource to where it moved"});
  }
  if (location.starts_with('/') && !location.starts_with("//")) {
    return Concat({said, " and points to ", location, ": redirects are never followed; set datasource to ", location});
  }
  const std::string url = AsWebSocketUrl(location);
  const bool to_tls = url.starts_with("wss:") && !context.role.tls;
  return Concat({said, " and points to ", location, ": redirects are never followed; set datasource to ", url,
                 to_tls ? " (or scheme to wss, and addr)" : " (or addr and datasource)"});
}

std::string HttpStatusHint(const DialFailure& failure, const HintContext& context) {
  const int status = failure.http_status;
  switch (status) {
    case 400:
      return BadRequestHint(context);
    case 401:
      return UnauthorizedHint(failure, context);
    case 403:
      return ForbiddenHint(context);
    case 404:
    case 410:
      return NotFoundHint(failure, context);
    case 405:
      return Concat({"the server answered 405: it takes no GET at this path, so no WebSocket; check datasource"});
    case 407:
      return "a proxy answered 407 in the server's place: set proxyUrl, with user and password";
    case 421:
      return "the server answered 421: it does not serve this host; check addr, requestHeader.Host and serverName";
    case 426:
      return UpgradeRequiredHint(failure);
    case 429:
      return Concat({"the server answered 429: too many connections or requests from here", RetryText(failure),
                     "; raise backoffInitial and backoffMax, and connect with fewer streams"});
    case 502:
    case 504:
      return Concat({"a gateway answered ", std::to_string(status),
                     ": the server behind it does not answer; check the path in datasource, or ask its operator"});
    case 503:
      return UnavailableHint(failure);
    default:
      break;
  }
  if (status >= 200 && status < 300) return PlainPageHint(failure, context);
  if (status >= 500) return UnavailableHint(failure);
  return Concat({failure.text, ": check datasource and requestHeader"});
}

}  // namespace inlet::ws
