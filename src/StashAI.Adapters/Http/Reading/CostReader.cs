using System.Globalization;
using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Declarations;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Reads what a service costs: <c>cost: 0.001</c> for an item, or <c>cost: {input: 0.15, output: 0.6, per: 1M}</c> for tokens, with
/// <c>models</c> for prices that differ.
/// </summary>
internal sealed class CostReader(List<DeclarationError> errors)
{
    private const string Key = "cost";
    private const string Example = "cost: {input: 0.15, output: 0.6, per: 1M}";

    /// <summary>A cost is exact with up to 28 digits. These limits leave 13 of them for sums.</summary>
    private const int MaxDecimals = 9;
    private const decimal MaxPrice = 1_000_000_000;

    /// <summary>A call with a billion tokens would then cost as much as a cost may be.</summary>
    private const decimal MaxTokenPrice = 1000;

    private static readonly string[] Units = ["1", "1K", "1M"];

    /// <summary>The cost that a mapping declares; null for none.</summary>
    public DeclaredCost? Read(YamlMap map)
    {
        switch (map.Find(Key))
        {
            case null:
                return null;
            case YamlScalarNode scalar:
                return new DeclaredCost(Price(scalar), null);
            case var node when YamlMap.From(node, Key, errors) is { } prices:
                return new DeclaredCost(null, ReadTokens(prices, node));
            default:
                return null;
        }
    }

    private TokenPrices ReadTokens(YamlMap map, YamlNode node)
    {
        var unit = map.Text("per") ?? "1M";
        var tokens = Array.IndexOf(Units, unit) switch
        {
            0 => 1m,
            1 => 1_000m,
            2 => 1_000_000m,
            _ => 0m,
        };
        if (tokens == 0)
        {
            map.Invalid("per", $"one of {string.Join(", ", Units)}: how many tokens a price is for");
            tokens = 1;
        }

        var models = new List<KeyValuePair<string, TokenPrice>>();
        if (map.Map("models") is { } named)
        {
            foreach (var (name, value) in named.Members())
            {
                if (string.IsNullOrWhiteSpace(name.Value)) named.Invalid("models", "prices by the names of models, and a name is empty");
                if (YamlMap.From(value, $"The cost of {name.Value}", errors) is not { } prices) continue;
                if (ReadPrice(prices, value, tokens) is { } price) models.Add(KeyValuePair.Create(name.Value!, price));
                prices.ReportUnknownKeys();
            }
        }

        var other = ReadPrice(map, node, tokens, isOptional: models.Count > 0);
        map.ReportUnknownKeys();
        return new TokenPrices(models, other);
    }

    private TokenPrice? ReadPrice(YamlMap map, YamlNode node, decimal tokens, bool isOptional = false)
    {
        var (input, output) = (Price(map.Find("input")), Price(map.Find("output")));
        var (cached, written) = (Price(map.Find("cached_input")), Price(map.Find("cache_write")));
        if (input is null && output is null && (!isOptional || cached is not null || written is not null))
            YamlMap.Report(errors, node, $"The cost of tokens needs input or output, for example {Example}.");
        if (input is null && output is null) return null;
        if (new[] { input, output, cached, written }.Max() / tokens > MaxTokenPrice)
            YamlMap.Report(errors, node, $"A token must not cost more than {MaxTokenPrice}: per says how many tokens a price is for.");
        return new TokenPrice(
            (input ?? 0) / tokens, (output ?? 0) / tokens, (cached ?? input ?? 0) / tokens, (written ?? input ?? 0) / tokens);
    }

    private decimal? Price(YamlNode? node)
    {
        if (node is null) return null;
        if (node is YamlScalarNode { Value: { } text } && decimal.TryParse(
            text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var price)
            && price <= MaxPrice && price == Math.Round(price, MaxDecimals) && (price != 0 || IsZero(text)))
        {
            return price;
        }

        YamlMap.Report(
            errors, node,
            $"A cost must be a number from 0 to {MaxPrice} with at most {MaxDecimals} decimals; of tokens, a mapping such as {Example}.");
        return null;
    }

    /// <summary>False for a number that is too small to be read as anything but 0.</summary>
    private static bool IsZero(string text) => text.AsSpan(0, text.AsSpan().IndexOfAny('e', 'E') is >= 0 and var end ? end : text.Length)
        .IndexOfAnyInRange('1', '9') < 0;
}
