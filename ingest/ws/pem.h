// Reads PEM, and frees what OpenSSL gives.
#ifndef INLET_INGEST_WS_PEM_H_
#define INLET_INGEST_WS_PEM_H_

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace inlet::ws {

template <auto kFree>
struct OpenSslDelete {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using BioPointer = std::unique_ptr<BIO, OpenSslDelete<&BIO_free_all>>;
using X509Pointer = std::unique_ptr<X509, OpenSslDelete<&X509_free>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, OpenSslDelete<&EVP_PKEY_free>>;

// Of the text, which must outlive it.
BioPointer ReaderOf(std::string_view text);

// Bytes of certificates, in DER.
using SeenCertificates = std::set<std::string, std::less<>>;

// The certificates until the end or the first flaw, without those that were seen: to decode one takes long.
std::vector<X509Pointer> ReadCertificates(BIO* reader, SeenCertificates& seen);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PEM_H_
