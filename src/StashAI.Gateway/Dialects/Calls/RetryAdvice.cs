using System.Globalization;

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>
/// Tells SDKs when a retry is of no use: they repeat a 409, which helps only where the server says when, and any 5xx, which does not help
/// against a final failure.
/// </summary>
internal static class RetryAdvice
{
    private const string Header = "x-should-retry";

    public static void Write(HttpContext context, Problem problem)
    {
        if (problem.IsFinal || problem is { Status: StatusCodes.Status409Conflict, RetryAfterSeconds: null })
            WriteFinal(context);
    }

    /// <summary>Says how long the service wants to be left alone, in whole seconds, at least one.</summary>
    public static void WriteWhen(HttpContext context, TimeSpan pause) =>
        context.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(pause.TotalSeconds))).ToString(CultureInfo.InvariantCulture);

    /// <summary>Says that the same request would fail again.</summary>
    public static void WriteFinal(HttpContext context) => context.Response.Headers[Header] = "false";
}
