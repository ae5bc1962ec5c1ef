"""Who may include what: the table that include_rules.py holds the sources to, and that a reader can trust.

All foreign headers are in the system include path, so CMake cannot keep a room from seeing them.
"""

# Foreign libraries, by how their headers begin. A header of none of these, nor of C++ or POSIX, is an error: a new
# library gets its line here, and its one room below.
LIBRARIES = {
    "absl": ("absl/",),
    "benchmark": ("benchmark/",),
    "c-ares": ("ares.h",),
    "cli11": ("CLI/",),
    "grpc": ("grpcpp/", "grpc/", "grpc++/"),
    "gtest": ("gtest/", "gmock/"),
    "libev": ("ev.h",),
    "libwebsockets": ("libwebsockets.h", "libwebsockets/"),
    "nlohmann": ("nlohmann/",),
    "openssl": ("openssl/",),
    "prometheus": ("prometheus/",),
    "protobuf": ("google/protobuf/",),
    "protocol": ("inlet/v1/inlet.pb.h", "inlet/wire/", "google/rpc/"),
    "protocol stubs": ("inlet/v1/inlet.grpc.pb.h",),
    "simdjson": ("simdjson.h",),
    "sqlite": ("sqlite3.h",),
    "spdlog": ("spdlog/", "fmt/"),
    "yaml-cpp": ("yaml-cpp/",),
}

# What the operating system and C give to everyone.
SYSTEM = (
    "alloca.h", "arpa/inet.h", "dirent.h", "dlfcn.h", "errno.h", "fcntl.h", "limits.h", "malloc.h", "net/if.h", "netdb.h",
    "netinet/", "poll.h", "pthread.h", "pwd.h", "sched.h", "signal.h", "spawn.h", "stdio.h", "stdlib.h", "string.h",
    "sys/", "termios.h", "time.h", "ucontext.h", "unistd.h", "linux/",
)

# Room: (pattern of its files, our own files that it may include, libraries that it may include). The first pattern that
# fits a file decides; `*` stops at a slash, `**` does not. Its own folder is always open to a room.
ROOMS = [
    # The data plane. ws/ implements its seams, so it never includes ws/.
    ("ingest/ws/*", ["ingest/*.h"], ["absl", "libev", "libwebsockets", "c-ares", "openssl"]),
    ("ingest/*", [], ["absl", "simdjson"]),
    # The control plane, leaf by leaf.
    ("service/sql/*",
     ["ingest/error.h", "ingest/exact_double.h", "ingest/nearest.h", "ingest/schema.h", "ingest/text.h"], ["absl"]),
    ("service/config/*", ["ingest/*.h"], ["absl", "yaml-cpp", "nlohmann", "protobuf", "protocol"]),
    ("service/catalog/*", ["ingest/*.h", "service/definition_store.h", "service/ordered_proto.h"], ["absl", "protobuf", "protocol", "sqlite"]),
    ("service/logging/*", ["ingest/*.h", "service/config/app_config.h"], ["absl", "spdlog"]),
    ("service/metrics/*", ["ingest/*.h", "ingest/ws/counters.h", "ingest/ws/dial_counters.h", "service/*.h"],
     ["absl", "prometheus", "protocol"]),
    ("service/rpc/*", ["ingest/*.h", "service/*.h", "service/config/*.h", "service/sql/*.h"],
     ["absl", "grpc", "protobuf", "protocol", "protocol stubs"]),
    # The composition root sees every room's door; it is the only one that does.
    ("service/app*",
     ["ingest/*.h", "ingest/ws/*.h", "service/catalog/*.h", "service/config/*.h", "service/logging/*.h",
      "service/metrics/*.h", "service/rpc/*.h"],
     ["absl"]),
    ("service/pem_check*", ["ingest/*.h"], ["absl", "openssl"]),
    ("service/main*", ["ingest/*.h", "service/config/*.h", "service/logging/*.h"], ["absl", "cli11"]),
    ("service/*", ["ingest/*.h", "service/config/*.h", "service/sql/*.h"], ["absl", "protobuf", "protocol"]),
    # Programs of their own: clients, which know the protocol, and of the service only how definitions are written.
    ("cli/*",
     ["ingest/error.h", "ingest/nearest.h", "ingest/text.h", "service/config/definition_reader.h",
      "service/config/input_fields.h", "service/config/message_reader.h", "service/config/value.h", "service/config/yaml_text.h",
      "service/ordered_proto.h", "service/statement_compiler.h"],
     ["absl", "cli11", "grpc", "nlohmann", "protobuf", "protocol", "protocol stubs"]),
    ("bench/naive/**", ["bench/**.h"],
     ["absl", "cli11", "grpc", "libev", "libwebsockets", "nlohmann", "protobuf", "protocol", "protocol stubs"]),
    ("bench/load/**", ["bench/**.h"], ["cli11", "nlohmann", "openssl"]),
    ("bench/**", ["bench/**.h", "ingest/*.h"],
     ["absl", "benchmark", "cli11", "grpc", "nlohmann", "protobuf", "protocol", "protocol stubs", "simdjson"]),
    # Tests see what their room sees, themselves, and the fakes. Fuzzers see what they fuzz.
    ("tests/test_headers.cc", [], []),
    ("tests/fakes/*", ["ingest/*.h", "ingest/ws/dial.h", "service/*.h"], ["absl"]),
    ("tests/fuzz/*", ["ingest/**.h", "service/**.h", "tests/fakes/*.h", "tests/ingest/*.h"],
     ["absl", "nlohmann", "protobuf", "protocol", "simdjson"]),
]

# What a test in tests/ROOM may include above what ROOM may.
TEST_FILES = ["tests/fakes/*.h", "tests/service/registry_fixture.h"]
TEST_LIBRARIES = ["gtest", "nlohmann", "protobuf", "protocol"]

# Sources live in these.
FOLDERS = ["ingest", "service", "cli", "bench", "tests"]
