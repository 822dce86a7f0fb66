using System.Net;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>The rules for Visage services. Some of them answer 500 to a photo without a face; that is a result, not an error.</summary>
internal sealed class VisageRules : AnswerRules
{
    private static readonly byte[] NoFaces = """{"data":[[]]}"""u8.ToArray();

    public static VisageRules Instance { get; } = new();

    public override TaskOutcome ReadSuccess(ReadOnlyMemory<byte> body, string? mediaType, CallReport call) =>
        KeptFaces.TakeFrom(base.ReadSuccess(body, mediaType, call));

    public override TaskOutcome? ReadError(HttpStatusCode status, string head) =>
        status == HttpStatusCode.InternalServerError && head.Contains("no face", StringComparison.OrdinalIgnoreCase)
            ? new TaskOutcome.Completed(NoFaces, new CallReport((int)status, head))
            : null;
}
