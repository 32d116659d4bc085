#include "segment/person_finder.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scrim {
namespace {

using testing::IsEmpty;

constexpr int width = 64;
constexpr int height = 32;

/// A network that says what the test wants, or fails.
class ToldSegmenter final : public Segmenter {
  public:
    explicit ToldSegmenter(const std::optional<Score>& score) : score_(score) {}
    const std::string& name() const override { return name_; }
    bool hard() const override { return true; }
    Score segment(const Frame& /*frame*/) override {
        if (!score_) throw Error("no such luck");
        return *score_;
    }

  private:
    const std::optional<Score>& score_;
    std::string name_ = "told";
};

class PersonFinders : public testing::Test {
  protected:
    PersonFinders() { config_.average_masks = 1; }

    PersonFinder finder(const std::string& model, const PersonNeeds& needs) {
        config_.model = model;
        const Networks networks{[this](const Config&, int, int, const PersonNeeds& wanted) {
                                    wanted_ = wanted;
                                    return std::make_unique<ToldSegmenter>(score_);
                                },
                                [this]() -> FaceFinder {
                                    return [this](const Frame&) {
                                        if (!faces_) throw Error("no such luck");
                                        return *faces_;
                                    };
                                }};
        return {config_, needs, width, height, networks};
    }

    Person found(PersonFinder finder) {
        sighting_ = finder.look(solid_frame(width, height, {}, {90, 128, 128}));
        return finder.refine(sighting_);
    }

    Config config_;
    std::optional<Score> score_ = Score{Plane::filled(width, height, 255)};
    std::optional<std::vector<Face>> faces_ = std::vector<Face>{{0.1, 0.2, 0.3, 0.4, {}}};
    std::optional<PersonNeeds> wanted_;
    Sighting sighting_;
};

TEST_F(PersonFinders, OnlyWhatIsNeededIsOpened) {
    found(finder("mediapipe", {.faces = true}));
    EXPECT_FALSE(wanted_) << "a network was opened for faces";
    EXPECT_FALSE(sighting_.failed);
    faces_.reset();
    const Person person = found(finder("mediapipe", {.mask = true}));
    EXPECT_FALSE(sighting_.failed) << "faces were looked for";
    EXPECT_EQ(wanted_, (PersonNeeds{.mask = true}));
    EXPECT_EQ(person.mask.row(3)[3], 255);
    EXPECT_FALSE(person.faces);
}

TEST_F(PersonFinders, FacesAreFoundByTheirPartsWhereTheModelKnowsThem) {
    score_->parts = {Plane::filled(width, height, 0)};
    for (int y = 8; y < 16; ++y)
        std::fill_n(score_->parts[0].writable_row(y) + 16, 16, std::uint8_t{200});
    score_->heatmaps[right_eye] = Plane::filled(width, height, 0);
    score_->heatmaps[right_eye].writable_row(10)[19] = 255;
    score_->heatmaps[left_eye] = Plane::filled(width, height, 0);
    score_->heatmaps[left_eye].writable_row(10)[27] = 255;
    const Person person = found(finder("mobilenet", {.faces = true}));
    EXPECT_EQ(wanted_->parts, std::vector{parts_named("face").value()});
    EXPECT_TRUE(wanted_->mask) << "what is no person has no face";
    ASSERT_TRUE(person.faces);
    ASSERT_EQ(person.faces->size(), 1U);
    const Face& face = person.faces->front();
    EXPECT_DOUBLE_EQ(face.left, 0.25);
    EXPECT_DOUBLE_EQ(face.right, 0.5);
    EXPECT_DOUBLE_EQ(face.top, 0.25);
    EXPECT_DOUBLE_EQ(face.bottom, 0.5);
    ASSERT_TRUE(face.eyes);
    EXPECT_DOUBLE_EQ(face.eyes->front().x, 19.5 / width);
    EXPECT_DOUBLE_EQ(face.eyes->back().x, 27.5 / width);
    EXPECT_THAT(person.parts, IsEmpty()) << "no layer asked for parts";
}

TEST_F(PersonFinders, PartsLieWithinThePerson) {
    const PersonNeeds needs{.mask = true, .parts = {PartSet(1), PartSet(2)}};
    score_->plane = Plane::filled(width, height, 255);
    std::fill_n(score_->plane.writable_row(0), width, std::uint8_t{0});
    score_->parts = {Plane::filled(width, height, 255), Plane::filled(width, height, 100)};
    const Person person = found(finder("mobilenet", needs));
    ASSERT_EQ(person.parts.size(), 2U);
    EXPECT_EQ(person.parts[0].row(0)[5], 0);
    EXPECT_EQ(person.parts[0].row(1)[5], 255);
    EXPECT_EQ(person.parts[1].row(1)[5], 0) << "not ahead of the others";
}

TEST_F(PersonFinders, WhatFailsIsNobodyAndUnknown) {
    auto finder = this->finder("mobilenet", {.mask = true, .faces = true, .parts = {PartSet(1)}});
    score_.reset();
    const Person person = found(std::move(finder));
    EXPECT_TRUE(sighting_.failed);
    EXPECT_TRUE(person.mask.empty());
    EXPECT_FALSE(person.faces) << "an empty list would say that there is no face";
    ASSERT_EQ(person.parts.size(), 1U);
    EXPECT_TRUE(person.parts[0].empty());

    score_ = Score{Plane::filled(width, height, 255)};
    faces_.reset();
    const Person other = found(this->finder("mediapipe", {.mask = true, .faces = true}));
    EXPECT_TRUE(sighting_.failed);
    EXPECT_FALSE(other.mask.empty()) << "the other network did not fail";
    EXPECT_FALSE(other.faces);
}

TEST_F(PersonFinders, AGivenMaskStandsInForTheNetwork) {
    PersonFinder finder(config_, {.mask = true}, width, height, {}, Plane::filled(4, 4, 255));
    EXPECT_EQ(finder.refine(finder.look(Frame())).mask.row(0)[0], 255);
}

}  // namespace
}  // namespace scrim
