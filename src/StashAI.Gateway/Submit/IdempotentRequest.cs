using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit;

/// <summary>A request with an idempotency key, and the hash that distinguishes it from others with the same key.</summary>
internal sealed class IdempotentRequest : IDisposable
{
    private readonly Action end;
    private byte[]? hash;
    private bool isEnded;

    public IdempotentRequest(string key, HttpRequest request, Action end)
    {
        (Key, this.end) = (key, end);
        // Prefer is not included: a repeated request may wait longer for the answer.
        foreach (var text in (ReadOnlySpan<string>)[request.Method, $"{request.Path}", request.QueryString.Value ?? "",
            request.Headers[DialectWords.Header].ToString()])
        {
            RequestDigest.Add(Digest, text);
        }
    }

    public string Key { get; }

    /// <summary>Receives the body as it is read, after everything else that determines the meaning of the request.</summary>
    public IncrementalHash Digest { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds the key to a job; the body must have been read.</summary>
    public NewJob Apply(NewJob job) => job with { IdempotencyKey = Key, RequestHash = Hash };

    /// <summary>The hash of the request; the body must have been read.</summary>
    public ReadOnlyMemory<byte> Hash => hash ??= Digest.GetHashAndReset();

    /// <summary>An id derived from the key, for item <paramref name="index"/> that the request creates (UUIDv8).</summary>
    /// <param name="index">From 0.</param>
    /// <param name="isList">True for an item of a list, which differs from a request for the single item.</param>
    public Guid IdOf(int index, bool isList) => IdOf(string.Create(CultureInfo.InvariantCulture, $"{(isList ? "list " : "")}{index}"));

    /// <summary>An id derived from the key, for what the request creates (UUIDv8).</summary>
    /// <param name="what">Distinguishes it from everything else that a request with this key may create.</param>
    public Guid IdOf(string what)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{Key}")).AsSpan(0, 16);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash, bigEndian: true);
    }

    /// <summary>Says that the answer is that of an earlier request with this key.</summary>
    public static void SayReplayed(HttpContext context) => context.Response.Headers["Idempotency-Replayed"] = "true";

    /// <summary>The refusal of a key that was used for another request.</summary>
    public static RequestException UsedForOtherRequest() => new(Problem.Invalid(
        $"This {IdempotencyKeys.Header} was used for another request: use a different key for each request.", IdempotencyKeys.Header));

    public void Dispose()
    {
        if (isEnded) return;
        isEnded = true;
        Digest.Dispose();
        end();
    }
}
