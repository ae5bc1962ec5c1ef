# How everything is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# Line tables are enough for a backtrace or a profile, and make objects a third of the size.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

option(INLET_INGEST_ONLY "Build ingest/ and its tests alone" OFF)
option(INLET_FUZZ "Build the fuzz targets (clang)" OFF)
set(INLET_SANITIZE "" CACHE STRING "Value of -fsanitize=, such as address,undefined")

find_program(CCACHE ccache)
if(CCACHE)
  # Without this ccache does not remember what uses the tests' precompiled headers (tests/CMakeLists.txt).
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

# A sanitizer makes a test several times slower.
set(INLET_TEST_TIMEOUT 120)
if(INLET_SANITIZE)
  set(INLET_TEST_TIMEOUT 600)
  add_compile_options(-fsanitize=${INLET_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${INLET_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What a sanitizer puts into the code makes GCC 12 see overruns that are not there; the release build keeps these.
    add_compile_options(-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
  endif()
  if(INLET_SANITIZE MATCHES "undefined")
    # Left out, since they double the time to compile. AddressSanitizer reports what null pointers and too small objects
    # lead to; what parses bytes is looked at for alignment and vptr, too, by the fuzzers' build.
    add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=null,object-size,alignment,vptr)
  endif()
endif()

# Every library gives coverage to the fuzzers that are linked with it.
if(INLET_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

# Warnings of our own code are errors; generated code is compiled without them (see proto/CMakeLists.txt).
add_library(inlet_warnings INTERFACE)
target_compile_options(inlet_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlaps in std::string's own operator+ and insert at -O2 that are not there.
  target_compile_options(inlet_warnings INTERFACE -Wno-restrict)
endif()
