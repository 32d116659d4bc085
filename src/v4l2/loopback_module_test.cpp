#include "v4l2/loopback_module.h"

#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

namespace scrim::v4l2 {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

TEST(LoopbackModule, IsFoundLoadedInstalledOrNot) {
    const fs::path root = testing::TempDir() + "scrim_module_" + std::to_string(::getpid());
    EXPECT_EQ(loopback_module(root, "6.1"), LoopbackModule::missing);
    fs::create_directories(root / "lib/modules/6.1");
    std::ofstream(root / "lib/modules/6.1/modules.dep")
        << "kernel/drivers/media/v4l2-core/videodev.ko.xz:\n"
        << "extra/other.ko: updates/dkms/v4l2loopback.ko\n";
    EXPECT_EQ(loopback_module(root, "6.1"), LoopbackModule::missing);
    std::ofstream(root / "lib/modules/6.1/modules.dep", std::ios::app)
        << "updates/dkms/v4l2loopback.ko.xz: kernel/drivers/media/v4l2-core/videodev.ko.xz\n";
    EXPECT_EQ(loopback_module(root, "6.1"), LoopbackModule::not_loaded);
    EXPECT_EQ(loopback_module(root, "6.2"), LoopbackModule::missing);
    fs::create_directories(root / "sys/module/v4l2loopback");
    EXPECT_EQ(loopback_module(root, "6.2"), LoopbackModule::loaded);
    fs::remove_all(root);
}

TEST(LoopbackModule, OnlyWhatIsMissingIsAskedFor) {
    EXPECT_THAT(loopback_commands(LoopbackModule::missing, "  "),
                HasSubstr("  sudo apt install v4l2loopback-dkms linux-headers-$(uname -r)\n"
                          "  sudo modprobe v4l2loopback exclusive_caps=1 card_label=Scrim\n"));
    EXPECT_THAT(loopback_commands(LoopbackModule::not_loaded, ""), Not(HasSubstr("apt")));
    EXPECT_THAT(loopback_commands(LoopbackModule::loaded, ""),
                HasSubstr("sudo modprobe -r v4l2loopback\nsudo modprobe v4l2loopback"));
    EXPECT_THAT(loopback_commands(LoopbackModule::missing, ""),
                HasSubstr("/etc/modules-load.d/v4l2loopback.conf"));
}

}  // namespace
}  // namespace scrim::v4l2
