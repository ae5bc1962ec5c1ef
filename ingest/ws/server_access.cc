// Judges who may open a path: the rules and the answers.
#include "ingest/ws/server_access.h"

#include <algorithm>
#include <cctype>

#include "ingest/listed.h"
#include "ingest/text.h"
#include "ingest/ws/protocol.h"

namespace inlet::ws {
namespace {

std::string LowerCase(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

// The next element of a comma-separated list, which is taken off it.
std::string_view TakeElement(std::string_view& list) {
  const size_t comma = std::min(list.find(','), list.size());
  const std::string_view element = Trim(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return element;
}

bool IsOffered(std::string_view name, std::string_view offered) {
  while (!offered.empty()) {
    if (TakeElement(offered) == name) return true;
  }
  return false;
}

// A token of RFC 9110 that libwebsockets does not take for a number.
bool IsName(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const bool is_token = std::ranges::all_of(text, [&](unsigned char c) {
    return std::isalnum(c) != 0 || kMarks.find(static_cast<char>(c)) != std::string_view::npos;
  });
  return is_token && !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0;
}

// "https://a.example:8443" to its host; an origin without scheme ("null") has none.
std::string_view HostOf(std::string_view origin) {
  const size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = origin.substr(scheme + 3);
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

// What comes after "Bearer"; empty: it is no such header.
std::string_view BearerToken(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (LowerCase(authorization.substr(0, kScheme.size())) != kScheme) return {};
  return Trim(authorization.substr(kScheme.size()));
}

std::optional<Refusal> CheckOrigin(const HandshakeRequest& request, const std::vector<std::string>& allowed) {
  if (request.origin.empty() || allowed.empty()) return std::nullopt;
  const bool fits =
      std::ranges::any_of(allowed, [&](const std::string& pattern) { return OriginMatches(pattern, request.origin); });
  if (fits) return std::nullopt;
  return Refusal{RefusalKind::kOrigin, 403, "Pages of this Origin may not connect here.", ""};
}

enum class TokenAnswer { kRight, kWrong, kUnknown };

// All are compared, whichever is right.
TokenAnswer CompareTokens(std::string_view presented, const std::vector<std::string>& tokens,
                          const ingest::Credentials* credentials) {
  bool right = false;
  bool unreadable = false;
  for (const std::string& text : tokens) {
    const absl::StatusOr<std::string> token = credentials == nullptr ? text : credentials->Expand(text);
    unreadable = unreadable || !token.ok();
    if (token.ok() && !token->empty()) right = EqualsInConstantTime(presented, *token) || right;
  }
  if (right && !presented.empty()) return TokenAnswer::kRight;
  return unreadable && !presented.empty() ? TokenAnswer::kUnknown : TokenAnswer::kWrong;
}

std::optional<Refusal> CheckToken(const HandshakeRequest& request, const std::vector<std::string>& tokens,
                                  const ingest::Credentials* credentials) {
  if (tokens.empty()) return std::nullopt;
  switch (CompareTokens(BearerToken(request.authorization), tokens, credentials)) {
    case TokenAnswer::kRight:
      return std::nullopt;
    case TokenAnswer::kUnknown:
      return Refusal{RefusalKind::kCredentials, 503,
                     "The tokens of this path cannot be read now: come back later (bearerTokens refers to something "
                     "that is missing).",
                     "Retry-After: 5\r\n"};
    case TokenAnswer::kWrong:
      break;
  }
  const std::string_view text = request.authorization.empty()
                                    ? "A token is needed here: send 'Authorization: Bearer TOKEN'."
                                    : "The token of the header Authorization does not open this path.";
  return Refusal{RefusalKind::kUnauthorized, 401, std::string(text), "WWW-Authenticate: Bearer\r\n"};
}

Refusal RefuseSubprotocol(std::string text) { return {RefusalKind::kSubprotocol, 400, std::move(text), ""}; }

std::optional<Refusal> CheckSubprotocol(std::string_view offered, const std::vector<std::string>& ours) {
  if (offered.empty()) return std::nullopt;
  if (ours.empty()) {
    return RefuseSubprotocol("No subprotocol is spoken here: leave out Sec-WebSocket-Protocol.");
  }
  if (ChooseSubprotocol(ours, offered).empty()) {
    return RefuseSubprotocol(
        Concat({"None of the offered subprotocols is spoken here; these are: ", Listed(ours), "."}));
  }
  if (offered.size() > ServerProtocol::kMostOfferBytes) {
    return RefuseSubprotocol(Concat({"Sec-WebSocket-Protocol has at most ",
                                     std::to_string(ServerProtocol::kMostOfferBytes), " bytes here: offer fewer."}));
  }
  constexpr size_t kMostName = 62;  // of libwebsockets
  const std::string_view first = FirstOffer(offered);
  if (!IsName(first) || first.size() > kMostName) {
    return RefuseSubprotocol(
        "The first offered subprotocol must be a token of at most 62 characters that does not begin with a digit.");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> CheckAccess(const HandshakeRequest& request, const EndpointSettings& settings,
                                   const ingest::Credentials* credentials) {
  if (auto refusal = CheckOrigin(request, settings.role.allowed_origins)) return refusal;
  if (auto refusal = CheckToken(request, settings.role.bearer_tokens, credentials)) return refusal;
  return CheckSubprotocol(request.subprotocols, settings.connection.subprotocols);
}

bool OriginMatches(std::string_view pattern, std::string_view origin) {
  const std::string wanted = LowerCase(pattern);
  const std::string given = LowerCase(origin);
  const size_t star = wanted.find("*.");
  if (star == std::string::npos) return wanted == given;
  const std::string_view scheme = std::string_view(wanted).substr(0, star);
  const std::string_view suffix = std::string_view(wanted).substr(star + 1);  // ".example.com"
  std::string_view host = scheme.empty() ? HostOf(given) : std::string_view(given);
  if (host.size() <= scheme.size() + suffix.size() || !host.starts_with(scheme) || !host.ends_with(suffix))
    return false;
  host.remove_prefix(scheme.size());
  return std::ranges::all_of(host, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.'; });
}

std::string_view ChooseSubprotocol(const std::vector<std::string>& ours, std::string_view offered) {
  const auto found = std::ranges::find_if(ours, [&](const std::string& name) { return IsOffered(name, offered); });
  return found == ours.end() ? std::string_view() : std::string_view(*found);
}

std::string_view FirstOffer(std::string_view offered) { return TakeElement(offered); }

bool EqualsInConstantTime(std::string_view presented, std::string_view expected) {
  if (expected.empty()) return presented.empty();
  size_t difference = presented.size() ^ expected.size();
  for (size_t i = 0; i < presented.size(); ++i) {
    difference |= static_cast<size_t>(static_cast<unsigned char>(presented[i]) ^
                                      static_cast<unsigned char>(expected[i % expected.size()]));
  }
  return difference == 0;
}

}  // namespace inlet::ws
