using Fluid;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// The value of a name without a value. A declared value that was not given is omitted from the output. Any other missing value is an
/// error, but only when it is written or filtered, so that <c>if</c> and <c>default</c> can test for it.
/// </summary>
/// <param name="reason">Why it cannot be written; null for a declared value that was not given.</param>
internal sealed class NoValue(string? reason) : FluidValue
{
    /// <summary>A declared value that was not given.</summary>
    public static NoValue Optional { get; } = new(null);

    public string? Reason => reason;

    public override FluidValues Type => FluidValues.Nil;

    public override bool IsNil() => true;

    public override bool Equals(FluidValue? other) => other?.IsNil() is true;

    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);

    public override int GetHashCode() => 0;

    public override bool ToBooleanValue() => false;

    public override decimal ToNumberValue() => reason is null ? 0 : throw new RenderException(reason);

    public override string ToStringValue() => reason is null ? "" : throw new RenderException(reason);

    public override object ToObjectValue() => null!;

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) => new(this);

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => new(this);

    public override IEnumerable<FluidValue> Enumerate(TemplateContext context) => reason is null ? [] : throw new RenderException(reason);
}
