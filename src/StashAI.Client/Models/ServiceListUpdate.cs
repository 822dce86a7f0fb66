using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>News of the services that are watched.</summary>
public sealed record ServiceListUpdate
{
    /// <summary>
    /// True for all services: forget what was shown before. They come first, and again after a broken connection.
    /// </summary>
    [JsonIgnore]
    public bool IsComplete { get; init; }

    /// <summary>True while the whole queue is paused.</summary>
    [JsonPropertyName("everything_paused")]
    public bool IsEverythingPaused { get; init; }

    /// <summary>When the pause of everything ends by itself; null without one, or until somebody resumes.</summary>
    public DateTimeOffset? EverythingPausedUntil { get; init; }

    /// <summary>All services; else those that are new or changed.</summary>
    public IReadOnlyList<Service> Services { get; init; } = [];

    /// <summary>The names of services that are gone.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
}
