using System.Collections.Concurrent;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Submit;

/// <summary>
/// `Idempotency-Key` of requests: the same key with the same request gives the first answer again, with another one a 422, and while the
/// first is under way in this process a 409. Which key made which job is in the database for a day.
/// </summary>
internal sealed class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    private readonly ConcurrentDictionary<string, byte> underWay = new(StringComparer.Ordinal);

    /// <summary>How many keys are taken now.</summary>
    public int Taken => underWay.Count;

    /// <summary>The request's key, which is taken until it is disposed; null when it has none.</summary>
    public IdempotentRequest? Begin(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var values)) return null;
        var sent = values.Count == 1 ? values[0]!.Trim() : "";
        if (sent is not { Length: > 0 and <= MaxLength } || sent.Any(c => c is < ' ' or > '~'))
            throw RequestException.Missing(Header, $"{Header} must be given once, with 1 to {MaxLength} visible ASCII characters.");

        // A key belongs to whoever sent it: nobody finds another's job by guessing its key.
        var key = $"{context.Features.Get<Caller>()?.KeyPrefix}\n{sent}";
        if (!underWay.TryAdd(key, 0)) throw new RequestException(Problem.KeyUnderWay(Header));
        return new IdempotentRequest(key, context.Request, () => underWay.TryRemove(key, out _));
    }
}
