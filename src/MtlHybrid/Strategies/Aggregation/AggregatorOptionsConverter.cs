using System.Text.Json;
using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>In JSON an aggregator inside other options is an object with its name, as every strategy is; read is also the
/// text that the command line takes. Holds for the base type alone: the records themselves are written by their members.</summary>
internal sealed class AggregatorOptionsConverter : JsonConverter<AggregatorOptions>
{
    public override AggregatorOptions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return JsonSerializer.Deserialize<StrategyOptions>(ref reader, options) as AggregatorOptions
                ?? throw new JsonException($"expected one of {string.Join(", ", AggregatorChoice.Names)}");
        }

        try
        {
            return AggregatorChoice.Parse(reader.GetString()!);
        }
        catch (InvalidOptionException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, AggregatorOptions value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize<StrategyOptions>(writer, value, options);
}
