// Standard output: buffered, written whole, and quiet when its reader has gone.
#ifndef INLET_CLI_OUTPUT_H_
#define INLET_CLI_OUTPUT_H_

#include <string>
#include <string_view>

namespace inlet::cli {

// One thread. SIGPIPE must be ignored by the process.
class Output {
 public:
  explicit Output(int file_descriptor) : file_descriptor_(file_descriptor) {}

  // The buffer, to append to; call FlushIfLarge after each line or so.
  std::string& buffer() { return buffer_; }
  void FlushIfLarge();
  void Flush();

  // Whether nothing can be written any more. Everything is dropped then.
  bool closed() const { return closed_; }
  // Why, if it is not just that the reader has gone: a full disk, say. Else empty.
  const std::string& error() const { return error_; }

 private:
  void Fail(int error_number);

  int file_descriptor_;
  std::string buffer_;
  bool closed_ = false;
  std::string error_;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_OUTPUT_H_
