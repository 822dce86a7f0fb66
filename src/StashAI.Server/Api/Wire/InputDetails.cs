namespace StashAI.Server.Api.Wire;

/// <summary>`?inputs=none|ref|full`: how much of the inputs an answer holds.</summary>
internal static class InputDetails
{
    public static InputDetail Of(HttpRequest request, InputDetail usual) => (string?)request.Query["inputs"] switch
    {
        null or "" => usual,
        "full" => InputDetail.Full,
        "ref" => InputDetail.Reference,
        "none" => InputDetail.None,
        var other => throw RequestException.Invalid("inputs", $"'{other}' cannot be; use none, ref or full."),
    };
}
