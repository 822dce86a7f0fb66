using Fluid;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// A file as a template value. Its bytes do not pass through the template: the template writes a token, which is replaced by the bytes
/// while the request is sent.
/// </summary>
/// <param name="name">The file's name in templates, for errors.</param>
/// <param name="token">The token for the base64 text.</param>
/// <param name="dataUrl">The token for the data URL.</param>
/// <param name="contentType">The media type, for example <c>image/png</c>.</param>
/// <param name="size">The size in bytes.</param>
internal sealed class TemplateFile(string name, string token, string dataUrl, string contentType, long size) : FluidValue
{
    /// <summary>The members that templates can read.</summary>
    public static IReadOnlyList<string> Members { get; } = ["size", "content_type", "data_url"];

    /// <summary>The token for the base64 text.</summary>
    public string Token => token;

    /// <summary>The token for the data URL.</summary>
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
        _ => new NoValue($"{name} is a file and has no '{member}'; it has {string.Join(", ", Members)}."),
    });
}
