using System.Runtime.InteropServices;
using System.Text.Json;
using Fluid;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// A large text of an item. Where a body takes it as it is, it does not pass through the template: the template writes a token, which is
/// replaced by the bytes of the item while the request is sent. Everywhere else it is an ordinary text.
/// </summary>
/// <param name="element">The text in the item.</param>
internal sealed class LargeText(JsonElement element) : FluidValue
{
    /// <summary>Texts and values of fewer bytes pass through templates.</summary>
    public const int MinBytes = 64 * 1024;

    private StringValue? whole;

    /// <summary>True for a string that is large, and text: with half of a surrogate pair it is none.</summary>
    public static bool IsLarge(JsonElement value) =>
        JsonMarshal.GetRawUtf8Value(value) is { Length: >= MinBytes } raw && JsonEscapes.CountBytes(raw[1..^1]) is not null;

    /// <summary>The text in the item.</summary>
    public JsonElement Element => element;

    public override FluidValues Type => FluidValues.String;

    /// <summary>The text as an ordinary value.</summary>
    public StringValue Whole => whole ??= new StringValue(element.GetString());

    /// <summary>A large text as an ordinary value; any other value unchanged.</summary>
    public static FluidValue Open(FluidValue value) => value is LargeText text ? text.Whole : value;

    public override bool Equals(FluidValue? other) => other is not null && Whole.Equals(Open(other));

    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);

    public override int GetHashCode() => Whole.GetHashCode();

    public override bool ToBooleanValue() => Whole.ToBooleanValue();

    public override decimal ToNumberValue() => Whole.ToNumberValue();

    public override string ToStringValue() => Whole.ToStringValue();

    public override object ToObjectValue() => Whole.ToObjectValue();

    public override bool Contains(FluidValue value) => Whole.Contains(value);

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) => Whole.GetValueAsync(name, context);

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => Whole.GetIndexAsync(index, context);

    public override IEnumerable<FluidValue> Enumerate(TemplateContext context) => Whole.Enumerate(context);
}
