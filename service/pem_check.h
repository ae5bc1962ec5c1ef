// Whether certificates and keys can be used, told before anybody dials. The only place of the service with OpenSSL.
#ifndef INLET_SERVICE_PEM_CHECK_H_
#define INLET_SERVICE_PEM_CHECK_H_

#include <string>
#include <string_view>

namespace inlet::service {

// What is wrong, as the end of a sentence, or nothing. The text is never repeated. Any thread.

// One certificate or more; what else is in the text is passed over.
std::string CertificatesProblem(std::string_view pem);

// A private key without a password.
std::string PrivateKeyProblem(std::string_view pem);

// The first certificate belongs to the key. Precondition: neither has a problem alone.
std::string KeyPairProblem(std::string_view certificates, std::string_view private_key);

}  // namespace inlet::service

#endif  // INLET_SERVICE_PEM_CHECK_H_
