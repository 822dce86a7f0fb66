using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>What the API's document says of contents that can be read in ranges.</summary>
internal static class RangeDocs
{
    /// <summary>The headers of a request.</summary>
    public static IReadOnlyList<ParameterDoc> Headers { get; } =
    [
        new("Range", "header", "string", "One range of bytes, such as `bytes=1000-`; of results once their batch is over."),
        new("If-Range", "header", "string", "The ETag of the first part: the answer is whole (200) when the bytes have changed since."),
        new("If-None-Match", "header", "string", "ETags that the client has: the answer is a 304 when the content is one of them."),
    ];

    /// <summary>The answers besides the whole content.</summary>
    public static IReadOnlyList<AnswerDoc> Answers(string contentType) =>
    [
        new(StatusCodes.Status206PartialContent, "The range.", null, contentType, null),
        new(StatusCodes.Status304NotModified, "The client has this content already.", null, contentType, null),
    ];
}
