// Real people in front of real cameras: every frame comes out, and the person is where the mask
// says. The clips lie beside the project and are skipped where they are not.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "segment/mediapipe.h"
#include "segment/motion.h"
#include "support/command.h"
#include "support/media.h"
#include "support/planes.h"

namespace scrim {
namespace {

std::filesystem::path clips() {
    const auto footage = test::shared_folder("footage");
    return footage.empty() ? footage : footage / "clips";
}

std::vector<std::filesystem::path> all_clips() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(clips())) {
        if (entry.path().extension() == ".mp4") found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

TEST(Clips, EveryFrameComesOut) {
    if (clips().empty()) GTEST_SKIP() << "the clips are not here";
    const test::TemporaryFolder temporary;
    for (const auto& clip : all_clips()) {
        SCOPED_TRACE(clip.filename());
        const auto out = temporary / "out.mp4";
        const auto finished = test::scrim({"process", clip, out});
        ASSERT_EQ(finished.status, 0) << finished.errors;
        EXPECT_EQ(test::count_frames(out), test::count_frames(clip));
    }
}

/// Masks by frame number, from a video with one mask a frame or a folder with some of them.
std::map<int, Plane> masks_of(const std::string& clip) {
    std::map<int, Plane> masks;
    const auto video = clips() / (clip + ".mask.mkv");
    if (std::filesystem::exists(video)) {
        int number = 0;
        test::for_each_frame(video, [&](const Frame& frame) {
            masks[number++] = with_tags(frame, {frame.tags.matrix, Range::full}).y;
        });
        return masks;
    }
    for (const auto& entry : std::filesystem::directory_iterator(clips() / (clip + "_gt"))) {
        masks[std::stoi(entry.path().stem().string())] = read_gray_picture(entry.path());
    }
    return masks;
}

class Masks : public testing::TestWithParam<const char*> {};

TEST_P(Masks, ThePersonIsWhereTheMaskSays) {
    if (clips().empty()) GTEST_SKIP() << "the clips are not here";
    const test::TemporaryFolder temporary;
    const auto config = temporary / "mask.yaml";
    test::write_file(config, "debug_show_mask: -1\nlayers:\n  - foreground: []\n");
    const auto out = temporary / "mask.y4m";
    const auto finished = test::scrim(
        {"process", clips() / (std::string(GetParam()) + ".mp4"), out, "--config", config});
    ASSERT_EQ(finished.status, 0) << finished.errors;

    const auto masks = masks_of(GetParam());
    double sum = 0;
    int compared = 0;
    int number = 0;
    test::for_each_frame(out, [&](const Frame& frame) {
        const auto mask = masks.find(number++);
        if (mask == masks.end()) return;
        const Frame full = with_tags(frame, {frame.tags.matrix, Range::full});
        sum += test::intersection_over_union(full.y, mask->second, 127);
        ++compared;
    });
    ASSERT_GT(compared, 10);
    const double mean = sum / compared;
    RecordProperty("mean_iou", std::to_string(mean));
    std::printf("%s: mean IoU %.4f over %d frames\n", GetParam(), mean, compared);
    EXPECT_GE(mean, 0.90);
}

/// Frames of a clip with the network's own mask for each.
struct Looked {
    Plane luma;
    Plane mask;
};

/// Mean overlap of each frame's own mask with the one of `age` frames before, as it was and carried
/// along with the motion.
std::pair<double, double> overlap_of_old_masks(const std::vector<Looked>& frames, std::size_t age) {
    double old = 0;
    double carried = 0;
    for (std::size_t i = age; i < frames.size(); ++i) {
        MotionCarrier motion;
        motion.remember(frames[i - age].luma);
        motion.follow(frames[i].luma);
        const Plane& before = frames[i - age].mask;
        old += test::intersection_over_union(before, frames[i].mask, 127);
        carried += test::intersection_over_union(motion.carried(before), frames[i].mask, 127);
    }
    const double count = static_cast<double>(frames.size() - age);
    return {old / count, carried / count};
}

TEST(Clips, CarriedMasksAreBetterThanOldOnes) {
    if (clips().empty()) GTEST_SKIP() << "the clips are not here";
    double old_sum = 0;
    double carried_sum = 0;
    for (const auto& clip : all_clips()) {
        std::vector<Looked> frames;
        std::unique_ptr<Segmenter> segmenter;
        test::for_each_frame(clip, [&](const Frame& frame) {
            if (!segmenter) segmenter = open_selfie(selfie_kind_for(frame.width(), frame.height()));
            frames.push_back({frame.y, segmenter->segment(frame).plane});
        });
        for (const std::size_t age : {5U, 10U}) {
            if (frames.size() <= age) continue;
            const auto [old, carried] = overlap_of_old_masks(frames, age);
            std::printf("%-24s %2zu frames old: mean IoU %.4f, carried %.4f\n", clip.stem().c_str(),
                        age, old, carried);
            old_sum += old;
            carried_sum += carried;
        }
    }
    EXPECT_GT(carried_sum, old_sum);
}

INSTANTIATE_TEST_SUITE_P(Webcam, Masks,
                         testing::Values("asl_brother", "asl_walk", "mdn_man_native_a",
                                         "mdn_man_on_room"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace scrim
