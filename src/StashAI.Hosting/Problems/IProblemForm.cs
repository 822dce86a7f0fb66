namespace StashAI.Hosting.Problems;

/// <summary>A feature of a request whose client expects errors in the form of another API.</summary>
public interface IProblemForm
{
    /// <summary>
    /// Writes a problem as the answer. Its status and its <c>Retry-After</c> are in the response already, and may be replaced.
    /// </summary>
    Task WriteAsync(HttpContext context, Problem problem);
}
