#include "pipeline/outlet.h"

#include <utility>

#include "frame/convert.h"

namespace scrim {

Outlet::Outlet(SinkRequest request, Mailbox<Frame>::Keep keep, StageClock& clock)
    : request_(std::move(request)),
      sink_(find_sink_kind(request_).open(request_)),
      mailbox_(keep),
      clock_(clock) {}

void Outlet::run() {
    try {
        while (auto frame = mailbox_.take()) {
            const auto timer = clock_.measure(Stage::output);
            // The sink keeps its size when the camera's changes: whoever watches could not follow.
            sink_->write(fitted(with_tags(*frame, request_.tags), request_.width, request_.height));
        }
        sink_->finish();
    } catch (...) {
        close();
        open_ = false;
        throw;
    }
    open_ = false;
}

bool same_target(const SinkRequest& a, const SinkRequest& b) {
    return a.target == b.target && a.output_format == b.output_format;
}

}  // namespace scrim
