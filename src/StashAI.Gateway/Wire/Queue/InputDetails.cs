using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Reads <c>?inputs=none|ref|full</c>, which selects how much of the inputs an answer contains.</summary>
internal static class InputDetails
{
    /// <summary>The most bytes of photos that a job's details contain by default.</summary>
    public const long FullInputLimit = 4L * 1024 * 1024;

    public static InputDetail Of(HttpRequest request, InputDetail usual) => (string?)request.Query["inputs"] switch
    {
        null or "" => usual,
        "full" => InputDetail.Full,
        "ref" => InputDetail.Reference,
        "none" => InputDetail.None,
        var other => throw RequestException.Invalid("inputs", $"'{other}' is not valid; use none, ref or full."),
    };
}
