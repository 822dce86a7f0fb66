using Fluid;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// A file as templates see it. Its bytes do not pass through the template: it writes a token in their place, which the request
/// replaces while it is sent.
/// </summary>
/// <param name="name">What the template calls it, for errors.</param>
/// <param name="token">Stands for the base64.</param>
/// <param name="dataUrl">Stands for the data URL.</param>
/// <param name="contentType">The media type, for example `image/png`.</param>
/// <param name="size">Bytes.</param>
internal sealed class TemplateFile(string name, string token, string dataUrl, string contentType, long size) : FluidValue
{
    /// <summary>What a template may ask of it.</summary>
    public static IReadOnlyList<string> Members { get; } = ["size", "content_type", "data_url"];

    /// <summary>Stands for the base64.</summary>
    public string Token => token;

    /// <summary>Stands for the data URL.</summary>
    public string DataUrl => dataUrl;

    public override FluidValues Type => FluidValues.Object;

    public override bool Equals(FluidValue? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => token.GetHashCode(StringComparison.Ordinal);

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => throw new RenderException($"{name} is a file and not a number.");

    public override string ToStringValue() => token;

    public override object ToObjectValue() => this;

    public override ValueTask<FluidValue> GetValueAsync(string member, TemplateContext context) => new(member switch
    {
        "size" => NumberValue.Create(size),
        "content_type" => new StringValue(contentType),
        "data_url" => new StringValue(dataUrl),
        _ => new NoValue($"{name} is a file and has no '{member}': it has {string.Join(", ", Members)}."),
    });
}
