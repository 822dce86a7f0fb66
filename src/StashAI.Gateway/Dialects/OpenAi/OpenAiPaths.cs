namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>Routes of OpenAI's API that services speak, where they differ from one another.</summary>
internal static class OpenAiPaths
{
    /// <summary>Takes messages.</summary>
    public const string Chat = "/v1/chat/completions";

    /// <summary>Takes instructions and an input.</summary>
    public const string Responses = "/v1/responses";

    /// <summary>Takes a form with a recording.</summary>
    public const string Transcriptions = "/v1/audio/transcriptions";

    /// <summary>The formats of a transcription that are text.</summary>
    public static IReadOnlyList<string> TextFormats { get; } = ["text", "srt", "vtt"];
}
