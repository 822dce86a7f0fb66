namespace StashAI.Server.Demo.Photos;

/// <summary>A photo that can be sent.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path below the folder that was searched, as people know it.</param>
/// <param name="Width">Pixels, upright (after EXIF orientation).</param>
/// <param name="Height">Pixels, upright.</param>
internal sealed record DemoPhoto(string Path, string Name, int Width, int Height);
