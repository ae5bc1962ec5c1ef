// The open connections of a stream, and what their records say of them.
#include "ingest/connection_book.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::ingest {
namespace {

const WallTime kNow{std::chrono::seconds(1000)};

v1::Origin OriginOf(const std::string& field) {
  v1::Origin origin;
  EXPECT_TRUE(origin.ParseFromString(std::string(OriginInside(field))));
  return origin;
}

ConnectionFacts Device(uint64_t id, std::string_view name) {
  return {.id = id, .peer = "10.0.0.1:80", .path = "/devices/x", .variables = {{"id", name}, {"line", "a"}}};
}

std::vector<uint64_t> Ids(const std::vector<ConnectionRow>& rows) {
  std::vector<uint64_t> ids;
  ids.reserve(rows.size());
  for (const ConnectionRow& row : rows) ids.push_back(row.id);
  return ids;
}

TEST(Origin, IsTheContractsMessageAndTheRecordsField) {
  const std::string field = EncodeOriginField({.id = 1,
                                               .peer = "10.0.0.1:80",
                                               .path = "/devices/7",
                                               .variables = {{"id", "7"}, {"empty", ""}},
                                               .certificate_subject = "CN=pump"});
  const v1::Origin origin = OriginOf(field);
  EXPECT_EQ(origin.peer(), "10.0.0.1:80");
  EXPECT_EQ(origin.path(), "/devices/7");
  EXPECT_EQ(origin.variables().size(), 2U);
  EXPECT_EQ(origin.variables().at("id"), "7");
  EXPECT_EQ(origin.variables().at("empty"), "");
  EXPECT_EQ(origin.certificate_subject(), "CN=pump");
  v1::Record record;
  ASSERT_TRUE(record.ParseFromString(field));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(record.origin(), origin));
}

TEST(Origin, WhatIsNoUtf8IsPercentEncoded) {
  const v1::Origin origin = OriginOf(EncodeOriginField({.id = 1, .path = "/a\xff", .variables = {{"id", "\xc3("}}}));
  EXPECT_EQ(origin.path(), "/a%FF");
  EXPECT_EQ(origin.variables().at("id"), "%C3(");
}

TEST(Origin, LongTextsKeepTheirLength) {
  const std::string path = "/" + std::string(70'000, 'x');
  EXPECT_EQ(OriginOf(EncodeOriginField({.id = 1, .path = path})).path(), path);
}

TEST(ConnectionBook, ListsByIdInPages) {
  ConnectionBook book;
  for (const uint64_t id : {5, 2, 9, 7}) book.Open(Device(id, "x"), kNow);
  EXPECT_EQ(Ids(book.ListAfter(0, 3)), (std::vector<uint64_t>{2, 5, 7}));
  EXPECT_EQ(Ids(book.ListAfter(7, 3)), (std::vector<uint64_t>{9}));
  book.Close(7);
  EXPECT_EQ(Ids(book.ListAfter(5, 3)), (std::vector<uint64_t>{9}));
  EXPECT_EQ(book.size(), 3U);
}

TEST(ConnectionBook, ForgetsWhatIsClosedEvenIfItWasJustLookedFor) {
  ConnectionBook book;
  book.Open(Device(1, "x"), kNow);
  OpenConnection* const found = book.Find(1);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->connect_time, kNow);
  EXPECT_EQ(book.Find(1), found);
  book.Close(1);
  EXPECT_EQ(book.Find(1), nullptr);
  EXPECT_EQ(book.Find(1), nullptr);
  book.Open(Device(1, "x"), kNow);
  EXPECT_NE(book.Find(1), nullptr) << "that it was not there before is not kept";
  EXPECT_EQ(book.Find(0), nullptr);
}

TEST(ConnectionBook, FindsThoseWithAllOfTheValues) {
  ConnectionBook book;
  book.Open(Device(1, "pump"), kNow);
  book.Open(Device(2, "valve"), kNow);
  book.Open(Device(3, "pump"), kNow);
  using Ids = std::vector<uint64_t>;
  EXPECT_EQ(book.WithVariables({{"id", "pump"}}), (Ids{1, 3}));
  EXPECT_EQ(book.WithVariables({{"line", "a"}, {"id", "valve"}}), (Ids{2}));
  EXPECT_EQ(book.WithVariables({{"id", "pump"}, {"line", "b"}}), Ids{});
  EXPECT_EQ(book.WithVariables({{"id", "pum"}}), Ids{});
  EXPECT_EQ(book.WithVariables({}), (Ids{1, 2, 3}));
}

}  // namespace
}  // namespace inlet::ingest
