#include "segment/face_detector.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "segment/model_files.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";
constexpr const char* full_range = "face_detection_full_range.tflite";
constexpr const char* short_range = "face_detection_short_range.tflite";

/// $SCRIM_MODEL_PATH for as long as this lives.
class ModelPath {
  public:
    explicit ModelPath(const fs::path& folder) {
        if (const char* now = std::getenv("SCRIM_MODEL_PATH")) before_ = now;
        ::setenv("SCRIM_MODEL_PATH", folder.c_str(), 1);
    }
    ModelPath(const ModelPath&) = delete;
    ModelPath& operator=(const ModelPath&) = delete;
    ~ModelPath() {
        if (before_) {
            ::setenv("SCRIM_MODEL_PATH", before_->c_str(), 1);
        } else {
            ::unsetenv("SCRIM_MODEL_PATH");
        }
    }

  private:
    std::optional<std::string> before_;
};

Frame frame_of(const Picture& picture) {
    return from_rgba(picture.rgba.data(), 4 * picture.width, picture.width, picture.height, {});
}

Frame picture_of(const std::string& name) {
    return frame_of(read_picture(shared / "footage" / "images" / (name + ".jpg")));
}

class FaceDetection : public testing::Test {
  protected:
    void SetUp() override {
        if (fs::exists(shared / "models" / full_range)) path_.emplace(shared / "models");
        for (const char* file : {full_range, short_range}) {
            if (!find_model_file(file)) GTEST_SKIP() << file << " is not installed";
        }
        detector_ = open_face_detector();
    }

    std::optional<ModelPath> path_;
    std::unique_ptr<FaceDetector> detector_;
};

class FaceFootage : public FaceDetection {
  protected:
    void SetUp() override {
        if (!fs::exists(shared / "footage")) GTEST_SKIP() << "no footage in " << shared;
        FaceDetection::SetUp();
    }
};

TEST_F(FaceDetection, FindsNobodyInEmptyPicturesOfAnySize) {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 2}, {3, 5}, {1, 300}, {4096, 2160}}) {
        const Frame frame = solid_frame(width, height, {}, {128, 128, 128});
        EXPECT_TRUE(detector_->detect(frame).empty()) << width << "x" << height;
    }
    EXPECT_THROW(detector_->detect(Frame()), Error);
    EXPECT_TRUE(detector_->detect(solid_frame(64, 48, {}, {128, 128, 128})).empty());
}

/// The share of the face's box that is the person.
double share_of_person(const Face& face, const Plane& mask) {
    const auto pixel = [](double share, int size) {
        return std::clamp(static_cast<int>(share * size), 0, size - 1);
    };
    int person = 0;
    int all = 0;
    for (int y = pixel(face.top, mask.height()); y <= pixel(face.bottom, mask.height()); ++y) {
        for (int x = pixel(face.left, mask.width()); x <= pixel(face.right, mask.width()); ++x) {
            person += mask.row(y)[x] > 127 ? 1 : 0;
            ++all;
        }
    }
    return static_cast<double>(person) / all;
}

/// The p3m pictures have had their faces taken out, and somebody in the parkour turns his back.
std::size_t faces_in(const std::string& name) {
    if (name.starts_with("p3m") && name != "p3mfig_09") return 0;
    if (name == "davis_parkour_00060") return 0;
    return name == "pd_two_people" ? 2 : 1;
}

TEST_F(FaceFootage, FindsEveryFaceAndNothingElse) {
    std::ifstream manifest(shared / "footage" / "MANIFEST.tsv");
    int pictures = 0;
    for (std::string line; std::getline(manifest, line);) {
        std::string name, kind;
        std::istringstream(line) >> name >> kind;
        if (kind != "image") continue;
        SCOPED_TRACE(name);
        const Frame frame = picture_of(name);
        const Plane mask = read_gray_picture(shared / "footage" / "masks" / (name + ".png"));
        const std::vector<Face> faces = detector_->detect(frame);
        EXPECT_EQ(faces.size(), faces_in(name));
        for (const Face& face : faces) {
            EXPECT_GT(share_of_person(face, mask), 0.6);
            ASSERT_TRUE(face.eyes);
            const auto& [right, left] = *face.eyes;
            for (const FramePoint& eye : {right, left}) {
                EXPECT_GT(eye.x, face.left);
                EXPECT_LT(eye.x, face.right);
                EXPECT_GT(eye.y, face.top);
                EXPECT_LT(eye.y, (face.top + face.bottom) / 2);
            }
            EXPECT_LT(right.x, left.x);
            const double width = (face.right - face.left) * frame.width();
            const double height = (face.bottom - face.top) * frame.height();
            EXPECT_GT(width / height, 0.8);
            EXPECT_LT(width / height, 1.25);
        }
        ++pictures;
    }
    EXPECT_GT(pictures, 50);
}

/// The middle of a face, enlarged until it is `times` as high as the frame.
Frame close_up(const Frame& frame, const Face& face, double times) {
    const double height = (face.bottom - face.top) * frame.height() / times;
    const double middle_x = (face.left + face.right) / 2 * frame.width();
    const double middle_y = (face.top + face.bottom) / 2 * frame.height();
    const int left = std::max(static_cast<int>(middle_x - height / 2) & ~1, 0);
    const int top = std::max(static_cast<int>(middle_y - height / 2) & ~1, 0);
    const int side =
        std::min({static_cast<int>(height), frame.width() - left, frame.height() - top});
    Frame part(side, side, frame.tags);
    const auto cut = [](const Plane& from, Plane& to, int x, int y) {
        for (int row = 0; row < to.height(); ++row)
            std::copy_n(from.row(y + row) + x, to.width(), to.writable_row(row));
    };
    cut(frame.y, part.y, left, top);
    cut(frame.u, part.u, left / 2, top / 2);
    cut(frame.v, part.v, left / 2, top / 2);
    return part;
}

TEST_F(FaceFootage, FindsFacesThatFillThePicture) {
    for (const char* name : {"cc0_girl919048", "pd_astronaut", "epm_02", "epd_00", "hs_20"}) {
        const Frame frame = picture_of(name);
        const std::vector<Face> faces = detector_->detect(frame);
        ASSERT_EQ(faces.size(), 1U) << name;
        for (const double times : {0.7, 1.0, 1.3}) {
            const auto near = detector_->detect(close_up(frame, faces[0], times));
            ASSERT_EQ(near.size(), 1U) << name << " " << times;
            EXPECT_GT(near[0].bottom - near[0].top, 0.85 * std::min(times, 1.0)) << name;
        }
    }
}

TEST_F(FaceFootage, SaysWhereFacesAreWhateverTheShapeOfTheFrame) {
    const Frame frame = picture_of("pd_two_people");
    std::vector<Face> before = detector_->detect(frame);
    const auto by_place = [](const Face& a, const Face& b) { return a.left < b.left; };
    std::sort(before.begin(), before.end(), by_place);
    ASSERT_EQ(before.size(), 2U);
    // In the middle of bars at the sides, or above and below.
    for (const auto& [width, height] : {std::pair{1720, 661}, {1126, 1126}}) {
        const double x_scale = static_cast<double>(frame.width()) / width;
        const double y_scale = static_cast<double>(frame.height()) / height;
        std::vector<Face> faces = detector_->detect(fitted(frame, width, height));
        std::sort(faces.begin(), faces.end(), by_place);
        ASSERT_EQ(faces.size(), 2U);
        for (std::size_t i = 0; i < 2; ++i) {
            EXPECT_NEAR(faces[i].left, (1 - x_scale) / 2 + before[i].left * x_scale, 0.02);
            EXPECT_NEAR(faces[i].right, (1 - x_scale) / 2 + before[i].right * x_scale, 0.02);
            EXPECT_NEAR(faces[i].top, (1 - y_scale) / 2 + before[i].top * y_scale, 0.02);
            EXPECT_NEAR(faces[i].bottom, (1 - y_scale) / 2 + before[i].bottom * y_scale, 0.02);
        }
    }
}

std::string error_of_opening() {
    try {
        open_face_detector();
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

TEST(FaceDetectorFiles, AreExplainedWhereTheyAreMissingOrOfAnotherKind) {
    const fs::path folder =
        fs::path(testing::TempDir()) / ("scrim_faces_" + std::to_string(getpid()));
    fs::create_directories(folder);
    const ModelPath path(folder);
    if (!find_model_file(full_range)) {
        EXPECT_THAT(error_of_opening(),
                    AllOf(HasSubstr(full_range), HasSubstr("scrim models pull face_detection")));
    }
    std::ofstream(folder / full_range) << "this is no network";
    EXPECT_THAT(error_of_opening(), AllOf(HasSubstr(full_range), HasSubstr("not a TensorFlow")));
    const fs::path other = shared / "models" / short_range;
    if (fs::exists(other)) {
        fs::remove(folder / full_range);
        fs::copy(other, folder / full_range);
        EXPECT_THAT(error_of_opening(), HasSubstr("no tensor 'classifier_face_4'"));
    }
    fs::remove_all(folder);
}

}  // namespace
}  // namespace scrim
