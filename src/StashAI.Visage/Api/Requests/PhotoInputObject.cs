namespace StashAI.Visage.Api.Requests;

/// <summary>The object form of a <see cref="PhotoInput"/>.</summary>
internal sealed record PhotoInputObject
{
    public ImageBytes? Image { get; init; }

    public ImageBytes? ImageData { get; init; }

    public FaceChoice? Face { get; init; }
}
