// A change of a file is heard of, whichever way it is made.
#include "service/file_watch.h"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>

#include "gtest/gtest.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::service {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string ReadText(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class FileWatchTest : public testing::Test {
 protected:
  ~FileWatchTest() override { watch_.reset(); }

  static void Write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  fs::path file() const { return folder_ / "sources" / "websocket.yaml"; }
  void Start() {
    auto watch = FileWatch::Start({file(), [this] { OnChange(); }, milliseconds(20), milliseconds(200)});
    ASSERT_TRUE(watch.ok()) << watch.status();
    watch_ = *std::move(watch);
  }
  // Whether a call has found this text in the file.
  bool AwaitText(const std::string& text) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(30), [&] { return text_ == text; });
  }

  TemporaryFolder folder_;

 private:
  void OnChange() {
    const std::lock_guard lock(mutex_);
    text_ = fs::exists(file()) ? ReadText(file()) : "gone";
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::unique_ptr<FileWatch> watch_;
};

TEST_F(FileWatchTest, AFileWrittenInPlaceIsHeardOfEachTime) {
  fs::create_directory(folder_ / "sources");
  Write(file(), "one");
  Start();
  for (const std::string text : {"two", "three"}) {
    Write(file(), text);
    EXPECT_TRUE(AwaitText(text));
  }
}

TEST_F(FileWatchTest, AFileRenamedOverIsHeardOf) {
  fs::create_directory(folder_ / "sources");
  Write(file(), "one");
  Start();
  Write(folder_ / "sources" / ".swap", "two");
  fs::rename(folder_ / "sources" / ".swap", file());
  EXPECT_TRUE(AwaitText("two"));
}

TEST_F(FileWatchTest, AFileThatIsMadeOrDeletedIsHeardOf) {
  fs::create_directory(folder_ / "sources");
  Start();
  Write(file(), "one");
  EXPECT_TRUE(AwaitText("one"));
  fs::remove(file());
  EXPECT_TRUE(AwaitText("gone"));
}

TEST_F(FileWatchTest, AFolderThatComesLaterIsWatched) {
  Start();
  fs::create_directory(folder_ / "sources");
  Write(file(), "one");
  EXPECT_TRUE(AwaitText("one"));
  Write(file(), "two");
  EXPECT_TRUE(AwaitText("two"));
}

TEST_F(FileWatchTest, TheSwapOfAConfigMapIsHeardOfEachTime) {
  const fs::path sources = folder_ / "sources";
  fs::create_directories(sources / "..1");
  Write(sources / "..1" / "websocket.yaml", "one");
  fs::create_directory_symlink("..1", sources / "..data");
  fs::create_symlink("..data/websocket.yaml", file());
  Start();
  for (const std::string text : {"two", "three", "four"}) {
    const std::string version = ".." + text;
    fs::create_directory(sources / version);
    Write(sources / version / "websocket.yaml", text);
    fs::create_directory_symlink(version, sources / "..data_tmp");
    fs::rename(sources / "..data_tmp", sources / "..data");
    EXPECT_TRUE(AwaitText(text));
  }
}

TEST_F(FileWatchTest, AFolderThatIsALinkIsFollowedWhenItMoves) {
  for (const std::string text : {"one", "two"}) {
    fs::create_directory(folder_ / text);
    Write(folder_ / text / "websocket.yaml", text);
  }
  fs::create_directory_symlink("one", folder_ / "sources");
  Start();
  fs::create_directory_symlink("two", folder_ / "tmp");
  fs::rename(folder_ / "tmp", folder_ / "sources");
  EXPECT_TRUE(AwaitText("two"));
  Write(folder_ / "two" / "websocket.yaml", "three");
  EXPECT_TRUE(AwaitText("three"));
}

TEST_F(FileWatchTest, NoFolderToWatchIsAnError) {
  auto watch = FileWatch::Start({"/nowhere/sources/websocket.yaml", [] {}});
  ASSERT_FALSE(watch.ok());
  EXPECT_TRUE(absl::IsNotFound(watch.status()));
}

}  // namespace
}  // namespace inlet::service
