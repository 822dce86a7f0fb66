using System.Collections.Concurrent;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Submit;

/// <summary>
/// The header <c>Idempotency-Key</c>. The same key with the same request returns the first answer; with another request, a 422; and while
/// the first request is in progress in this process, a 409. The database stores for a day which key created which job.
/// </summary>
internal sealed class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    private readonly ConcurrentDictionary<string, byte> inProgress = new(StringComparer.Ordinal);

    /// <summary>The number of keys in use.</summary>
    public int Count => inProgress.Count;

    /// <summary>Takes the request's key until the result is disposed; null when it has none.</summary>
    public IdempotentRequest? Begin(HttpContext context)
    {
        if (KeyOf(context) is not { } key) return null;
        if (!inProgress.TryAdd(key, 0)) throw new RequestException(Problem.KeyUnderWay(Header));
        return new IdempotentRequest(key, context.Request, () => inProgress.TryRemove(key, out _));
    }

    /// <summary>The request's key, with what distinguishes its sender; null when it has none.</summary>
    public static string? KeyOf(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var values)) return null;
        var sent = values.Count == 1 ? values[0]!.Trim() : "";
        if (sent is not { Length: > 0 and <= MaxLength } || sent.Any(c => c is < ' ' or > '~'))
            throw RequestException.Missing(Header, $"{Header} must be given once, with 1 to {MaxLength} visible ASCII characters.");

        // A key belongs to its sender, so that nobody can find another's job by guessing its key.
        return $"{context.Features.Get<Caller>()?.KeyPrefix}\n{sent}";
    }
}
