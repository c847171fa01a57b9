using System.Text.Json;
using MtlHybrid.Pilot;
using Xunit;

namespace MtlHybrid.Tests.Pilot;

public sealed class PilotResultTests
{
    [Fact]
    public void Json_comes_back_as_it_went()
    {
        PilotResult result = SamplePilot.Build(divergedSeed: 2);
        string json = result.ToJson();

        PilotResult back = PilotResult.FromJson(json);

        Assert.Equal(json, back.ToJson());
        Assert.Equal(result.Find("selective")!.DeltaM, back.Find("selective")!.DeltaM);
        Assert.Equal(result.Verdict.Kind, back.Verdict.Kind);
        Assert.Equal(result.Find("selective")!.Affinity, back.Find("selective")!.Affinity);
    }

    [Fact]
    public void What_is_not_finite_is_null_and_comes_back_as_nan()
    {
        string json = SamplePilot.Build(seeds: 1).ToJson();
        using JsonDocument document = JsonDocument.Parse(json);

        JsonElement comparison = document.RootElement.GetProperty("comparisons")[0];
        Assert.Equal(JsonValueKind.Null, comparison.GetProperty("pValue").ValueKind);
        Assert.True(double.IsNaN(PilotResult.FromJson(json).Comparisons[0].PValue));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"schema\": 1}")]
    public void Another_file_is_refused_in_words(string json) =>
        Assert.Contains("not the result of a pilot", Assert.Throws<MtlException>(() => PilotResult.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_newer_form_is_refused()
    {
        string json = SamplePilot.Build(seeds: 1).ToJson().Replace("\"schema\":1", "\"schema\":99", StringComparison.Ordinal);

        Assert.Contains("99", Assert.Throws<MtlException>(() => PilotResult.FromJson(json)).Message, StringComparison.Ordinal);
    }
}
