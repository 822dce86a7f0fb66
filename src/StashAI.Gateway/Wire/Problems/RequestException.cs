namespace StashAI.Gateway.Wire.Problems;

/// <summary>A request that is refused with a problem.</summary>
internal sealed class RequestException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    /// <summary>400: a required field is missing.</summary>
    public static RequestException Missing(string field, string detail) => new(Problem.BadRequest(detail, field));

    /// <summary>422: a value is not valid.</summary>
    public static RequestException Invalid(string field, string detail) => new(Problem.Invalid($"{field}: {detail}", field));

    /// <summary>404: no such job or task.</summary>
    public static RequestException NotFound(string detail) => new(Problem.NotFound(detail));
}
