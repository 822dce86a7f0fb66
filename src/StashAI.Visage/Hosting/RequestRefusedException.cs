using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Hosting;

/// <summary>A request that cannot be served as it is; becomes a problem document with this status.</summary>
internal sealed class RequestRefusedException(int status, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>The field of the request that is wrong.</summary>
    public string? Field { get; init; }

    public Guid? PersonId { get; init; }

    public IReadOnlyList<FaceOptionDto>? Faces { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public static RequestRefusedException BadRequest(string field, string detail) =>
        new(StatusCodes.Status400BadRequest, detail) { Field = field };

    public static RequestRefusedException Unprocessable(string field, string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, detail) { Field = field };
}
