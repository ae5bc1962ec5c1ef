// Certificates for tests, made when they run.
#ifndef INLET_TESTS_INGEST_WS_TEST_CERTIFICATES_H_
#define INLET_TESTS_INGEST_WS_TEST_CERTIFICATES_H_

#include <string>

namespace inlet::ws {

// In PEM form.
struct TestCertificate {
  std::string certificate;
  std::string key;
};

// One that may sign others.
TestCertificate MakeAuthority(const std::string& name);

// For localhost and 127.0.0.1, as a server's and as a client's. `days`: from now; negative: expired.
TestCertificate Issue(const TestCertificate& authority, const std::string& name, int days = 1);

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_TEST_CERTIFICATES_H_
