// A command line against a fake service: what it prints on standard output, and its exit code.
#ifndef INLET_TESTS_CLI_COMMAND_TEST_H_
#define INLET_TESTS_CLI_COMMAND_TEST_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "tests/cli/fake_service.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::cli {

class CommandTest : public testing::Test {
 protected:
  // Parses `arguments` and runs what they mean with `run`, of type int (const C&, CommandContext&). The exit code.
  template <typename C>
  int Run(int (*run)(const C&, CommandContext&), const std::vector<std::string>& arguments) {
    const auto parsed = ParseArguments(arguments);
    if (const Answer* answer = std::get_if<Answer>(&parsed)) {
      complaint_ = answer->text;
      return answer->exit_code;
    }
    const auto& invocation = std::get<Invocation>(parsed);
    const C* command = std::get_if<C>(&invocation.command);
    if (command == nullptr) {
      ADD_FAILURE() << "another verb";
      return -1;
    }
    Client client(service_.address(), invocation.timeout);
    CommandContext context{client, invocation, output_};
    return run(*command, context);
  }

  // A path of this test alone.
  std::string File(const std::string& name) const { return folder_ / name; }
  std::string File(const std::string& name, const std::string& text) const { return folder_.Write(name, text); }
  const std::filesystem::path& folder() const { return folder_.path(); }

  Script& script() { return service_.script(); }
  const std::string& printed() { return output_.buffer(); }
  // Of a wrong command line.
  const std::string& complaint() const { return complaint_; }

 private:
  TemporaryFolder folder_;
  FakeService service_;
  Output output_{STDOUT_FILENO};  // never flushed
  std::string complaint_;
};

}  // namespace inlet::cli

#endif  // INLET_TESTS_CLI_COMMAND_TEST_H_
