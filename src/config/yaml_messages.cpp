#include "config/yaml_messages.h"

#include <array>
#include <string_view>

#include <yaml-cpp/exceptions.h>

namespace scrim {
namespace {

struct Translation {
    std::string_view message;  // of yaml-cpp, or its beginning
    std::string_view meaning;
    std::string_view at_end;  // empty = the same
};

const std::array kTranslations{
    Translation{YAML::ErrorMsg::END_OF_SEQ_FLOW, "a \",\" or \"]\" is missing before this",
                "this list is not closed: a \"]\" is missing"},
    Translation{YAML::ErrorMsg::END_OF_MAP_FLOW, "a \",\" or \"}\" is missing before this",
                "this map is not closed: a \"}\" is missing"},
    Translation{YAML::ErrorMsg::END_OF_SEQ,
                "a list goes on with \"- \", indented as the items above", ""},
    Translation{YAML::ErrorMsg::END_OF_MAP,
                "a \"key: value\" line is expected here, indented as those above", ""},
    Translation{YAML::ErrorMsg::FLOW_END, "this bracket closes nothing that is open", ""},
    Translation{
        YAML::ErrorMsg::BLOCK_ENTRY,
        "\"- \" cannot stand here; is a bracket not closed above, or the indentation wrong?", ""},
    Translation{
        YAML::ErrorMsg::MAP_VALUE,
        "\":\" cannot stand here; is the line indented differently from the one above, is a "
        "\":\" missing there, or does a text with \": \" need quotes?",
        ""},
    Translation{YAML::ErrorMsg::MAP_KEY, "\"?\" cannot stand here; put the text in quotes", ""},
    Translation{YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab cannot indent; use spaces", ""},
    Translation{YAML::ErrorMsg::EOF_IN_SCALAR, "a quote is not closed", ""},
    Translation{YAML::ErrorMsg::DOC_IN_SCALAR, "a quote is not closed above", ""},
    Translation{YAML::ErrorMsg::UNKNOWN_TOKEN,
                "a value cannot begin with this character; put the text in quotes", ""},
    Translation{YAML::ErrorMsg::UNKNOWN_ANCHOR,
                "\"*\" stands for a value that is marked with \"&\" and this name above, and there "
                "is none; a text that begins with \"*\" needs quotes",
                ""},
    Translation{YAML::ErrorMsg::INVALID_ESCAPE,
                "this \"\\\" means nothing in double quotes; write \"\\\\\" or use single quotes",
                ""},
    Translation{YAML::ErrorMsg::INVALID_HEX,
                "this \"\\\" means nothing in double quotes; write \"\\\\\" or use single quotes",
                ""},
    Translation{YAML::ErrorMsg::INVALID_UNICODE, "there is no such Unicode character", ""},
};

}  // namespace

std::string yaml_message(const std::string& message, bool at_end) {
    for (const Translation& translation : kTranslations) {
        if (!message.starts_with(translation.message)) continue;
        if (at_end && !translation.at_end.empty()) return std::string(translation.at_end);
        return std::string(translation.meaning);
    }
    return "is not YAML: " + message;
}

}  // namespace scrim
