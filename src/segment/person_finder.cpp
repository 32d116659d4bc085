#include "segment/person_finder.h"

#include <algorithm>
#include <utility>

#include <opencv2/core.hpp>

#include "frame/mat.h"
#include "segment/face_detector.h"
#include "segment/face_parts.h"
#include "segment/own_network.h"
#include "segment/registry.h"
#include "util/log.h"

namespace scrim {
namespace {

constexpr Duration complaint_interval = std::chrono::seconds(5);

/// A mask given in the network's place is read as the named network would have meant it. Without a
/// name that is the predecessor's default network, whose score is cut at segmentation_threshold:
/// configurations that name none were written for it.
bool given_score_is_hard(const Config& config) {
    if (names_network_file(config.model)) return own_network_is_hard(config);
    return !config.model.starts_with("mediapipe");
}

/// How the lead of a part is made a mask: it has it above 0, which is half of the score. What the
/// mask of the person is widened by belongs to no part.
Config config_of_parts(Config config) {
    config.segmentation_threshold = 0.5;
    config.dilate = 0;
    config.erode = 0;
    return config;
}

const PartSet& face_parts() {
    static const PartSet parts = parts_named("face").value();
    return parts;
}

/// A frame that is no smaller than the network's picture. On 53 pictures of people at 1280x720 the
/// masks of MediaPipe's landscape network are as good (IoU 0.834 whole, 0.836 half, 0.840 quarter).
int shrink_for(const std::optional<PictureSize>& input, int width, int height) {
    int shrink = 1;
    while (input && shrink < 8 && width >= 2 * shrink * input->width &&
           height >= 2 * shrink * input->height)
        shrink *= 2;
    return shrink;
}

/// The smaller of two values everywhere.
Plane both(Plane a, const Plane& b) {
    cv::Mat target = mat_of(a);
    cv::min(target, mat_of(b), target);
    return a;
}

FaceFinder installed_face_finder() {
    return [detector = std::shared_ptr(open_face_detector())](const Frame& frame) {
        return detector->detect(frame);
    };
}

}  // namespace

PersonFinder::PersonFinder(const Config& config, const PersonNeeds& needs, int frame_width,
                           int frame_height, const Networks& networks, std::optional<Plane> given)
    : needs_(needs), given_(std::move(given)), enlarge_(frame_width, frame_height) {
    PersonNeeds wanted = needs;
    faces_by_parts_ = needs.faces && !given_ && abilities_of(config).parts;
    if (faces_by_parts_) {
        wanted.faces = false;
        wanted.add({.mask = true, .parts = {face_parts()}});
        wanted.keypoints.set(left_eye).set(right_eye);
        const auto place = std::find(wanted.parts.begin(), wanted.parts.end(), face_parts());
        face_set_ = static_cast<std::size_t>(place - wanted.parts.begin());
    } else if (needs.faces) {
        face_finder_ = networks.faces ? networks.faces() : installed_face_finder();
        wanted.faces = false;
    }
    bool hard = given_ && given_score_is_hard(config);
    if (wanted.any() && !given_) {
        const auto& open = networks.segmenter;
        segmenter_ = open ? open(config, frame_width, frame_height, wanted)
                          : open_segmenter(config, frame_width, frame_height, wanted);
        hard = segmenter_->hard();
        if (!face_finder_)
            shrink_ = shrink_for(segmenter_->input_size(), frame_width, frame_height);
    }
    if (needs.mask) mask_.emplace(config, hard, frame_width, frame_height);
    parts_.assign(needs.parts.size(),
                  MaskRefiner(config_of_parts(config), true, frame_width, frame_height));
}

Sighting PersonFinder::look(const Frame& frame) {
    Sighting sighting;
    sighting.score = score_of(frame);
    sighting.faces = faces_of(frame, sighting.score);
    sighting.failed =
        ((segmenter_ || given_) && !sighting.score) || (needs_.faces && !sighting.faces);
    return sighting;
}

void PersonFinder::run_networks() {
    if (segmenter_) segmenter_->run_again();
}

std::optional<Score> PersonFinder::score_of(const Frame& frame) {
    if (given_) return Score{*given_, frame.sequence};
    if (!segmenter_) return std::nullopt;
    try {
        return segmenter_->segment(frame);
    } catch (const std::exception& error) {
        static RateLimit limit(complaint_interval);
        if (limit.pass()) spdlog::warn("no person mask, so nobody is shown: {}", error.what());
        return std::nullopt;
    }
}

std::optional<std::vector<Face>> PersonFinder::faces_of(const Frame& frame,
                                                        const std::optional<Score>& score) {
    if (!needs_.faces) return std::nullopt;
    if (faces_by_parts_) {
        if (!score || face_set_ >= score->parts.size()) return std::nullopt;
        return faces_of_parts(both(score->parts[face_set_], score->plane),
                              score->heatmaps[right_eye], score->heatmaps[left_eye]);
    }
    try {
        return face_finder_(frame);
    } catch (const std::exception& error) {
        static RateLimit limit(complaint_interval);
        if (limit.pass()) spdlog::warn("faces cannot be looked for: {}", error.what());
        return std::nullopt;
    }
}

Person PersonFinder::refine(const Sighting& sighting) {
    Person person;
    person.faces = sighting.faces;
    person.parts.resize(needs_.parts.size());
    if (!sighting.score) {
        reset();
        return person;
    }
    const Score& score = *sighting.score;
    if (mask_ && !score.plane.empty()) person.mask = mask_->refine(score.plane);
    for (std::size_t i = 0; i < std::min(parts_.size(), score.parts.size()); ++i) {
        person.parts[i] = both(parts_[i].refine(score.parts[i]), person.mask);
    }
    for (std::size_t i = 0; i < score.heatmaps.size(); ++i) {
        if (!needs_.keypoints[i] || score.heatmaps[i].empty()) continue;
        person.heatmaps[i] = enlarge_(score.heatmaps[i]);
    }
    return person;
}

void PersonFinder::reset() {
    if (mask_) mask_->reset();
    for (MaskRefiner& refiner : parts_)
        refiner.reset();
}

}  // namespace scrim
