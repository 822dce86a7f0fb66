namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>Routes of OpenAI's API that services speak, where they differ from one another.</summary>
internal static class OpenAiPaths
{
    /// <summary>Takes a form with a recording.</summary>
    public const string Transcriptions = "/v1/audio/transcriptions";

    /// <summary>The formats of a transcription that are text.</summary>
    public static IReadOnlyList<string> TextFormats { get; } = ["text", "srt", "vtt"];
}
