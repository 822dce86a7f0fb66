using System.Net;
using StashAI.Client.Errors;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Remote;

/// <summary>What a person reads when a request to a server failed, and the exit code.</summary>
internal static class ServerErrors
{
    public static int ExitCode(StashException exception) => exception switch
    {
        StashUnreachableException => ExitCodes.Unreachable,
        StashNotAllowedException => ExitCodes.NotAllowed,
        StashInvalidRequestException or StashNotFoundException or IdPrefixException => ExitCodes.Usage,
        _ => ExitCodes.Failure,
    };

    public static string Sentence(StashException exception) => exception switch
    {
        StashUnreachableException => $"{exception.Message} Is it running? --server or STASHAI_URL names another.",
        StashNotAllowedException { Status: HttpStatusCode.Unauthorized } =>
            $"{exception.Message} Give a key with STASHAI_KEY, --key or 'stashai login'.",
        _ => exception.Message,
    };

    /// <summary>The fields and items at fault, where the message names only the first of several.</summary>
    public static IEnumerable<string> Further(StashException exception) =>
        exception.Errors.Count > 1 ? exception.Errors.Select(error => $"{error.Field ?? $"item {error.Item}"}: {error.Reason}") : [];
}
