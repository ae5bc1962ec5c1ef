// What one layer of settings may not say against itself.
#include "service/config/layer_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "service/config/load.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::HasSubstr;

std::string FieldAtFault(const v1::SourceSettings& layer) {
  const auto found = FindContradiction(layer);
  return found ? std::string(found->field->json_name()) : "";
}

TEST(LayerCheck, TheSameThingTwiceIsAContradiction) {
  v1::SourceSettings layer;
  layer.set_root_ca_path("ca.pem");
  layer.set_root_ca_raw("${file:ca.pem}");
  EXPECT_EQ(FieldAtFault(layer), "rootCARaw");
  layer.set_root_ca_raw("");
  EXPECT_EQ(FieldAtFault(layer), "");
  layer.set_certification_path("a.pem");
  layer.set_certification_raw("${file:a.pem}");
  EXPECT_EQ(FieldAtFault(layer), "certificationRaw");
  layer.clear_certification_path();
  layer.set_private_key_path("a.key");
  layer.set_private_key_raw("${file:a.key}");
  EXPECT_EQ(FieldAtFault(layer), "privateKeyRaw");
}

TEST(LayerCheck, SubprotocolsAreGivenInOneWay) {
  v1::SourceSettings layer;
  (*layer.mutable_request_header())["sec-websocket-protocol"] = "v1";
  EXPECT_EQ(FieldAtFault(layer), "");
  layer.add_subprotocols("v2");
  EXPECT_EQ(FieldAtFault(layer), "subprotocols");
}

TEST(LayerCheck, TheFirstDelayIsNotTheLongest) {
  v1::SourceSettings layer;
  layer.mutable_backoff_initial()->set_seconds(60);  // the built-in backoffMax is 30 s, but another layer may say more
  EXPECT_EQ(FieldAtFault(layer), "");
  layer.mutable_backoff_max()->set_seconds(59);
  EXPECT_EQ(FieldAtFault(layer), "backoffInitial");
  EXPECT_EQ(Field(CheckLayer(layer, "conf_key.settings")), "conf_key.settings.backoffInitial");
}

TEST(LayerCheck, WhatAnotherLayerMayCompleteIsNoContradiction) {
  v1::SourceSettings layer;
  layer.set_heartbeat_message("ping");
  layer.set_certification_path("a.pem");
  EXPECT_EQ(FieldAtFault(layer), "");
}

TEST(LayerCheck, AFilesContradictionIsFoundAtTheStart) {
  const auto loaded =
      LoadText({"inlet.yaml", {}}, {"w.yaml", "feed:\n  backoffMax: 1s\n\n  backoffInitial: 2s\nother: {}\n"}, {});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(Text(loaded.status()), "w.yaml:4: feed.backoffInitial: must not be longer than backoffMax");
}

TEST(LayerCheck, AnEnvironmentVariableIsJudgedWithItsSection) {
  const ConfigText inlet{"inlet.yaml", {}};
  const auto made =
      LoadText(inlet, {"w.yaml", "feed:\n  backoffMax: 1s\n"}, {{"WEBSOCKET__FEED__BACKOFFINITIAL", "2s"}});
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(Text(made.status()), HasSubstr("WEBSOCKET__FEED__BACKOFFINITIAL"));
  EXPECT_TRUE(
      LoadText(inlet, {"w.yaml", "feed:\n  backoffMax: 3s\n"}, {{"WEBSOCKET__FEED__BACKOFFINITIAL", "2s"}}).ok());
}

}  // namespace
}  // namespace inlet::config
