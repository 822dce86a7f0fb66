using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>The words for kinds of errors.</summary>
internal static class ErrorWords
{
    public static string Of(ErrorKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
