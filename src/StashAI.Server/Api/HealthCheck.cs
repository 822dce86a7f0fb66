namespace StashAI.Server.Api;

/// <summary>How one part of this process is.</summary>
/// <param name="Name">The part, such as `visage`.</param>
/// <param name="Status">One of the words below.</param>
/// <param name="Detail">What is wrong and how to mend it; null where nothing is.</param>
internal sealed record HealthCheck(string Name, string Status, string? Detail)
{
    public const string Up = "up";

    /// <summary>It has not failed; the server is as healthy as without it.</summary>
    public const string Starting = "starting";

    public const string Down = "down";
}
