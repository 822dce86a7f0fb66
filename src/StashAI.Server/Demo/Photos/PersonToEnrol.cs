namespace StashAI.Server.Demo.Photos;

/// <summary>A person and the photos to know them from.</summary>
/// <param name="Name">What they are called in the gallery.</param>
/// <param name="Photos">At least one.</param>
/// <param name="FaceAt">A point on their face (pixels of the upright photo) where a photo shows several people.</param>
internal sealed record PersonToEnrol(string Name, IReadOnlyList<DemoPhoto> Photos, (int X, int Y)? FaceAt);
