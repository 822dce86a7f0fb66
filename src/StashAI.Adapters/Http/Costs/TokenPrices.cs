using System.Text.Json;

namespace StashAI.Adapters.Http.Costs;

/// <summary>
/// What tokens cost, by model. It is stored with a job, so that a later change of the declaration changes nothing for it.
/// </summary>
/// <param name="Models">The prices of models by name, with <c>*</c> for any characters; an exact name comes before a pattern.</param>
/// <param name="Other">The price of other models; null where they have none.</param>
public sealed record TokenPrices(IReadOnlyList<KeyValuePair<string, TokenPrice>> Models, TokenPrice? Other)
{
    /// <summary>The price of a model; null where it is not declared.</summary>
    /// <param name="names">What the model is called, the most telling name first; null is passed over.</param>
    public TokenPrice? Find(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (name is not null && FindNamed(name) is { } price) return price;
        }

        return Other;
    }

    /// <summary>Writes the prices as a member of a job's configuration, each of one token.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Other is { } other) WritePrice(json, other);
        if (Models.Count > 0)
        {
            json.WriteStartObject("models");
            foreach (var (name, price) in Models)
            {
                json.WriteStartObject(name);
                WritePrice(json, price);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TokenPrices Read(JsonElement stored) => new(
        stored.TryGetProperty("models", out var models)
            ? [.. models.EnumerateObject().Select(model => KeyValuePair.Create(model.Name, ReadPrice(model.Value)))]
            : [],
        stored.TryGetProperty("input", out _) ? ReadPrice(stored) : null);

    private TokenPrice? FindNamed(string name)
    {
        foreach (var (model, price) in Models)
        {
            if (model == name) return price;
        }

        foreach (var (model, price) in Models)
        {
            if (NamePattern.Matches(model, name)) return price;
        }

        return null;
    }

    private static void WritePrice(Utf8JsonWriter json, TokenPrice price)
    {
        json.WriteNumber("input", price.Input);
        json.WriteNumber("output", price.Output);
        json.WriteNumber("cached_input", price.CachedInput);
        json.WriteNumber("cache_write", price.CacheWrite);
    }

    private static TokenPrice ReadPrice(JsonElement price) => new(
        price.GetProperty("input").GetDecimal(), price.GetProperty("output").GetDecimal(), price.GetProperty("cached_input").GetDecimal(),
        price.GetProperty("cache_write").GetDecimal());
}
