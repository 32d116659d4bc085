#include "frame/person.h"

#include <algorithm>

namespace scrim {

void PersonNeeds::add(const PersonNeeds& other) {
    mask = mask || other.mask;
    faces = faces || other.faces;
    keypoints |= other.keypoints;
    for (const PartSet& set : other.parts) {
        if (std::find(parts.begin(), parts.end(), set) == parts.end()) parts.push_back(set);
    }
}

}  // namespace scrim
