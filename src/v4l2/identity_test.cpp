#include "v4l2/identity.h"

#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

namespace scrim::v4l2 {
namespace {

namespace fs = std::filesystem;

Identity camera(const std::string& serial, const std::string& place,
                std::vector<std::string> twins = {}) {
    return {"Camera", "usb 046d:0825 interface 00 node 0", serial, place, std::move(twins)};
}

std::string found(const Identity& wanted, const std::vector<Identity>& present) {
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < present.size(); ++i)
        nodes.push_back({"/dev/video" + std::to_string(i), present[i]});
    const Node* const node = find_node(wanted, nodes);
    return node == nullptr ? "none" : node->path;
}

TEST(Identity, AnotherNumberIsTheSameCamera) {
    const Identity other{"Other", "usb 1234:5678 interface 00 node 0", "", "/usb1/1-1", {}};
    EXPECT_EQ(found(camera("A", "/usb1/1-2"), {other, camera("A", "/usb1/1-2")}), "/dev/video1");
    EXPECT_EQ(found(camera("", "/usb1/1-2"), {other, camera("", "/usb1/1-2")}), "/dev/video1");
}

TEST(Identity, TheOldNumberMayBelongToAnotherCamera) {
    EXPECT_EQ(found(camera("A", "/usb1/1-2"), {camera("B", "/usb1/1-2")}), "none");
    EXPECT_EQ(found(camera("A", "/usb1/1-2"),
                    {{"Other", "usb 1234:5678 interface 00 node 0", "A", "/usb1/1-2", {}}}),
              "none");
    EXPECT_EQ(found(camera("A", "/usb1/1-2"), {}), "none");
}

TEST(Identity, AnotherPortIsTheSameCamera) {
    EXPECT_EQ(found(camera("A", "/usb1/1-2"), {camera("A", "/usb1/1-4")}), "/dev/video0");
    EXPECT_EQ(found(camera("", "/usb1/1-2"), {camera("", "/usb1/1-4")}), "/dev/video0");
}

TEST(Identity, OfEqualCamerasTheSamePortWins) {
    for (const std::string serial : {"", "SN0001"}) {
        EXPECT_EQ(found(camera(serial, "/usb1/1-2"),
                        {camera(serial, "/usb1/1-1"), camera(serial, "/usb1/1-2")}),
                  "/dev/video1");
        EXPECT_EQ(found(camera(serial, "/usb1/1-2"),
                        {camera(serial, "/usb1/1-1"), camera(serial, "/usb1/1-3")}),
                  "none")
            << "it could be either";
    }
}

TEST(Identity, ATwinIsNeverTakenForIt) {
    const auto wanted = camera("", "/usb1/1-2", {"/usb1/1-1"});
    EXPECT_EQ(found(wanted, {camera("", "/usb1/1-1")}), "none");
    EXPECT_EQ(found(wanted, {camera("", "/usb1/1-1"), camera("", "/usb1/1-7")}), "/dev/video1");
}

TEST(Identity, OtherNodesOfTheCameraAreNotIt) {
    auto metadata = camera("A", "/usb1/1-2");
    metadata.model = "usb 046d:0825 interface 00 node 1";
    auto infrared = camera("A", "/usb1/1-2");
    infrared.model = "usb 046d:0825 interface 02 node 0";
    EXPECT_EQ(found(camera("A", "/usb1/1-2"), {metadata, infrared}), "none");
}

TEST(Identity, GoesThroughText) {
    for (const auto& identity : {camera("A", "/usb1/1-2"), camera("", "", {"/usb1/1-1", "/usb2"})})
        EXPECT_EQ(parse_identity(text_of(identity)), identity);
    const Identity odd{"a|b", "|", "c|", "d", {}};
    EXPECT_EQ(parse_identity(text_of(odd)), (Identity{"a_b", "_", "c_", "d", {}}));
    EXPECT_EQ(parse_identity(""), std::nullopt);
    EXPECT_EQ(parse_identity("a|b|c"), std::nullopt);
}

/// A sysfs with two equal USB cameras, a camera of a chip and a device made by software.
class Sysfs : public testing::Test {
  protected:
    void SetUp() override {
        root_ = fs::path(testing::TempDir()) / ("scrim_sysfs_" + std::to_string(::getpid()));
        fs::create_directories(root_ / "class/video4linux");
        root_ = fs::canonical(root_);
        usb("1-1", 2);
        usb("1-2", 10);
        node(root_ / "devices/platform/vivid.0", 0, "vivid", true);
        fs::create_directories(root_ / "drivers/vivid");
        fs::create_directory_symlink(root_ / "drivers/vivid",
                                     root_ / "devices/platform/vivid.0/driver");
        node(root_ / "devices/virtual", 3, "Scrim", false);
    }
    void TearDown() override { fs::remove_all(root_); }

    static void write(const fs::path& path, const std::string& text) {
        std::ofstream(path) << text << '\n';
    }
    void node(const fs::path& device, int number, const std::string& name, bool linked) {
        const std::string node = "video" + std::to_string(number);
        const fs::path folder = device / "video4linux" / node;
        fs::create_directories(folder);
        write(folder / "name", name);
        write(folder / "index", "0");
        if (linked) fs::create_directory_symlink(device, folder / "device");
        fs::create_directory_symlink(folder, root_ / "class/video4linux" / node);
    }
    void usb(const std::string& port, int number) {
        const fs::path device = root_ / "devices/usb1" / port;
        fs::create_directories(device / (port + ":1.0"));
        write(device / "idVendor", "0912");
        write(device / "idProduct", "0001");
        write(device / "serial", "ABC");
        write(device / (port + ":1.0") / "bInterfaceNumber", "00");
        node(device / (port + ":1.0"), number, "Lab Webcam", true);
    }

    fs::path root_;
};

TEST_F(Sysfs, IsReadWithoutOpeningADevice) {
    const auto nodes = list_nodes(root_);
    ASSERT_EQ(nodes.size(), 4U);
    EXPECT_EQ(nodes[0].path, "/dev/video0");
    EXPECT_EQ(nodes[0].identity.model, "vivid vivid node 0");
    EXPECT_EQ(nodes[0].identity.place, (root_ / "devices/platform/vivid.0").string());
    EXPECT_EQ(nodes[1].path, "/dev/video2");
    EXPECT_EQ(nodes[1].identity.name, "Lab Webcam");
    EXPECT_EQ(nodes[1].identity.model, "usb 0912:0001 interface 00 node 0");
    EXPECT_EQ(nodes[1].identity.serial, "ABC");
    EXPECT_EQ(nodes[1].identity.place, (root_ / "devices/usb1/1-1").string());
    EXPECT_EQ(nodes[2].path, "/dev/video3");
    EXPECT_EQ(nodes[2].identity.model, "Scrim node 0");
    EXPECT_EQ(nodes[3].path, "/dev/video10") << "by number, not by letter";

    const auto identity = identity_of("/dev/video10", nodes);
    ASSERT_TRUE(identity);
    EXPECT_THAT(identity->twins, testing::ElementsAre(nodes[1].identity.place));
    EXPECT_EQ(identity_of("/dev/video77", nodes), std::nullopt);
}

}  // namespace
}  // namespace scrim::v4l2
