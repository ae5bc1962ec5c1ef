// A record as one line.
#ifndef INLET_CLI_RECORD_LINE_H_
#define INLET_CLI_RECORD_LINE_H_

#include <string>
#include <string_view>

#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// The record's JSON: the text of the JSON view, or `data`, `gap` or `reject` printed.
std::string RecordJson(const v1::Record& record);

// Appends JSON and a newline. Line breaks in it become spaces, so that a record is a line: strict JSON has none in
// strings.
void AppendJsonLine(std::string& out, std::string_view json);

// Appends {"epoch":...,"offset":...,"time":...,"connection":...,"json":...} and a newline; with a gap "gap"
// instead of "json", with a reject "reject". "eventTime" and "origin" stand before it, if the record has them.
void AppendFullLine(std::string& out, const v1::Record& record, std::string_view epoch, std::string_view json);

// JSON with the colours of a terminal: keys, texts, numbers and words.
std::string Coloured(std::string_view json);

}  // namespace inlet::cli

#endif  // INLET_CLI_RECORD_LINE_H_
