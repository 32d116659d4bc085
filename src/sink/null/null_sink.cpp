#include "sink/null/null_sink.h"

namespace scrim {
namespace {

class NullSink : public Sink {
  public:
    const std::string& name() const override { return name_; }
    void write(const Frame&) override {}
    void finish() override {}

  private:
    std::string name_ = "null";
};

}  // namespace

bool accepts_null(const SinkRequest& request) {
    return request.target == "null";
}

std::unique_ptr<Sink> open_null(const SinkRequest&) {
    return std::make_unique<NullSink>();
}

}  // namespace scrim
