namespace StashAI.Server.Demo;

/// <summary>The input of a demo: people to enrol, photos in which to find them, and skipped files.</summary>
internal sealed record DemoInput(
    IReadOnlyList<PersonToEnrol> People,
    IReadOnlyList<DemoPhoto> Photos,
    IReadOnlyList<SkippedPhoto> Skipped);

/// <summary>A photo that can be sent.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Name">The path relative to the searched folder, for people.</param>
/// <param name="Width">Pixels, upright (after EXIF orientation).</param>
/// <param name="Height">Pixels, upright.</param>
internal sealed record DemoPhoto(string Path, string Name, int Width, int Height);

/// <summary>A person to enrol, with photos.</summary>
/// <param name="Name">The person's name in the gallery.</param>
/// <param name="Photos">At least one.</param>
/// <param name="FaceAt">A point on the face (pixels of the upright photo), if a photo shows several people.</param>
internal sealed record PersonToEnrol(string Name, IReadOnlyList<DemoPhoto> Photos, (int X, int Y)? FaceAt);

/// <summary>A person of the gallery.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Photos">The enrolled photos, at least one.</param>
/// <param name="Face">The face in the first photo; null if the service did not report it.</param>
internal sealed record EnrolledPerson(string Name, IReadOnlyList<DemoPhoto> Photos, FaceBox? Face);

/// <summary>A file that was skipped, with the reason in words.</summary>
internal sealed record SkippedPhoto(string Name, string Reason);
