namespace StashAI.Server.Demo;

/// <summary>What a demo works on: people to enrol, photos to look for them in, and files left out.</summary>
internal sealed record DemoInput(
    IReadOnlyList<PersonToEnrol> People,
    IReadOnlyList<DemoPhoto> Photos,
    IReadOnlyList<SkippedPhoto> Skipped);

/// <summary>A photo that can be sent.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path below the folder that was searched, as people know it.</param>
/// <param name="Width">Pixels, upright (after EXIF orientation).</param>
/// <param name="Height">Pixels, upright.</param>
internal sealed record DemoPhoto(string Path, string Name, int Width, int Height);

/// <summary>A person and the photos to know them from.</summary>
/// <param name="Name">What they are called in the gallery.</param>
/// <param name="Photos">At least one.</param>
/// <param name="FaceAt">A point on their face (pixels of the upright photo) where a photo shows several people.</param>
internal sealed record PersonToEnrol(string Name, IReadOnlyList<DemoPhoto> Photos, (int X, int Y)? FaceAt);

/// <summary>A person of the gallery.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="Photos">The photos they are known from, at least one.</param>
/// <param name="Face">Their face in the first photo; null when the service did not say.</param>
internal sealed record EnrolledPerson(string Name, IReadOnlyList<DemoPhoto> Photos, FaceBox? Face);

/// <summary>A file that was not used, and why, in words.</summary>
internal sealed record SkippedPhoto(string Name, string Reason);
