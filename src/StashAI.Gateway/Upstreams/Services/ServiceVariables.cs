namespace StashAI.Gateway.Upstreams.Services;

/// <summary>The variables that declarations may refer to.</summary>
internal sealed class ServiceVariables(Func<string, string?> environment)
{
    /// <summary>The value of a variable; null when it is not set.</summary>
    public string? Find(string name) => environment(name);
}
