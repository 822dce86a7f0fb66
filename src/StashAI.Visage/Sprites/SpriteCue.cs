namespace StashAI.Visage.Sprites;

/// <summary>One picture of a sprite sheet: the time span of the video that it shows, and its rectangle on the sheet.</summary>
internal readonly record struct SpriteCue(TimeSpan Start, TimeSpan End, int X, int Y, int Width, int Height);
