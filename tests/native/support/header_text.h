// The text of mtl.h, for tests that must notice what it declares.
#pragma once

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

namespace support {

inline std::string HeaderText() {
  const std::filesystem::path path =
      std::filesystem::path(__FILE__).parent_path() / "../../../native/include/mtl/mtl.h";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::stringstream text;
  text << file.rdbuf();
  // Without comments.
  return std::regex_replace(text.str(), std::regex(R"(/\*[^*]*\*+([^/*][^*]*\*+)*/)"), " ");
}

// The names declared as enumerators of `enumeration`, without the one that fixes its size.
inline std::set<std::string> Enumerators(const std::string& enumeration) {
  const std::string text = HeaderText();
  std::smatch body;
  if (!std::regex_search(text, body, std::regex("typedef enum " + enumeration + R"( \{([^}]*)\})"))) {
    throw std::runtime_error("mtl.h declares no enum " + enumeration);
  }
  const std::string values = body[1];
  std::set<std::string> names;
  const std::regex name(R"((MTL_[A-Z0-9_]+)\s*=\s*(0x)?[0-9a-f]+)");
  for (std::sregex_iterator i(values.begin(), values.end(), name), end; i != end; ++i) {
    const std::string found = (*i)[1];
    if (!found.ends_with("_MAX")) names.insert(found);
  }
  return names;
}

// The names of all declared functions.
inline std::set<std::string> Functions() {
  const std::string text = HeaderText();
  std::set<std::string> names;
  const std::regex declaration(R"(MTL_API[^;(]*\b(mtl_\w+)\s*\(([^)]*)\))");
  for (std::sregex_iterator i(text.begin(), text.end(), declaration), end; i != end; ++i)
    names.insert((*i)[1]);
  return names;
}

// The functions that add a node to a graph.
inline std::set<std::string> NodeFunctions() {
  const std::string text = HeaderText();
  std::set<std::string> names;
  const std::regex declaration(R"(MTL_API[^;(]*\b(mtl_graph_\w+)\s*\(([^)]*)int32_t\* out_node\))");
  for (std::sregex_iterator i(text.begin(), text.end(), declaration), end; i != end; ++i)
    names.insert((*i)[1]);
  return names;
}

}  // namespace support
