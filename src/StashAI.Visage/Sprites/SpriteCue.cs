namespace StashAI.Visage.Sprites;

/// <summary>One small picture of a sprite sheet: from when to when it stands for the video, and where it is on the sheet.</summary>
internal readonly record struct SpriteCue(TimeSpan Start, TimeSpan End, int X, int Y, int Width, int Height);
