// Finds the verb among the arguments and brings the forms of SQL that a shell passes into one shape.
#ifndef INLET_CLI_VERB_WORDS_H_
#define INLET_CLI_VERB_WORDS_H_

#include <string>
#include <vector>

namespace inlet::cli {

struct VerbWords {
  // In lower case; empty if there is none.
  std::string verb;
  // All other arguments, in order.
  std::vector<std::string> rest;
};

// What becomes the same:
//   CREATE STREAM demo'() with(...)'      one argument or many: verb create, the statement joined to one argument
//   "DROP STREAM demo;"  delete demo      drop demo
//   SHOW STREAMS                          list
//   describe stream demo  get demo        show demo
//   rm demo  ls                           drop demo, list
//   subscribe stream demo                 subscribe demo
// Options may stand anywhere; those that take a value keep it behind them. Pure.
VerbWords FindVerb(std::vector<std::string> arguments);

}  // namespace inlet::cli

#endif  // INLET_CLI_VERB_WORDS_H_
