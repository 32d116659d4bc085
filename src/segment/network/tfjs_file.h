#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace scrim {

/// A node of a TensorFlow.js graph. The names are those of the file, the attributes are looked up
/// when they are asked for. Lives as long as its file. Everything throws Error.
class TfjsNode {
  public:
    explicit TfjsNode(const nlohmann::json& node);

    const std::string& name() const { return name_; }
    const std::string& operation() const { return operation_; }
    /// Names of the nodes whose (only) result is read; control inputs are left out.
    const std::vector<std::string>& inputs() const { return inputs_; }

    /// Of the types string, bool, float and list of int or of string; `otherwise`, or nothing, if
    /// the attribute is not there.
    std::string text(const char* attribute, std::string_view otherwise) const;
    bool flag(const char* attribute, bool otherwise) const;
    float number(const char* attribute, float otherwise) const;
    std::vector<int> numbers(const char* attribute) const;
    std::vector<std::string> texts(const char* attribute) const;
    /// A shape; an open side is -1. Nothing if the file does not know how many sides there are.
    std::optional<std::vector<int>> shape(const char* attribute) const;

  private:
    const nlohmann::json* value(const char* attribute, const char* type) const;

    const nlohmann::json* attributes_;
    std::string name_;
    std::string operation_;
    std::vector<std::string> inputs_;
};

/// What is in the file stands for itself * scale + min.
struct TfjsQuantisation {
    std::string type;  // "uint8", "uint16" or "float16"
    double scale = 1;
    double min = 0;
};

/// How a constant is kept in the weight files.
struct TfjsWeight {
    std::string name;
    std::vector<int> shape;  // empty: a single number
    std::string type;        // "float32"
    std::optional<TfjsQuantisation> quantised;
};

/// Weights that stand one behind the other in some files, which are to be read as one.
struct TfjsWeightGroup {
    std::vector<std::string> files;
    std::vector<TfjsWeight> weights;
};

/// A model.json in memory: graph and list of weights. Nothing in it is trusted: its size, depth,
/// types and numbers are checked here, what they mean by those who ask. Private to this room.
/// Everything throws Error.
class TfjsFile {
  public:
    explicit TfjsFile(std::span<const std::byte> json);
    ~TfjsFile();
    TfjsFile(const TfjsFile&) = delete;
    TfjsFile& operator=(const TfjsFile&) = delete;

    /// In the order of the file, which need not be that of computing.
    const std::vector<TfjsNode>& nodes() const { return nodes_; }
    const std::vector<TfjsWeightGroup>& weights() const { return weights_; }

    /// A name in the file, fit to be shown.
    static std::string shown(std::string_view name);

  private:
    std::unique_ptr<const nlohmann::json> json_;
    std::vector<TfjsNode> nodes_;
    std::vector<TfjsWeightGroup> weights_;
};

}  // namespace scrim
