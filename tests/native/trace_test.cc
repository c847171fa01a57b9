// What a trace holds, and that it changes nothing else.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

std::vector<mtl_trace_event> Events(const support::Context& context) {
  int64_t count = -1, dropped = -1;
  EXPECT_OK(mtl_context_trace_count(context.get(), &count, &dropped));
  std::vector<mtl_trace_event> events;
  for (int64_t i = 0; i < count; ++i) {
    mtl_trace_event event;
    mtl_trace_event_init(&event);
    EXPECT_OK(mtl_context_trace_event(context.get(), i, &event));
    events.push_back(event);
  }
  return events;
}

int64_t Dropped(const support::Context& context) {
  int64_t count = -1, dropped = -1;
  EXPECT_OK(mtl_context_trace_count(context.get(), &count, &dropped));
  return dropped;
}

int Count(const std::vector<mtl_trace_event>& events, const std::string& name) {
  return static_cast<int>(
      std::count_if(events.begin(), events.end(), [&](const auto& event) { return name == event.name; }));
}

std::vector<std::string> Names(const std::vector<mtl_trace_event>& events) {
  std::vector<std::string> names;
  for (const mtl_trace_event& event : events) names.emplace_back(event.name);
  return names;
}

testing::AssertionResult Refused(mtl_status status, const char* argument) {
  return support::FailedWith(MTL_INVALID_ARGUMENT, status, {argument});
}

bool Inside(const mtl_trace_event& inner, const mtl_trace_event& outer) {
  return inner.start >= outer.start && inner.start + inner.duration <= outer.start + outer.duration;
}

bool Apart(const mtl_trace_event& a, const mtl_trace_event& b) {
  return a.start + a.duration <= b.start || b.start + b.duration <= a.start;
}

// One batch in the groups {0, 2, 4} and {1, 3, 5}, and a last measurement.
std::vector<float> SelectiveBatch(const support::Context& context, int rows, int64_t events) {
  const reference::Graph graph = support::WideGraph(MTL_GELU);
  const reference::Rows table = support::RandomRows(graph, rows, 5);
  const support::Dataset dataset = support::MakeDataset(context.get(), table);
  support::Network network(context.get(), graph, rows);
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  if (events > 0) {
    EXPECT_OK(mtl_context_start_trace(context.get(), events));
  }
  network.Begin(dataset, support::Indices(rows), 41);
  network.Update({.tasks = {4, 0, 2}, .shared_rate = 0.01f, .head_rate = 0.01f});
  network.Update({.tasks = {1, 3, 5}, .shared_rate = 0.01f, .head_rate = 0.01f});
  network.Measure();
  if (events > 0) {
    EXPECT_OK(mtl_context_stop_trace(context.get()));
  }
  return network.Read(MTL_BUFFER_PARAMETERS);
}

// Threads, and rows: few are computed row block by row block, many layer by layer.
class TraceTest : public testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(TraceTest, HoldsTheCallsAndPhasesOfASelectiveBatch) {
  const auto [threads, rows] = GetParam();
  const support::Context context = support::MakeContext(threads);
  SelectiveBatch(context, rows, 10000);
  const std::vector<mtl_trace_event> events = Events(context);
  EXPECT_EQ(Dropped(context), 0);
  EXPECT_EQ(Count(events, "begin_batch"), 1);
  EXPECT_EQ(Count(events, "group"), 2);
  EXPECT_EQ(Count(events, "measure"), 1);
  EXPECT_EQ(Count(events, "step"), 2);
  EXPECT_EQ(Count(events, "affinity"), 2);
  EXPECT_GE(Count(events, "forward"), 3);
  EXPECT_GE(Count(events, "losses"), 3);
  EXPECT_GE(Count(events, "backward"), 2);
  // Reading the parameters comes after the end of the trace.
  EXPECT_EQ(Count(events, "read"), 0);

  std::vector<uint64_t> groups;
  for (const mtl_trace_event& event : events) {
    EXPECT_GE(event.start, 0);
    EXPECT_GE(event.duration, 0);
    if (std::string("group") == event.name) groups.push_back(event.tasks);
    if (std::string("begin_batch") == event.name) {
      EXPECT_EQ(event.index, 41);
    }
  }
  EXPECT_EQ(groups, (std::vector<uint64_t>{0b010101, 0b101010}));
}

TEST_P(TraceTest, RangesOfAThreadLieInsideEachOtherOrApart) {
  const auto [threads, rows] = GetParam();
  const support::Context context = support::MakeContext(threads);
  SelectiveBatch(context, rows, 10000);
  std::map<int32_t, std::vector<mtl_trace_event>> by_thread;
  int ops = 0;
  for (const mtl_trace_event& event : Events(context)) by_thread[event.thread].push_back(event);
  EXPECT_LE(by_thread.size(), static_cast<size_t>(threads));
  for (const auto& [thread, events] : by_thread) {
    for (size_t i = 0; i < events.size(); ++i) {
      bool in_phase = false;
      for (size_t j = 0; j < events.size(); ++j) {
        if (i == j) continue;
        EXPECT_TRUE(Apart(events[i], events[j]) || Inside(events[i], events[j]) ||
                    Inside(events[j], events[i]))
            << events[i].name << " and " << events[j].name;
        in_phase = in_phase || (events[j].kind == MTL_TRACE_PHASE && Inside(events[i], events[j]));
      }
      if (events[i].kind != MTL_TRACE_OP) continue;
      ++ops;
      EXPECT_GE(events[i].index, 0);
      // Shares of the gradients of parameters are worked on by any thread.
      EXPECT_TRUE(in_phase || threads > 1) << events[i].name;
    }
  }
  EXPECT_GT(ops, 20);
}

TEST_P(TraceTest, OpsHaveTheNamesOfTheirClasses) {
  const auto [threads, rows] = GetParam();
  const support::Context context = support::MakeContext(threads);
  SelectiveBatch(context, rows, 10000);
  std::set<std::string> names;
  for (const mtl_trace_event& event : Events(context)) {
    if (event.kind == MTL_TRACE_OP) names.insert(event.name);
  }
  for (const char* name : {"linear", "dropout", "layer_norm", "add"})
    EXPECT_EQ(names.count(name), 1u) << name;
}

TEST_P(TraceTest, ChangesNoBit) {
  const auto [threads, rows] = GetParam();
  EXPECT_EQ(SelectiveBatch(support::MakeContext(threads), rows, 10000),
            SelectiveBatch(support::MakeContext(threads), rows, 0));
}

TEST_P(TraceTest, AFullRingKeepsTheLatestAndTellsHowManyItDropped) {
  const auto [threads, rows] = GetParam();
  const support::Context all = support::MakeContext(threads), few = support::MakeContext(threads);
  SelectiveBatch(all, rows, 10000);
  SelectiveBatch(few, rows, 7);
  const std::vector<mtl_trace_event> latest = Events(few);
  ASSERT_EQ(latest.size(), 7u);
  EXPECT_EQ(std::string(latest.back().name), "measure");
  // The number of events of a pass can depend on timing where several threads share it out.
  if (threads > 1) {
    EXPECT_GT(Dropped(few), 0);
    return;
  }
  const std::vector<mtl_trace_event> events = Events(all);
  EXPECT_EQ(Dropped(few), static_cast<int64_t>(events.size()) - 7);
  EXPECT_EQ(Names(latest), Names({events.end() - 7, events.end()}));
}

INSTANTIATE_TEST_SUITE_P(Sizes, TraceTest, testing::Combine(testing::Values(1, 2), testing::Values(32, 600)));

TEST(TraceControl, ANewTraceForgetsTheOldOne) {
  const support::Context context = support::MakeContext();
  SelectiveBatch(context, 32, 10000);
  ASSERT_GT(Events(context).size(), 0u);
  EXPECT_OK(mtl_context_start_trace(context.get(), 5));
  EXPECT_EQ(Events(context).size(), 0u);
  EXPECT_EQ(Dropped(context), 0);
}

TEST(TraceControl, WithoutATraceNothingIsThere) {
  const support::Context context = support::MakeContext();
  EXPECT_OK(mtl_context_stop_trace(context.get()));
  SelectiveBatch(context, 32, 0);
  EXPECT_EQ(Events(context).size(), 0u);
  mtl_trace_event event;
  mtl_trace_event_init(&event);
  EXPECT_TRUE(Refused(mtl_context_trace_event(context.get(), 0, &event), "event"));
}

TEST(TraceControl, RefusesWhatCannotBe) {
  const support::Context context = support::MakeContext();
  for (const int64_t events : {int64_t{-1}, int64_t{0}, (int64_t{1} << 26) + 1}) {
    EXPECT_TRUE(Refused(mtl_context_start_trace(context.get(), events), "max_events"));
  }
  EXPECT_TRUE(Refused(mtl_context_start_trace(nullptr, 1), "context"));
  EXPECT_TRUE(Refused(mtl_context_stop_trace(nullptr), "context"));
  int64_t count = 0;
  EXPECT_TRUE(Refused(mtl_context_trace_count(context.get(), &count, nullptr), "out_dropped"));
  mtl_trace_event event;
  mtl_trace_event_init(&event);
  EXPECT_TRUE(Refused(mtl_context_trace_event(context.get(), -1, &event), "event"));
  EXPECT_TRUE(Refused(mtl_context_trace_event(context.get(), 0, nullptr), "out_event"));
  event.struct_size = 0;
  EXPECT_TRUE(Refused(mtl_context_trace_event(context.get(), 0, &event), "struct_size"));
}

}  // namespace
