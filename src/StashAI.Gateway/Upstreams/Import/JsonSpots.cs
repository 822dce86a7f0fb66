using System.Globalization;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>The simple values of a JSON text with their positions, so that everything else can stay as written.</summary>
internal sealed class JsonSpots
{
    private readonly byte[] json;
    private readonly List<(int Start, int End, ItemSpot Spot)> values = [];

    private JsonSpots(byte[] json) => this.json = json;

    public IEnumerable<ItemSpot> All => values.Select(value => value.Spot);

    public bool IsObject { get; private set; }

    /// <summary>False if there is white space between tokens.</summary>
    public bool IsCompact { get; private set; } = true;

    /// <exception cref="ImportException">It is not JSON.</exception>
    public static JsonSpots Read(string text)
    {
        var spots = new JsonSpots(Encoding.UTF8.GetBytes(text));
        try
        {
            spots.Read();
            return spots;
        }
        catch (JsonException exception)
        {
            var hint = ShellVariables.Has(text)
                ? $" A shell variable (${ShellVariables.FirstIn(text)}) can only be used inside a string."
                : "";
            throw new ImportException($"the body is not JSON: {exception.Message.Split(" LineNumber")[0]}{hint}");
        }
    }

    /// <summary>Rewrites the text with other values; null keeps a value.</summary>
    /// <param name="replace">Returns the replacement for a value and its text in the JSON.</param>
    /// <param name="between">Rewrites the text between values, including names.</param>
    public string Rewrite(Func<ItemSpot, string, string?> replace, Func<string, string> between)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (var (start, end, spot) in values)
        {
            text.Append(between(Encoding.UTF8.GetString(json, at, start - at)));
            var raw = Encoding.UTF8.GetString(json, start, end - start);
            text.Append(replace(spot, raw) ?? raw);
            at = end;
        }

        return text.Append(between(Encoding.UTF8.GetString(json, at, json.Length - at))).ToString();
    }

    private void Read()
    {
        var reader = new Utf8JsonReader(json);
        var open = new List<Frame>();
        var last = 0;
        while (reader.Read())
        {
            if (json.AsSpan(last, (int)reader.TokenStartIndex - last).IndexOfAny(" \t\r\n"u8) >= 0) IsCompact = false;
            last = (int)reader.BytesConsumed;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    open[^1].Name = Text(ref reader) ?? "?";
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    IsObject |= open.Count == 0 && reader.TokenType == JsonTokenType.StartObject;
                    open.Add(new Frame(reader.TokenType == JsonTokenType.StartArray));
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.RemoveAt(open.Count - 1);
                    break;
                default:
                    Add(ref reader, open);
                    break;
            }

            if (open.Count > 0) open[^1].Index++;
        }

        if (json.AsSpan(last).IndexOfAny(" \t\r\n"u8) >= 0) IsCompact = false;
    }

    private void Add(ref Utf8JsonReader reader, List<Frame> open)
    {
        var name = open.FindLast(frame => !frame.IsArray)?.Name ?? "";
        var place = string.Concat(
            open.Select(frame => "/" + (frame.IsArray ? frame.Index.ToString(CultureInfo.InvariantCulture) : frame.Name)));
        var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
        if (reader.TokenType != JsonTokenType.String)
        {
            var kind = reader.TokenType switch
            {
                JsonTokenType.Number => JsonValueKind.Number,
                JsonTokenType.True => JsonValueKind.True,
                JsonTokenType.False => JsonValueKind.False,
                _ => JsonValueKind.Null,
            };
            values.Add((
                start,
                end,
                new ItemSpot(place, name, Encoding.UTF8.GetString(json, start, end - start)) { Depth = open.Count, Kind = kind }));
        }
        else if (Text(ref reader) is { } text)
        {
            values.Add((start, end, ItemSpot.Of(place, name, text, open.Count)));
        }
    }

    /// <summary>Null for an unpaired surrogate, which is not text and stays as it is.</summary>
    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An object or array that is being read.</summary>
    private sealed class Frame(bool isArray)
    {
        public bool IsArray { get; } = isArray;

        /// <summary>The current member.</summary>
        public string Name { get; set; } = "";

        public int Index { get; set; }
    }
}
