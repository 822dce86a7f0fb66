using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Summarizes the results of a job as the declaration says: counts, sums, means, minimums, maximums, and counts by value.
/// </summary>
internal sealed class DeclaredFold(IReadOnlyList<FoldField> fields) : IResultFold
{
    /// <summary>The most bytes of a number and the sign before its name.</summary>
    private const int MaxNumberBytes = 21;

    /// <summary>How many values a count by value lists; the most frequent ones are kept.</summary>
    public const int MaxValues = 200;

    private const int MaxKeyLength = 100;

    /// <summary>The names as they are written before their values.</summary>
    private readonly byte[][] members = [.. fields.Select(field => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(field.Name)}\":"))];
    private readonly int sumBytes = fields.Sum(
        field => JsonEncodedText.Encode(field.Name).EncodedUtf8Bytes.Length + "\"\":"u8.Length + MaxNumberBytes) + "{}"u8.Length;
    private readonly byte[][] names = [.. fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];

    /// <summary>Reads the numbers of a summary that only adds; null for any other.</summary>
    private readonly NumberScan? sums = fields.All(field => field.Kind == FoldKind.Sum)
        ? NumberScan.For([.. fields.Select(field => field.Pointer)]) : null;

    /// <summary>
    /// True for sums of the tokens that calls took. An answer in which one of them is no count adds nothing, as it has no cost.
    /// </summary>
    public bool CountsTokens { get; init; }

    public bool CountsCalls => CountsTokens;

    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output)
    {
        if (sums is not null && sums.TryRead(output.Span) is { } numbers)
        {
            var isOdd = CountsTokens && Array.Exists(numbers, one => one is { } number && !TokenCount.Is(number));
            return WriteSums(isOdd ? new long?[numbers.Length] : numbers);
        }

        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        if (CountsTokens) return WriteSums(TokensOf(root));
        return Write(json =>
        {
            foreach (var field in fields)
            {
                json.WritePropertyName(field.Name);
                WriteMapped(json, field, field.Pointer.Find(root));
            }
        });
    }

    public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates)
    {
        var merged = fields.Select(field => new MergedField(field.Kind)).ToArray();
        try
        {
            foreach (var aggregate in aggregates) Add(aggregate.Span, merged);
            return Write(json =>
            {
                for (var i = 0; i < fields.Count; i++)
                {
                    json.WritePropertyName(fields[i].Name);
                    if (merged[i].Sum is { } sum) WriteNumber(json, sum.Text ?? (fields[i].Kind == FoldKind.Count ? "0" : null));
                    else WriteMerged(json, fields[i].Kind, [.. merged[i].Values.Select(value => value.RootElement)]);
                }
            });
        }
        finally
        {
            foreach (var value in merged.SelectMany(field => field.Values)) value.Dispose();
        }
    }

    /// <summary>The counts of an answer, null for those that it does not have; all are null where one of them is no count.</summary>
    private long?[] TokensOf(JsonElement root)
    {
        var counts = new long?[fields.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            if (fields[i].Pointer.Find(root) is not { ValueKind: not JsonValueKind.Null } found) continue;
            if ((counts[i] = TokenCount.Of(found)) is null) return new long?[counts.Length];
        }

        return counts;
    }

    /// <summary>Writes numbers as they are: nearly all results have nothing else, and need no writer of JSON.</summary>
    private ReadOnlyMemory<byte> WriteSums(long?[] numbers)
    {
        var json = new byte[sumBytes];
        var length = 0;
        json[length++] = (byte)'{';
        for (var i = 0; i < numbers.Length; i++)
        {
            if (i > 0) json[length++] = (byte)',';
            members[i].CopyTo(json.AsSpan(length));
            length += members[i].Length;
            if (numbers[i] is { } number)
            {
                Utf8Formatter.TryFormat(number, json.AsSpan(length), out var written);
                length += written;
            }
            else
            {
                "null"u8.CopyTo(json.AsSpan(length));
                length += "null"u8.Length;
            }
        }

        json[length++] = (byte)'}';
        return json.AsMemory(0, length);
    }

    /// <summary>Adds the fields of one aggregate. A declaration may gain and lose fields while a job is running.</summary>
    private void Add(ReadOnlySpan<byte> aggregate, MergedField[] merged)
    {
        var reader = new Utf8JsonReader(aggregate);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("The aggregate is not an object.");
        for (var next = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
        {
            var index = IndexOf(ref reader, next);
            next = index + 1;
            reader.Read();
            if (index < 0) reader.Skip();
            else merged[index].Add(ref reader);
        }
    }

    /// <summary>The field whose name the reader is at; -1 for none. They usually come in their order.</summary>
    private int IndexOf(ref Utf8JsonReader reader, int next)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var index = (next + i) % names.Length;
            if (reader.ValueTextEquals(names[index])) return index;
        }

        return -1;
    }

    private static void WriteMapped(Utf8JsonWriter json, FoldField field, JsonElement? found)
    {
        if (field.Kind == FoldKind.Sum && found is { ValueKind: JsonValueKind.Number } plain && plain.TryGetInt64(out var whole))
        {
            json.WriteNumberValue(whole);
            return;
        }

        var number = found is { } value ? ExactNumber.Of(value) : null;
        switch (field.Kind)
        {
            case FoldKind.Count:
                json.WriteNumberValue(found is { ValueKind: not (JsonValueKind.Null or JsonValueKind.False) } ? 1 : 0);
                break;
            case FoldKind.Sum:
                // Nothing to add up is not zero: no answer said how long it was.
                WriteNumber(json, number is { } one ? ExactSum.Of([one]).Text : null);
                break;
            case FoldKind.Min or FoldKind.Max:
                WriteNumber(json, number?.Text);
                break;
            case FoldKind.Mean:
                var sum = ExactSum.Of(number is { } only ? [only] : []);
                WriteMean(json, sum, sum.Count);
                break;
            default:
                json.WriteStartObject();
                if (found is { ValueKind: JsonValueKind.Array } many)
                {
                    foreach (var key in many.EnumerateArray().Select(KeyOf).Distinct()) json.WriteNumber(key, 1);
                }
                else if (found is { ValueKind: not JsonValueKind.Null } single)
                {
                    json.WriteNumber(KeyOf(single), 1);
                }

                json.WriteEndObject();
                break;
        }
    }

    private static void WriteMerged(Utf8JsonWriter json, FoldKind kind, IReadOnlyList<JsonElement> parts)
    {
        var numbers = parts.Select(ExactNumber.Of).OfType<ExactNumber>().ToList();
        switch (kind)
        {
            case FoldKind.Min:
                WriteNumber(json, numbers.Count == 0 ? null : numbers.Min().Text);
                break;
            case FoldKind.Max:
                WriteNumber(json, numbers.Count == 0 ? null : numbers.Max().Text);
                break;
            case FoldKind.Mean:
                var means = parts.Where(part => part.ValueKind == JsonValueKind.Object).ToList();
                var sums = means.Select(part => ExactNumber.Of(part.GetProperty("sum"))).OfType<ExactNumber>().ToList();
                WriteMean(json, ExactSum.Of(sums), means.Sum(part => part.GetProperty("count").GetInt64()));
                break;
            default:
                WriteCounts(json, parts);
                break;
        }
    }

    private static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<JsonElement> parts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var property in parts.Where(part => part.ValueKind == JsonValueKind.Object).SelectMany(part => part.EnumerateObject()))
            counts[property.Name] = counts.GetValueOrDefault(property.Name) + property.Value.GetInt64();
        json.WriteStartObject();
        foreach (var (name, count) in counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(MaxValues))
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
    }

    private static void WriteMean(Utf8JsonWriter json, ExactSum sum, long count)
    {
        json.WriteStartObject();
        json.WritePropertyName("mean");
        WriteNumber(json, count == 0 ? null : sum.Mean(count));
        json.WritePropertyName("sum");
        json.WriteRawValue(sum.Text);
        json.WriteNumber("count", count);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string? number)
    {
        if (number is null) json.WriteNullValue();
        else json.WriteRawValue(number);
    }

    private static string KeyOf(JsonElement value) => JsonText.Truncate(JsonText.Of(value), MaxKeyLength);

    private static byte[] Write(Action<Utf8JsonWriter> fields) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    });

    /// <summary>What all aggregates have of one field.</summary>
    private sealed class MergedField(FoldKind kind)
    {
        /// <summary>The sum of a field whose numbers are only added; null for any other.</summary>
        public NumberSum? Sum { get; } = kind is FoldKind.Sum or FoldKind.Count ? new() : null;

        /// <summary>The values of any other field.</summary>
        public List<JsonDocument> Values { get; } = [];

        public void Add(ref Utf8JsonReader reader)
        {
            if (Sum is null) Values.Add(JsonDocument.ParseValue(ref reader));
            else if (reader.TokenType == JsonTokenType.Number) Sum.Add(ref reader);
            else reader.Skip();
        }
    }
}

/// <summary>One field of a summary: its name, its kind, and where results have the value.</summary>
internal sealed record FoldField(string Name, FoldKind Kind, JsonPointer Pointer);

/// <summary>How the values of all results are combined.</summary>
internal enum FoldKind
{
    /// <summary>The number of results that have a value other than null and false.</summary>
    Count,

    /// <summary>The sum; null when no result has a number.</summary>
    Sum,

    /// <summary>The smallest number.</summary>
    Min,

    /// <summary>The largest number.</summary>
    Max,

    /// <summary>The mean, with the sum and the count.</summary>
    Mean,

    /// <summary>The number of results for each value.</summary>
    CountBy,
}
