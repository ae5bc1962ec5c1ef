// The secrets and certificates that streams refer to.
#include "service/secret_store.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/secret_references.h"
#include "service/folder_file.h"

namespace inlet::service {
namespace {

using config::ReferenceText;
using config::SplitReferences;
using config::TextPiece;

std::optional<std::string> ProcessVariable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// `*` in the pattern stands for any characters.
bool Matches(std::string_view pattern, std::string_view name) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (size_t begin = star; begin <= name.size(); ++begin) {
    if (Matches(rest, name.substr(begin))) return true;
  }
  return false;
}

absl::Status Forbidden(std::string_view what, std::string_view why, std::string_view rule) {
  return MakeError(absl::StatusCode::kPermissionDenied, Concat({what, " ", why}),
                   {"TARGET_FORBIDDEN", {{"rule", std::string(rule)}}, "", {}});
}

absl::Status Useless(std::string_view what, std::string_view why) { return FieldInvalid("", Concat({what, " ", why})); }

// As it is told in errors; the reason is the end of the sentence.
absl::Status FileError(std::string_view what, const absl::Status& status, std::string_view rule) {
  const absl::string_view message = status.message();
  const std::string_view why(message.data(), message.size());
  const bool is_outside = absl::IsPermissionDenied(status) && why.starts_with("lies outside");
  return is_outside ? Forbidden(what, Concat({why, " (", rule, ")"}), rule) : Useless(what, why);
}

std::string WithoutLineEnd(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

absl::Status AsUnavailableNow(const absl::Status& status) { return absl::FailedPreconditionError(status.message()); }

}  // namespace

SecretStore::SecretStore(Options options)
    : options_(std::move(options)),
      references_(std::make_shared<const Values>()),
      files_(std::make_shared<const Values>()) {}

absl::StatusOr<SecretLease> SecretStore::Hold(SecretUse use) {
  static const auto nothing = std::make_shared<const SecretUse>();
  if (use.references.empty() && use.paths.empty()) return nothing;
  Values references = *this->references();
  Values files = *this->files();
  AddTo(use, references, files);
  for (const std::string& reference : use.references) {
    if (const Value& value = *references.at(reference); !value.ok()) return value.status();
  }
  for (const std::string& path : use.paths) {
    if (const Value& value = *files.at(path); !value.ok()) return value.status();
  }
  auto lease = std::make_shared<const SecretUse>(std::move(use));
  leases_.push_back(lease);
  const std::lock_guard lock(mutex_);
  references_ = std::make_shared<const Values>(std::move(references));
  files_ = std::make_shared<const Values>(std::move(files));
  return lease;
}

void SecretStore::Refresh() {
  Values references;
  Values files;
  size_t kept = 0;
  for (auto& weak : leases_) {
    const SecretLease lease = weak.lock();
    if (!lease) continue;
    AddTo(*lease, references, files);
    leases_[kept++] = lease;
  }
  leases_.resize(kept);
  auto new_references = std::make_shared<const Values>(std::move(references));
  auto new_files = std::make_shared<const Values>(std::move(files));
  const std::lock_guard lock(mutex_);
  references_.swap(new_references);
  files_.swap(new_files);
}

void SecretStore::AddTo(const SecretUse& use, Values& references, Values& files) const {
  const auto needs_reading = [](const Values& values, const std::string& name) {
    const auto known = values.find(name);
    return known == values.end() || !known->second->ok();
  };
  for (const std::string& reference : use.references) {
    if (!needs_reading(references, reference)) continue;
    references.insert_or_assign(reference, std::make_shared<const Value>(Read(reference)));
  }
  for (const std::string& path : use.paths) {
    if (!needs_reading(files, path)) continue;
    files.insert_or_assign(path, std::make_shared<const Value>(ReadCertificate(path)));
  }
}

SecretStore::Value SecretStore::Read(const std::string& reference) const {
  const std::vector<TextPiece> pieces = SplitReferences(reference);
  const bool is_file = pieces.size() == 1 && pieces.front().kind == TextPiece::Kind::kFile;
  const bool is_variable = pieces.size() == 1 && pieces.front().kind == TextPiece::Kind::kEnvironment;
  if (!is_file && !is_variable) return absl::InternalError("this is no reference");
  Value value = is_file ? ReadSecretFile(pieces.front().text) : ReadVariable(pieces.front().text);
  if (value.ok() && value->empty()) return Useless(reference, "is empty");
  if (value.ok() && value->find('\0') != std::string::npos) return Useless(reference, "holds a zero byte");
  return value;
}

SecretStore::Value SecretStore::ReadVariable(const std::string& name) const {
  const std::string reference = ReferenceText({TextPiece::Kind::kEnvironment, name});
  const bool is_allowed = std::any_of(options_.variables.begin(), options_.variables.end(),
                                      [&name](const std::string& pattern) { return Matches(pattern, name); });
  if (!is_allowed) {
    return Forbidden(reference, "names a variable that the operator does not allow: its name must fit secrets.env",
                     "secrets.env");
  }
  auto value = options_.environment ? options_.environment(name) : ProcessVariable(name);
  if (!value) return Useless(reference, "names a variable that the service's environment does not have");
  if (value->size() > kMaxSecretBytes) return Useless(reference, "is larger than 65536 bytes");
  return *std::move(value);
}

SecretStore::Value SecretStore::ReadSecretFile(const std::string& name) const {
  const std::string reference = ReferenceText({TextPiece::Kind::kFile, name});
  if (options_.secrets_folder.empty()) {
    return Forbidden(reference, "names a file, and the operator allows none: secrets.dir is not set", "secrets.dir");
  }
  auto text = ReadFolderFile(options_.secrets_folder, name, kMaxSecretBytes);
  if (!text.ok()) return FileError(reference, text.status(), "secrets.dir");
  return WithoutLineEnd(*std::move(text));
}

SecretStore::Value SecretStore::ReadCertificate(const std::string& path) const {
  const std::string shown = Concat({"the file ", path});
  if (options_.certificates_folder.empty()) {
    return Forbidden(shown, "cannot be used: the operator has to name the folder of certificates, certificates.dir",
                     "certificates.dir");
  }
  auto text = ReadFolderFile(options_.certificates_folder, path, kMaxFileBytes);
  if (!text.ok()) return FileError(shown, text.status(), "certificates.dir");
  return *std::move(text);
}

absl::StatusOr<std::string> SecretStore::Expand(std::string_view text) const {
  const std::shared_ptr<const Values> values = references();
  std::string expanded;
  for (const TextPiece& piece : SplitReferences(text)) {
    if (piece.kind == TextPiece::Kind::kLiteral) {
      expanded += piece.text;
      continue;
    }
    const std::string reference = ReferenceText(piece);
    const auto found = values->find(reference);
    if (found == values->end()) return absl::FailedPreconditionError(Concat({reference, " has not been read"}));
    if (!found->second->ok()) return AsUnavailableNow(found->second->status());
    expanded += **found->second;
  }
  return expanded;
}

absl::StatusOr<std::string> SecretStore::ReadFile(std::string_view path) const {
  const std::shared_ptr<const Values> values = files();
  const auto found = values->find(path);
  if (found == values->end()) return absl::FailedPreconditionError(Concat({"the file ", path, " has not been read"}));
  if (!found->second->ok()) return AsUnavailableNow(found->second->status());
  return **found->second;
}

size_t SecretStore::size() const { return references()->size() + files()->size(); }

std::shared_ptr<const SecretStore::Values> SecretStore::references() const {
  const std::lock_guard lock(mutex_);
  return references_;
}

std::shared_ptr<const SecretStore::Values> SecretStore::files() const {
  const std::lock_guard lock(mutex_);
  return files_;
}

}  // namespace inlet::service
