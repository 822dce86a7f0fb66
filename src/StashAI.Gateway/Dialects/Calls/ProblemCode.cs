namespace StashAI.Gateway.Dialects.Calls;

/// <summary>The kind of a problem as the errors of other APIs have it.</summary>
internal static class ProblemCode
{
    /// <summary>The end of the problem's type: <c>urn:stashai:problem:not-found</c> is <c>not_found</c>.</summary>
    public static string Of(Problem problem) => problem.Type[(problem.Type.LastIndexOf(':') + 1)..].Replace('-', '_');
}
