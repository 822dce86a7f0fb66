namespace StashAI.Hosting.Bodies;

/// <summary>A compressed body that cannot be read; its message is for the client.</summary>
public sealed class CodedBodyException(string message, int statusCode, Exception? cause = null)
    : BadHttpRequestException(message, statusCode, cause!);
