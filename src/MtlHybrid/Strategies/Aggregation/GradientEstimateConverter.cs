using System.Text.Json;
using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>In JSON a gradient estimate is the word that the command line takes.</summary>
internal sealed class GradientEstimateConverter : JsonConverter<GradientEstimate>
{
    public override GradientEstimate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return GradientEstimate.Parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : reader.TokenType.ToString());
        }
        catch (InvalidOptionException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, GradientEstimate value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
