using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>`?inputs=none|ref|full`: how much of the inputs an answer holds.</summary>
internal static class InputDetails
{
    /// <summary>Up to this many bytes of photos are sent back with a job's detail unless the client says otherwise.</summary>
    public const long FullInputLimit = 4L * 1024 * 1024;

    public static InputDetail Of(HttpRequest request, InputDetail usual) => (string?)request.Query["inputs"] switch
    {
        null or "" => usual,
        "full" => InputDetail.Full,
        "ref" => InputDetail.Reference,
        "none" => InputDetail.None,
        var other => throw RequestException.Invalid("inputs", $"'{other}' cannot be; use none, ref or full."),
    };
}
