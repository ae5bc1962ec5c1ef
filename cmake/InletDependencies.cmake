# Every foreign library, as an imported target. All are Debian packages (scripts/setup.sh lists them).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(simdjson REQUIRED)
find_package(GTest REQUIRED)
find_package(Protobuf REQUIRED)
pkg_check_modules(WEBSOCKETS REQUIRED IMPORTED_TARGET libwebsockets)

find_path(EV_INCLUDE_DIR ev.h REQUIRED)
find_library(EV_LIBRARY ev REQUIRED)
add_library(libev::libev UNKNOWN IMPORTED)
set_target_properties(libev::libev PROPERTIES IMPORTED_LOCATION "${EV_LIBRARY}"
                                              INTERFACE_INCLUDE_DIRECTORIES "${EV_INCLUDE_DIR}")

if(NOT INLET_INGEST_ONLY)
  pkg_check_modules(GRPC REQUIRED IMPORTED_TARGET grpc++)
  find_library(GRPC_REFLECTION_LIBRARY grpc++_reflection REQUIRED)
  find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
  find_package(yaml-cpp REQUIRED)
  find_package(spdlog REQUIRED)
  find_package(nlohmann_json REQUIRED)
  find_package(CLI11 REQUIRED)
endif()
