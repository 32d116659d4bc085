#include "app/doctor_judge.h"

#include <cerrno>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scrim {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Node = MachineFacts::Node;

Node camera(const std::string& path) {
    Node node;
    node.device.path = path;
    node.device.card = "Webcam";
    node.device.driver = "uvcvideo";
    node.device.captures = node.device.streams = true;
    node.group = "video";
    return node;
}

Node loopback(const std::string& path, bool exclusive = true) {
    Node node = camera(path);
    node.device.card = "Scrim";
    node.device.driver = "v4l2 loopback";
    node.device.loopback = node.device.outputs = true;
    node.device.captures = !exclusive;
    return node;
}

Node closed(const std::string& path, int why) {
    Node node;
    node.device.path = path;
    node.device.problem = "closed";
    node.device.problem_errno = why;
    node.group = "video";
    return node;
}

/// Where all is well.
MachineFacts healthy() {
    MachineFacts facts;
    facts.user = "anna";
    facts.nodes = {camera("/dev/video0"), loopback("/dev/video10")};
    facts.module = MachineFacts::Module{"0.12.7", {{"exclusive_caps", "Y,N"}}};
    facts.module_installed = true;
    facts.kernel = "6.1.0";
    facts.configuration = "my.yaml";
    facts.networks = {{"mediapipe-landscape", "", true}};
    facts.processors = 4;
    facts.features = {"AVX2"};
    return facts;
}

/// All but what is well, as "problem camera: text | advice | advice".
std::vector<std::string> complaints(const MachineFacts& facts) {
    std::vector<std::string> lines;
    for (const Finding& finding : judge(facts)) {
        if (finding.verdict == Finding::Verdict::ok) continue;
        std::string line = finding.verdict == Finding::Verdict::problem ? "problem " : "warning ";
        line += finding.what + ": " + finding.text;
        for (const std::string& one : finding.advice)
            line += " | " + one;
        lines.push_back(std::move(line));
    }
    return lines;
}

TEST(Doctor, FindsNothingWhereAllIsWell) {
    EXPECT_THAT(complaints(healthy()), IsEmpty());
    std::string text;
    for (const Finding& finding : judge(healthy()))
        text += finding.what + ": " + finding.text + "\n";
    EXPECT_THAT(
        text, AllOf(HasSubstr("camera: Webcam (/dev/video0)"),
                    HasSubstr("v4l2loopback: version 0.12.7, exclusive_caps=Y,N"),
                    HasSubstr("virtual camera: Scrim (/dev/video10)"),
                    HasSubstr("configuration: my.yaml"), HasSubstr("network: mediapipe-landscape"),
                    HasSubstr("PipeWire"), HasSubstr("processor: 4 cores, AVX2")));
}

TEST(Doctor, AnEmptyMachineGetsTheCommands) {
    MachineFacts facts = healthy();
    facts.nodes.clear();
    facts.module.reset();
    facts.module_installed = false;
    EXPECT_THAT(
        complaints(facts),
        ElementsAre("problem camera: there is none | plug one in, or try without: scrim run "
                    "--source pattern",
                    "problem v4l2loopback: the kernel module of virtual cameras is not installed | "
                    "sudo apt install v4l2loopback-dkms linux-headers-6.1.0 | sudo modprobe "
                    "v4l2loopback exclusive_caps=1 card_label=Scrim"));
    facts.module_installed = true;
    EXPECT_THAT(complaints(facts)[1], AllOf(HasSubstr("installed, but not loaded | sudo modprobe"),
                                            Not(HasSubstr("apt"))));
    facts.container = true;
    facts.module_installed = false;
    EXPECT_THAT(complaints(facts), ElementsAre(HasSubstr("--device=/dev/video0"),
                                               HasSubstr("outside of the container: | sudo apt")));
}

TEST(Doctor, KnowsWhyANodeCannotBeOpened) {
    MachineFacts facts = healthy();
    facts.nodes = {closed("/dev/video0", EACCES), loopback("/dev/video10")};
    EXPECT_THAT(
        complaints(facts),
        ElementsAre("problem permission: anna cannot open /dev/video0, which belongs to the "
                    "group video | sudo usermod -aG video anna | then log out and in again"));
    facts.nodes[0].account_member = true;
    EXPECT_THAT(complaints(facts), ElementsAre(HasSubstr("log out and in again")));
    EXPECT_THAT(complaints(facts)[0], Not(HasSubstr("usermod")));
    facts.nodes[0].member = true;
    EXPECT_THAT(complaints(facts), ElementsAre(HasSubstr("sudo chmod g+rw /dev/video0")));
    facts.nodes[0].member = facts.nodes[0].account_member = false;
    facts.container = true;
    EXPECT_THAT(complaints(facts),
                ElementsAre(HasSubstr("--device=/dev/video0 --group-add=video")));
    // Both closed: nobody can say that the module or its device were missing.
    facts.nodes[1] = closed("/dev/video10", EACCES);
    EXPECT_THAT(complaints(facts), testing::SizeIs(2));
    facts.nodes = {camera("/dev/video0"), loopback("/dev/video10"), closed("/dev/video5", ENODEV)};
    EXPECT_THAT(complaints(facts), ElementsAre("warning device: /dev/video5: closed"));
}

TEST(Doctor, SaysWhoUsesWhat) {
    MachineFacts facts = healthy();
    facts.nodes[0].users = {"firefox (process 7)"};
    facts.nodes[1].users = {"zoom (process 8)"};
    EXPECT_THAT(complaints(facts),
                ElementsAre(AllOf(HasSubstr("warning camera: Webcam (/dev/video0), used by firefox "
                                            "(process 7)"),
                                  HasSubstr("close that one"))));
    facts.nodes[0].users = {"scrim (process 9)"};
    EXPECT_THAT(complaints(facts), IsEmpty());
}

TEST(Doctor, KnowsWhatBrowsersNeed) {
    MachineFacts facts = healthy();
    facts.nodes[1] = loopback("/dev/video10", false);
    EXPECT_THAT(complaints(facts),
                ElementsAre(AllOf(HasSubstr("warning virtual camera: Scrim (/dev/video10)"),
                                  HasSubstr("browsers do not list it"),
                                  HasSubstr("| sudo modprobe -r v4l2loopback | sudo modprobe "
                                            "v4l2loopback exclusive_caps=1"))));
    facts.nodes[1] = loopback("/dev/video10");
    facts.nodes[1].device.outputs = false;
    EXPECT_THAT(complaints(facts), ElementsAre(AllOf(HasSubstr("problem virtual camera"),
                                                     HasSubstr("takes no pictures any more"),
                                                     HasSubstr("modprobe -r"))));
    facts.nodes.pop_back();
    EXPECT_THAT(complaints(facts),
                ElementsAre(HasSubstr("the module is loaded, but none of its devices is there")));
}

TEST(Doctor, ComparesTheConfigurationWithWhatIsThere) {
    MachineFacts facts = healthy();
    facts.camera = "2";
    facts.loopback = "/dev/video0";
    EXPECT_THAT(
        complaints(facts),
        ElementsAre("problem camera: the configuration takes /dev/video2, which is not there | set "
                    "real_video_device in my.yaml to one of: Webcam (/dev/video0); or leave it out",
                    "problem virtual camera: the configuration wants /dev/video0, which is no "
                    "virtual camera | set virtual_video_device in my.yaml to one of: Scrim "
                    "(/dev/video10); or leave it out"));
    facts = healthy();
    facts.nodes.erase(facts.nodes.begin());
    facts.camera = "pattern";
    facts.camera_is_device = false;
    EXPECT_THAT(complaints(facts), IsEmpty());
    facts.camera = "/home/anna/me.jpg";
    facts.camera_there = false;
    EXPECT_THAT(complaints(facts), ElementsAre(HasSubstr("there is no file /home/anna/me.jpg")));
    facts = healthy();
    facts.mistakes = "my.yaml:1:1: widht: unknown\n  widht: 1\n";
    facts.networks.clear();
    EXPECT_THAT(complaints(facts),
                ElementsAre("problem configuration: my.yaml is wrong | my.yaml:1:1: widht: unknown "
                            "|   widht: 1"));
}

TEST(Doctor, AMissingPictureIsOnlyAWarning) {
    MachineFacts facts = healthy();
    facts.missing = "my.yaml:2:5: cannot open room.jpg\n";
    EXPECT_THAT(complaints(facts),
                ElementsAre("warning configuration: my.yaml names what is missing | my.yaml:2:5: "
                            "cannot open room.jpg"));
}

TEST(Doctor, ChecksTheNetworks) {
    MachineFacts facts = healthy();
    facts.networks = {{"a", "", false}, {"b", "b.tflite is damaged", true}};
    EXPECT_THAT(complaints(facts),
                ElementsAre("problem network: a is not installed | scrim models pull a",
                            "problem network: b: b.tflite is damaged | scrim models pull b"));
    facts.networks.clear();
    facts.own_network = "my.tflite";
    EXPECT_THAT(complaints(facts), IsEmpty());
    facts.own_network_problem = "it is no network";
    EXPECT_THAT(complaints(facts),
                ElementsAre("problem network: it is no network | scrim models inspect my.tflite"));
}

TEST(Doctor, WarnsOfSlowProcessors) {
    MachineFacts facts = healthy();
    facts.features = {"SSE4.1"};
    facts.processors = 1;
    EXPECT_THAT(complaints(facts),
                ElementsAre(HasSubstr("processor: 1 core, SSE4.1: without AVX2")));
    facts.features = {"NEON"};
    EXPECT_THAT(complaints(facts), IsEmpty());
}

}  // namespace
}  // namespace scrim
