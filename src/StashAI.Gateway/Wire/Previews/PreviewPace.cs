namespace StashAI.Gateway.Wire.Previews;

/// <summary>How long one answer waits for missing previews, over all its photos.</summary>
internal sealed record PreviewPace(TimeSpan PerAnswer)
{
    /// <summary>Short enough for the plugin, which reads fifty jobs one after the other within 15 s.</summary>
    public static PreviewPace Default { get; } = new(TimeSpan.FromMilliseconds(100));
}
