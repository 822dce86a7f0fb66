namespace StashAI.Adapters.Http.Templates;

/// <summary>What the operator's environment gives to the templates of one call.</summary>
/// <param name="References">The values of `${NAME}` and `${file:/path}`, by the names that templates have for them.</param>
/// <param name="Config">The keys of the configuration whose values the environment has.</param>
internal sealed record ConfiguredValues(IReadOnlyDictionary<string, string> References, IReadOnlyDictionary<string, string> Config)
{
    /// <summary>For an address that gets nothing of the operator's.</summary>
    public static ConfiguredValues None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, string>());
}
