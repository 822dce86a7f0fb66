using System.Text.Json;
using StashAI.Adapters.Http.Costs;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>What a job costs, as it is stored in its configuration when it is submitted.</summary>
public static class StoredCost
{
    /// <summary>What an item costs; null where the configuration does not say.</summary>
    /// <param name="config">The job's configuration, UTF-8 JSON; may be empty.</param>
    public static decimal? PerItem(ReadOnlyMemory<byte> config)
    {
        // Few jobs have one, and every one of their tasks asks.
        if (config.Span.IndexOf("\"cost_per_item\""u8) < 0) return null;
        using var document = JsonDocument.Parse(config);
        return document.RootElement.TryGetProperty(DeclaredCost.ItemKey, out var price) && price.ValueKind == JsonValueKind.Number
            && price.TryGetDecimal(out var number) ? number : null;
    }

    /// <summary>What tokens cost; null where the configuration does not say.</summary>
    /// <param name="config">The job's configuration; null for none.</param>
    public static TokenPrices? PerToken(JsonElement? config) =>
        config is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(DeclaredCost.TokensKey, out var prices)
            && prices.ValueKind == JsonValueKind.Object ? TokenPrices.Read(prices) : null;

    /// <summary>True where the configuration says what tokens cost, so that the cost is known only when they are used.</summary>
    /// <param name="config">The job's configuration, UTF-8 JSON; may be empty.</param>
    public static bool IsByTokens(ReadOnlyMemory<byte> config) => config.Span.IndexOf("\"cost_per_token\""u8) >= 0;

    /// <summary>Adds the cost to a configuration; null adds nothing.</summary>
    /// <param name="json">Writes the members of the configuration.</param>
    /// <param name="cost">What the operation costs.</param>
    public static void Write(Utf8JsonWriter json, DeclaredCost cost)
    {
        if (cost.PerItem is { } price) json.WriteNumber(DeclaredCost.ItemKey, price);
        if (cost.Tokens is not { } tokens) return;
        json.WritePropertyName(DeclaredCost.TokensKey);
        tokens.Write(json);
    }
}
