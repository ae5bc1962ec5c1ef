# Helpers for tests: inlet_test(), inlet_script_test(), inlet_fuzzer().
include(GoogleTest)

# inlet_test(NAME SOURCES a_test.cc ... LIBS lib ... [LABELS unit|integration|e2e]): a GoogleTest program, one CTest test
# a TEST(). GTEST_SKIP() is reported as skipped. Without LABELS it is a unit test. TOGETHER: the program is one CTest test;
# for large tables of quick rows, whose start would cost more than the rows. Under a sanitizer each program is one: start
# and leak check take 0.2 s a process, more than most tests do.
function(inlet_test name)
  cmake_parse_arguments(ARG "TOGETHER" "" "SOURCES;LIBS;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE inlet_warnings ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  # inlet_proto undefines __SANITIZE_THREAD__ (proto/CMakeLists.txt), so that not all tests could share them there.
  if(NOT INLET_SANITIZE MATCHES "thread")
    target_precompile_headers(${name} REUSE_FROM inlet_test_headers)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Of a precompiled header GCC 12 forgets that it is the system's, and tells of overruns in std::string that are not there.
    target_compile_options(${name} PRIVATE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  if(ARG_TOGETHER OR INLET_SANITIZE)
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${INLET_TEST_TIMEOUT}
                         SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
    return()
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${INLET_TEST_TIMEOUT})
endfunction()

# inlet_script_test(NAME SCRIPT file.py [ARGS ...] [LABELS e2e] [TIMEOUT s]): a Python script is the test. It runs in the
# project's own Python environment and finds grpcurl and node on its PATH (scripts/with-tools.sh), and is told by
# INLET_BIN_DIR where inletd and inletctl are, by INLET_SOURCE_DIR where the sources are. Exit code 77 means skipped: the
# reason is what it prints.
function(inlet_script_test name)
  cmake_parse_arguments(ARG "" "SCRIPT;TIMEOUT" "ARGS;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS e2e)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT ${INLET_TEST_TIMEOUT})
  endif()
  cmake_path(ABSOLUTE_PATH ARG_SCRIPT BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND "${CMAKE_SOURCE_DIR}/scripts/with-tools.sh" python "${ARG_SCRIPT}" ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES
    LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} SKIP_RETURN_CODE 77
    ENVIRONMENT "INLET_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};INLET_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endfunction()

# inlet_fuzzer(NAME SOURCES a_fuzz.cc ... LIBS lib ...): a libFuzzer program in build/fuzz/fuzzers/, part of the target
# `fuzzers`. Its corpus is tests/fuzz/corpus/NAME/ (scripts/fuzz.sh replays it).
function(inlet_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE inlet_warnings ${ARG_LIBS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzzers")
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
endfunction()
