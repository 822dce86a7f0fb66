namespace StashAI.Gateway.Wire.Previews;

/// <summary>How long one answer waits, all its photos together, for previews that are not made yet.</summary>
internal sealed record PreviewPace(TimeSpan PerAnswer)
{
    /// <summary>The plugin reads fifty jobs one after the other within 15 s.</summary>
    public static PreviewPace Default { get; } = new(TimeSpan.FromMilliseconds(100));
}
