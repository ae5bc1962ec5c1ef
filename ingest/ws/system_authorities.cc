// Where the system keeps the authorities that it trusts: one bundle, and folders of single files.
#include "ingest/ws/system_authorities.h"

#include <dirent.h>
#include <openssl/err.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string_view>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

std::string VariableOr(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::vector<std::string> SplitPaths(std::string_view text) {
  std::vector<std::string> paths;
  while (!text.empty()) {
    const size_t colon = std::min(text.find(':'), text.size());
    if (colon > 0) paths.emplace_back(text.substr(0, colon));
    text.remove_prefix(std::min(colon + 1, text.size()));
  }
  return paths;
}

// "5ad8a5d6.0"; not "5ad8a5d6.r0", which is a list of revocations.
bool IsHashName(std::string_view name) {
  constexpr size_t kHashDigits = 8;
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  return name.size() > kHashDigits + 1 && name[kHashDigits] == '.' &&
         std::ranges::all_of(name.substr(0, kHashDigits), [](unsigned char c) { return std::isxdigit(c) != 0; }) &&
         std::ranges::all_of(name.substr(kHashDigits + 1), is_digit);
}

// Sorted paths.
std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(opendir(folder.c_str()), &closedir);
  if (!handle) return files;
  while (const dirent* const entry = readdir(handle.get())) {
    if (IsHashName(entry->d_name)) files.push_back(Concat({folder, "/", entry->d_name}));
  }
  std::ranges::sort(files);
  return files;
}

std::string FileStamp(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return Concat({path, " -\n"});
  return Concat({path, " ", std::to_string(status.st_ino), " ", std::to_string(status.st_size), " ",
                 std::to_string(status.st_mtim.tv_sec), ".", std::to_string(status.st_mtim.tv_nsec), " ",
                 std::to_string(status.st_ctim.tv_sec), ".", std::to_string(status.st_ctim.tv_nsec), "\n"});
}

void ReadFile(const std::string& path, SeenCertificates& seen, std::vector<X509Pointer>& certificates) {
  const BioPointer reader(BIO_new_file(path.c_str(), "r"));
  if (reader) std::ranges::move(ReadCertificates(reader.get(), seen), std::back_inserter(certificates));
  ERR_clear_error();
}

}  // namespace

SystemAuthorities SystemAuthorities::Default() {
  return {VariableOr(X509_get_default_cert_file_env(), X509_get_default_cert_file()),
          SplitPaths(VariableOr(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()))};
}

std::string SystemAuthorities::Stamp() const {
  std::string stamp = FileStamp(bundle);
  for (const std::string& folder : folders) {
    for (const std::string& path : FilesIn(folder)) stamp += FileStamp(path);
  }
  return stamp;
}

std::vector<X509Pointer> SystemAuthorities::Read() const {
  std::vector<X509Pointer> certificates;
  SeenCertificates seen;  // Debian has each of them in the bundle and in the folder
  ReadFile(bundle, seen, certificates);
  for (const std::string& folder : folders) {
    for (const std::string& path : FilesIn(folder)) ReadFile(path, seen, certificates);
  }
  return certificates;
}

}  // namespace inlet::ws
