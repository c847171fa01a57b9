using System.Text.Json.Nodes;
using MtlHybrid.Engine;
using MtlHybrid.Reporting;
using Xunit;

namespace MtlHybrid.Tests.Reporting;

public sealed class ChromeTraceTests
{
    [Fact]
    public void Events_are_complete_events_in_microseconds_the_outer_ones_first()
    {
        JsonArray events = Written(new DeviceTrace(
            [
                new TraceEvent(TraceKind.Op, "linear", 2500, 500, 1, 3, 0),
                new TraceEvent(TraceKind.Phase, "forward", 2500, 1000, 1, -1, 0),
                new TraceEvent(TraceKind.Call, "begin_batch", 0, 2000, 0, 7, 0),
                new TraceEvent(TraceKind.Call, "group", 2100, 2000, 0, -1, 0b1000_0101),
            ],
            Dropped: 0));

        Assert.Equal(
            [
                """{"name":"begin_batch","cat":"call","ph":"X","ts":0.000,"dur":2.000,"pid":0,"tid":0,"args":{"batch":7}}""",
                """{"name":"group","cat":"call","ph":"X","ts":2.100,"dur":2.000,"pid":0,"tid":0,"args":{"tasks":[0,2,7]}}""",
                """{"name":"forward","cat":"phase","ph":"X","ts":2.500,"dur":1.000,"pid":0,"tid":1,"args":{}}""",
                """{"name":"linear","cat":"op","ph":"X","ts":2.500,"dur":0.500,"pid":0,"tid":1,"args":{"node":3}}""",
            ],
            events.Select(item => item!.ToJsonString()));
    }

    [Fact]
    public void An_event_of_its_own_stands_in_for_those_that_were_dropped()
    {
        JsonArray events = Written(new DeviceTrace([new TraceEvent(TraceKind.Call, "measure", 9000, 10, 4, -1, 0)], Dropped: 123));

        Assert.Equal(
            """{"name":"dropped","cat":"trace","ph":"X","ts":0.000,"dur":9.000,"pid":0,"tid":5,"args":{"events":123}}""", events[0]!.ToJsonString());
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void Nothing_recorded_is_an_empty_array() => Assert.Empty(Written(new DeviceTrace([], 0)));

    [Fact]
    public void Names_are_escaped() =>
        Assert.Equal("a\"b", (string)Written(new DeviceTrace([new TraceEvent(TraceKind.Op, "a\"b", 0, 0, 0, 0, 0)], 0))[0]!["name"]!);

    private static JsonArray Written(DeviceTrace trace)
    {
        var writer = new StringWriter();
        ChromeTrace.Write(writer, trace);
        return JsonNode.Parse(writer.ToString())!.AsArray();
    }
}
