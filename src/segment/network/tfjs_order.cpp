#include "segment/network/tfjs_order.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "util/error.h"

namespace scrim {
namespace {

/// Depth first, without recursion: a file must not be able to exhaust the stack.
class Search {
  public:
    explicit Search(const std::vector<TfjsNode>& nodes) {
        for (const TfjsNode& node : nodes) {
            if (!visits_.emplace(node.name(), Visit{&node}).second) {
                throw Error("node '{}' is there twice", TfjsFile::shown(node.name()));
            }
        }
    }

    void add(const std::string& output) {
        enter(output, "the outputs");
        while (!path_.empty()) {
            auto& [visit, next] = path_.back();
            if (next < visit->node->inputs().size()) {
                const TfjsNode& reader = *visit->node;
                enter(reader.inputs()[next++], reader.name());  // may move what visit refers to
                continue;
            }
            visit->state = State::done;
            order_.push_back(visit->node);
            path_.pop_back();
        }
    }

    std::vector<const TfjsNode*> order() && { return std::move(order_); }

  private:
    enum class State : std::uint8_t { not_seen, open, done };
    struct Visit {
        const TfjsNode* node;
        State state = State::not_seen;
    };

    void enter(const std::string& name, std::string_view reader) {
        const auto found = visits_.find(name);
        if (found == visits_.end()) {
            throw Error("there is no node '{}', which {} read", TfjsFile::shown(name),
                        TfjsFile::shown(reader));
        }
        Visit& visit = found->second;
        if (visit.state == State::open) {
            throw Error("node '{}' waits for its own result", TfjsFile::shown(name));
        }
        if (visit.state == State::done) return;
        visit.state = State::open;
        path_.emplace_back(&visit, 0);
    }

    std::map<std::string_view, Visit> visits_;
    std::vector<std::pair<Visit*, std::size_t>> path_;  // open nodes and their next input
    std::vector<const TfjsNode*> order_;
};

}  // namespace

std::vector<const TfjsNode*> computing_order(const std::vector<TfjsNode>& nodes,
                                             const std::vector<std::string>& outputs) {
    Search search(nodes);
    for (const std::string& output : outputs)
        search.add(output);
    return std::move(search).order();
}

}  // namespace scrim
