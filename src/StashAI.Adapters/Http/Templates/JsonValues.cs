using System.Collections;
using System.Text.Json;
using Fluid;
using Fluid.Values;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>Converts JSON to template values. Values are converted when they are used, and numbers keep their digits.</summary>
internal static class JsonValues
{
    /// <param name="value">The JSON value.</param>
    /// <param name="path">The value's path in templates, for errors.</param>
    /// <param name="schema">The declared schema of the value; null when it is unknown.</param>
    public static FluidValue Of(JsonElement value, string path, FieldSchema? schema) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value, path, schema, JsonObject.NoFiles),
        JsonValueKind.Array => new ArrayValue(new JsonList(value, path, schema?.Element)),
        JsonValueKind.String => LargeText.IsLarge(value) ? new LargeText(value) : new StringValue(value.GetString()),
        JsonValueKind.Number => Number(value.GetRawText()),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        _ => NoValue.Optional,
    };

    private static FluidValue Number(string text)
    {
        var number = ExactNumber.Read(text) ?? throw new RenderException(
            $"the number {Excerpt.Of(text)} has more than 1000 characters, or an exponent of more than 15 digits.");
        return number.ToDecimal() is { } value && NumberText.Of(value) == text ? NumberValue.Create(value) : new JsonNumber(number);
    }
}

/// <summary>A JSON object, in which some members may be files.</summary>
internal sealed class JsonObject : FluidValue
{
    private readonly JsonElement element;
    private readonly string path;
    private readonly FieldSchema? schema;
    private readonly Func<IReadOnlyDictionary<string, FluidValue>>? makeFiles;
    private IReadOnlyDictionary<string, FluidValue>? files;

    /// <summary>The members that were used so far.</summary>
    private Dictionary<string, FluidValue>? members;

    public JsonObject(JsonElement element, string path, FieldSchema? schema, IReadOnlyDictionary<string, FluidValue> files) =>
        (this.element, this.path, this.schema, this.files) = (element, path, schema, files);

    /// <summary>An object whose members are made when one of them is used.</summary>
    public JsonObject(JsonElement element, string path, Func<IReadOnlyDictionary<string, FluidValue>> members) =>
        (this.element, this.path, makeFiles) = (element, path, members);

    /// <summary>The files of an object that has none.</summary>
    public static IReadOnlyDictionary<string, FluidValue> NoFiles { get; } = new Dictionary<string, FluidValue>();

    /// <summary>The members that are files.</summary>
    public IReadOnlyDictionary<string, FluidValue> Files => files ??= makeFiles!();

    /// <summary>The JSON object; undefined when all members are files.</summary>
    public JsonElement Element => element;

    public override FluidValues Type => FluidValues.Dictionary;

    public override bool Equals(FluidValue? other) => other is JsonObject same && JsonElement.DeepEquals(element, same.Element);

    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);

    /// <summary>Equal for equal objects, whatever the order of their members.</summary>
    public override int GetHashCode()
    {
        if (element.ValueKind != JsonValueKind.Object) return 0;
        var hash = 0;
        foreach (var member in element.EnumerateObject()) hash += HashCode.Combine(member.Name, Hash(member.Value));
        return hash;
    }

    private static int Hash(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => HashCode.Combine(value.GetString()),
        JsonValueKind.Number => HashCode.Combine(ExactNumber.Of(value)),
        _ => HashCode.Combine(value.GetRawText()),
    };

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => throw new RenderException($"{path} is an object and not a number.");

    public override string ToStringValue() =>
        throw new RenderException($"{path} is an object: write it with | json, or name a member of it.");

    public override object ToObjectValue() => this;

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) => new(Member(name));

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => new(Member(index.ToStringValue()));

    public override bool Contains(FluidValue value) => !Member(value.ToStringValue()).IsNil();

    public override IEnumerable<FluidValue> Enumerate(TemplateContext context)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (Files.ContainsKey(property.Name)) continue;
                yield return new ArrayValue(
                    [
                        new StringValue(property.Name),
                        JsonValues.Of(property.Value, $"{path}.{property.Name}", schema?.Find(property.Name)),
                    ]);
            }
        }

        foreach (var (name, file) in Files) yield return new ArrayValue([new StringValue(name), file]);
    }

    /// <summary>The number of members, including files.</summary>
    public int Count => (element.ValueKind == JsonValueKind.Object ? element.GetPropertyCount() : 0) + Files.Count;

    public FluidValue Member(string name)
    {
        if (Files.TryGetValue(name, out var file)) return file;
        if (members is not null && members.TryGetValue(name, out var known)) return known;
        var value = Find(name);
        (members ??= new Dictionary<string, FluidValue>(StringComparer.Ordinal))[name] = value;
        return value;
    }

    private FluidValue Find(string name)
    {
        var declared = schema?.Find(name);
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value))
        {
            return JsonValues.Of(value, $"{path}.{name}", declared);
        }

        if (declared is not null) return NoValue.Optional;
        return name == "size" ? NumberValue.Create(Count) : new NoValue($"{path} has no '{Excerpt.Of(name)}' for this item.");
    }
}

/// <summary>A JSON list whose elements are converted when they are used.</summary>
internal sealed class JsonList : IReadOnlyList<FluidValue>
{
    private readonly string path;
    private readonly FieldSchema? schema;
    private readonly FluidValue?[] values;
    private JsonElement[]? elements;

    public JsonList(JsonElement element, string path, FieldSchema? schema)
    {
        (Element, this.path, this.schema) = (element, path, schema);
        values = new FluidValue?[element.GetArrayLength()];
    }

    public JsonElement Element { get; }

    public int Count => values.Length;

    public FluidValue this[int index] =>
        values[index] ??= JsonValues.Of((elements ??= [.. Element.EnumerateArray()])[index], $"{path}[{index}]", schema);

    public IEnumerator<FluidValue> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>
/// A number that a decimal cannot represent with the same text. It is written unchanged; calculations work if a decimal can represent its
/// value.
/// </summary>
internal sealed class JsonNumber(ExactNumber number) : FluidValue
{
    public ExactNumber Number => number;

    public override FluidValues Type => FluidValues.Number;

    public override bool Equals(FluidValue? other) => other switch
    {
        JsonNumber same => number == same.Number,
        NumberValue decimals => number == ExactNumber.Read(NumberText.Of(decimals.ToNumberValue())),
        _ => false,
    };

    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);

    public override int GetHashCode() => number.GetHashCode();

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() =>
        number.ToDecimal() ?? throw new RenderException(
            $"{Excerpt.Of(number.Text)} has too many digits to calculate or compare with; at most 28 are possible.");

    public override string ToStringValue() => number.Text;

    public override object ToObjectValue() => this;
}
