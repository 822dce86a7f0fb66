namespace StashAI.Gateway.Wire.Problems;

/// <summary>A request that is refused with a problem.</summary>
internal sealed class RequestException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    /// <summary>400: a required field is missing.</summary>
    public static RequestException Missing(string field, string detail) => new(Problem.BadRequest(detail, field));

    /// <summary>422: a value is not valid.</summary>
    public static RequestException Invalid(string field, string detail) => new(Problem.Invalid($"{field}: {detail}", field));

    /// <summary>422: a name that may appear once appears several times, and only one of its values could count.</summary>
    public static RequestException Repeated(string field) => Invalid(field, "is given more than once; send it once.");

    /// <summary>404: no such job or task.</summary>
    public static RequestException NotFound(string detail) => new(Problem.NotFound(detail));
}
