// Reads PEM with OpenSSL.
#include "ingest/ws/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <utility>

namespace inlet::ws {

BioPointer ReaderOf(std::string_view text) {
  return BioPointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

namespace {

struct OpenSslFree {
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};

// The bytes of the next certificate; empty: there is none any more.
std::string NextBlock(BIO* reader) {
  unsigned char* bytes = nullptr;
  long size = 0;
  if (PEM_bytes_read_bio(&bytes, &size, nullptr, PEM_STRING_X509_TRUSTED, reader, nullptr, nullptr) != 1) return "";
  const std::unique_ptr<unsigned char, OpenSslFree> owned(bytes);
  return {reinterpret_cast<const char*>(bytes), static_cast<size_t>(size)};
}

X509Pointer Decode(const std::string& block) {
  const auto* begin = reinterpret_cast<const unsigned char*>(block.data());
  return X509Pointer(d2i_X509_AUX(nullptr, &begin, static_cast<long>(block.size())));
}

}  // namespace

std::vector<X509Pointer> ReadCertificates(BIO* reader, SeenCertificates& seen) {
  std::vector<X509Pointer> certificates;
  for (std::string block = NextBlock(reader); !block.empty(); block = NextBlock(reader)) {
    const auto [entry, is_new] = seen.insert(std::move(block));
    if (!is_new) continue;
    X509Pointer certificate = Decode(*entry);
    if (!certificate) break;
    certificates.push_back(std::move(certificate));
  }
  ERR_clear_error();  // the end of the text is an error to OpenSSL
  return certificates;
}

}  // namespace inlet::ws
