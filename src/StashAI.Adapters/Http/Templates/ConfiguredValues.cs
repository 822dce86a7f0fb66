namespace StashAI.Adapters.Http.Templates;

/// <summary>The values from the operator's environment that the templates of a call use.</summary>
/// <param name="References">
/// The values of references such as <c>${NAME}</c> and <c>${file:/path}</c>, by the variables that replace them in templates.
/// </param>
/// <param name="Config">The values of the configuration keys that come from the environment.</param>
internal sealed record ConfiguredValues(IReadOnlyDictionary<string, string> References, IReadOnlyDictionary<string, string> Config)
{
    /// <summary>No values, for an address that must not receive them.</summary>
    public static ConfiguredValues None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, string>());
}
