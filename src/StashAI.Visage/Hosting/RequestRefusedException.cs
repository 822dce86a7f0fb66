using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Hosting;

/// <summary>The request is refused. The answer is a problem document with this status.</summary>
internal sealed class RequestRefusedException(int status, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>The field of the request that is wrong; null when no single field is.</summary>
    public string? Field { get; init; }

    /// <summary>The person who already has the name; null for other errors.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>The faces to choose from; null for other errors.</summary>
    public IReadOnlyList<FaceOptionDto>? Faces { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public static RequestRefusedException BadRequest(string field, string detail) =>
        new(StatusCodes.Status400BadRequest, detail) { Field = field };

    public static RequestRefusedException Unprocessable(string field, string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, detail) { Field = field };
}
