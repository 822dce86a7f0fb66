using System.Globalization;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Json;

/// <summary>Reads optional fields of a JSON object. A field of the wrong type is refused by its full name.</summary>
internal readonly struct JsonFields(string path, JsonElement? element, int? item = null)
{
    public bool Exists => element is not null;

    /// <summary>The fields of a body, which must be an object.</summary>
    public static JsonFields Root(JsonElement body) => body.ValueKind == JsonValueKind.Object
        ? new JsonFields("", body)
        : throw RequestException.Missing("body", "The body must be a JSON object.");

    /// <summary>The fields of an item of a list, which must be an object. Refusals name the item.</summary>
    public static JsonFields Item(string list, int index, JsonElement item) => item.ValueKind == JsonValueKind.Object
        ? new JsonFields($"{list}[{index}]", item, index)
        : throw new RequestException(Problem.Invalid($"{list}[{index}] must be an object.", $"{list}[{index}]", index));

    public bool Has(string name) => Find(name) is not null;

    /// <summary>A value of any type; null for none.</summary>
    public JsonElement? Value(string name) => Find(name);

    /// <summary>A text. Numbers are accepted too, because ids may be sent as either.</summary>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => throw Invalid(name, "must be a text."),
    };

    /// <summary>A number in a range, as a number or as text.</summary>
    public double? Number(string name, double least, double most)
    {
        if (Find(name) is not { } value) return null;
        return Exact(value) is { } exact && double.Parse(exact.Text, NumberStyles.Float, CultureInfo.InvariantCulture) is var number
            && number >= least && number <= most
            ? number
            : throw Invalid(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}."));
    }

    /// <summary>A whole number in a range.</summary>
    public int? Integer(string name, int least, int most)
    {
        if (Find(name) is not { } value) return null;
        return Exact(value) is { IsInteger: true } number && number >= ExactNumber.Of(least) && number <= ExactNumber.Of(most)
            ? (int)number.ToDecimal()!.Value
            : throw Invalid(name, $"must be a whole number from {least} to {most}.");
    }

    /// <summary>A whole number in a range, which may be larger than an <see cref="int"/>.</summary>
    public long? LongInteger(string name, long least, long most)
    {
        if (Find(name) is not { } value) return null;
        return Exact(value) is { IsInteger: true } number && number >= ExactNumber.Of(least) && number <= ExactNumber.Of(most)
            ? (long)number.ToDecimal()!.Value
            : throw Invalid(name, $"must be a whole number from {least} to {most}.");
    }

    /// <summary>A boolean, also as text (C-22).</summary>
    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } value when bool.TryParse(value.GetString(), out var flag) => flag,
        _ => throw Invalid(name, "must be true or false."),
    };

    /// <summary>A text; null for any other type.</summary>
    public string? Word(string name) => Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A time as in RFC 3339 (C-23): date, time and offset from UTC. Other formats are ambiguous.</summary>
    public DateTimeOffset? Time(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when Rfc3339.Read(value.GetString()!) is { } time => time,
        _ => throw Invalid(name, "must be a time with its offset from UTC, such as 2030-01-31T08:00:00Z or 2030-01-31T10:00:00+02:00."),
    };

    public JsonElement? Object(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value,
        _ => throw Invalid(name, "must be an object."),
    };

    public JsonElement? Array(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value => value,
        _ => throw Invalid(name, "must be a list."),
    };

    /// <summary>All other fields.</summary>
    public IEnumerable<JsonProperty> Others(params string[] except) =>
        element is { } value ? value.EnumerateObject().Where(property => !except.Contains(property.Name)) : [];

    /// <summary>Refuses unknown fields, and suggests the most similar name; refuses known ones that are given twice too.</summary>
    public void RefuseUnknown(params IReadOnlyCollection<string> known)
    {
        if (element is not { } value) return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (!seen.Add(property.Name)) throw Invalid(Excerpt.Of(property.Name), "is given more than once; send it once.");
            if (!known.Contains(property.Name))
            {
                throw Invalid(
                    Excerpt.Of(property.Name),
                    $"is not known.{FieldCheck.Suggest(property.Name, known)}{Excerpt.KnownFields(known)}");
            }
        }
    }

    private static ExactNumber? Exact(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? ExactNumber.Read(value.GetString()) : ExactNumber.Of(value);

    private JsonElement? Find(string name) =>
        element is { } parent && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A value as UTF-8 JSON; empty for none.</summary>
    public byte[] Raw(string name) => Find(name) is { } value ? Encoding.UTF8.GetBytes(value.GetRawText()) : [];

    /// <summary>The full name of a field.</summary>
    public string NameOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The refusal of a field by its full name.</summary>
    public RequestException Invalid(string name, string reason)
    {
        var field = NameOf(name);
        return new RequestException(Problem.Invalid($"{field}: {reason}", field, item));
    }
}
