using System.Globalization;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>
/// A request body that is refused. <see cref="Status"/> is 400 (malformed JSON), 413 (a limit, named in <see cref="Setting"/>) or 422 (an
/// invalid payload). The message is safe to show to the client: it contains only positions and names.
/// </summary>
internal sealed class IntakeException : Exception
{
    private IntakeException(int status, string reason, string wayOut)
        : base($"{reason}; {wayOut}")
    {
        Status = status;
        Reason = reason;
        WayOut = wayOut;
    }

    /// <summary>The HTTP status to answer with.</summary>
    public int Status { get; }

    /// <summary>What is wrong, in one clause.</summary>
    public string Reason { get; }

    /// <summary>How the client or the operator can fix it.</summary>
    public string WayOut { get; }

    /// <summary>The invalid field, such as <c>images[3]</c> or <c>image_data.image_base64</c>.</summary>
    public string? Field { get; private init; }

    /// <summary>The zero-based index of the invalid item.</summary>
    public int? Item { get; private init; }

    /// <summary>The setting whose limit was exceeded.</summary>
    public string? Setting { get; private init; }

    internal static IntakeException Malformed(string what, string where) =>
        new(StatusCodes.Status400BadRequest, $"the body is not valid JSON: {what} ({where})", "send one JSON document encoded as UTF-8");

    internal static IntakeException Repeated(string field, string where) =>
        new(StatusCodes.Status400BadRequest, $"{field} is given twice ({where})", "send it once") { Field = field };

    internal static IntakeException TooLarge(string what, string setting, long limit, PayloadPath? path = null) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            string.Create(CultureInfo.InvariantCulture, $"{what} (limit {limit})"),
            $"send less at once, or raise {setting} on the server")
        {
            Setting = setting,
            Field = path?.ToString(),
            Item = path?.Item,
        };

    internal static IntakeException Unusable(PayloadPath path, string reason, string wayOut) =>
        new(StatusCodes.Status422UnprocessableEntity, $"{path} {reason}", wayOut) { Field = path.ToString(), Item = path.Item };
}
