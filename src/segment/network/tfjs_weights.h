#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "segment/network/tfjs_file.h"

namespace scrim {

/// A constant: numbers (whole ones and truth values too) with as many sides as the file says.
struct TfjsConstant {
    std::vector<int> shape;  // empty: a single number
    std::vector<float> data;
};

/// The content of the file of that name in the folder of model.json; throws Error.
using ReadWeightFile = std::function<std::vector<std::byte>(const std::string& name)>;

/// Throws Error for a name that is more than the name of a file: a path out of the folder.
void check_weight_file_name(const std::string& name);

/// The weight files of a model, in memory; each constant is decoded when it is asked for. Private
/// to the importer and its tests. Everything throws Error.
class TfjsWeights {
  public:
    /// Reads all files. Names that are more than the name of a file are refused.
    TfjsWeights(const std::vector<TfjsWeightGroup>& groups, const ReadWeightFile& read);

    TfjsConstant decode(const std::string& name) const;

  private:
    struct Place {
        const TfjsWeight* weight;
        std::size_t group;
        std::size_t begin;
        std::size_t size;  // in bytes
    };

    std::span<const std::uint8_t> bytes(const Place& place) const;

    std::vector<std::vector<std::uint8_t>> contents_;  // of each group
    std::map<std::string, Place> places_;
};

}  // namespace scrim
