using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// <c>estimated_cost</c>: the price of an item times the number of items. The price at the submit is stored in <c>job_config</c>, so that
/// later changes of the service's declaration do not affect it.
/// </summary>
internal static class JobCost
{
    /// <summary>The key in <c>job_config</c>; declarations must not use it themselves.</summary>
    public const string Field = Adapters.Http.Reading.DeclarationReader.PriceKey;

    /// <summary>Adds the price to a configuration; null adds nothing.</summary>
    public static ReadOnlyMemory<byte> Keep(ReadOnlyMemory<byte> config, double? perItem)
    {
        if (perItem is not { } price) return config;
        var buffer = new ArrayBufferWriter<byte>(config.Length + 32);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            if (!config.IsEmpty)
            {
                using var document = JsonDocument.Parse(config);
                foreach (var property in document.RootElement.EnumerateObject()) property.WriteTo(json);
            }

            WritePrice(json, Field, price);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes the estimate for a job; null when there is no price.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> config, int items) =>
        WritePrice(json, "estimated_cost", Price(config.Span) * items);

    /// <summary>Writes a price without an exponent, because prices of items may be tiny.</summary>
    public static void WritePrice(Utf8JsonWriter json, string name, double? price)
    {
        if (price is { } number) json.WriteNumber(name, Math.Round(number, 9));
        else json.WriteNull(name);
    }

    private static double? Price(ReadOnlySpan<byte> config)
    {
        if (config.IndexOf("\"cost_per_item\""u8) < 0) return null;
        var reader = new Utf8JsonReader(config);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
            var isPrice = reader.ValueTextEquals(Field);
            reader.Read();
            if (isPrice) return reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : null;
            reader.Skip();
        }

        return null;
    }
}
