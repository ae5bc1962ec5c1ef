// A folder of a test's own, and definitions to keep in it.
#ifndef INLET_TESTS_SERVICE_CATALOG_CATALOG_FIXTURE_H_
#define INLET_TESTS_SERVICE_CATALOG_CATALOG_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "service/catalog/catalog.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::catalog {

class CatalogFixture : public testing::Test {
 public:
 protected:
  // Not there yet.
  std::string folder() const { return (home_ / "data").string(); }
  std::string file() const { return (home_ / "data" / kCatalogFile).string(); }
  const std::filesystem::path& home() const { return home_.path(); }

  std::unique_ptr<Catalog> Open() const { return OpenAt(folder()); }

  static std::unique_ptr<Catalog> OpenAt(const std::string& path) {
    auto catalog = Catalog::Open(path);
    EXPECT_TRUE(catalog.ok()) << catalog.status();
    return catalog.ok() ? *std::move(catalog) : nullptr;
  }

  // Why it cannot be opened: a STORE_UNAVAILABLE.
  static std::string WhyNot(const std::string& path) { return WhyUnavailable(Catalog::Open(path).status()); }

  static std::string WhyUnavailable(const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    EXPECT_EQ(GetErrorDetail(status).reason, "STORE_UNAVAILABLE");
    return {status.message().data(), status.message().size()};
  }

  // A folder with what a process that is killed now leaves behind.
  std::string LeftBehind() const {
    const std::filesystem::path left = home() / "left";
    std::filesystem::create_directory(left);
    for (const std::string end : {"", "-wal"}) {
      std::filesystem::copy(file() + end, left / (std::string(kCatalogFile) + end));
    }
    return left.string();
  }

  static ingest::WallTime At(int64_t nanoseconds) { return ingest::WallTime(std::chrono::nanoseconds(nanoseconds)); }

  static service::StoredStream Stream(const std::string& name) {
    service::StoredStream stream;
    stream.definition.set_name(name);
    stream.definition.set_datasource("/" + name);
    stream.create_time = At(1);
    stream.update_time = At(2);
    return stream;
  }

  static std::vector<std::string> NamesIn(Catalog& catalog) {
    const auto loaded = catalog.Load();
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    std::vector<std::string> names;
    if (!loaded.ok()) return names;
    for (const service::StoredStream& stream : loaded->streams) names.push_back(stream.definition.name());
    return names;
  }

  static std::string ReadFile(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  static void WriteFile(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }

 private:
  TemporaryFolder home_;
};

}  // namespace inlet::catalog

#endif  // INLET_TESTS_SERVICE_CATALOG_CATALOG_FIXTURE_H_
