using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit;

/// <summary>A request with an idempotency key: what it is called by, and the hash that tells it from others with the same key.</summary>
internal sealed class IdempotentRequest : IDisposable
{
    private readonly Action end;
    private bool isEnded;

    public IdempotentRequest(string key, HttpRequest request, Action end)
    {
        (Key, this.end) = (key, end);
        // Prefer is left out: it says how long to wait for the answer, and who sends a request again may wait longer.
        foreach (var text in (ReadOnlySpan<string>)[request.Method, $"{request.Path}", request.QueryString.Value ?? "", request.Headers[DialectWords.Header].ToString()])
            RequestDigest.Add(Digest, text);
    }

    public string Key { get; }

    /// <summary>Takes the body as it is read, behind all else that decides what the request means.</summary>
    public IncrementalHash Digest { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The job with the key; the body must have been read.</summary>
    public NewJob Apply(NewJob job) => job with { IdempotencyKey = Key, RequestHash = Digest.GetHashAndReset() };

    /// <summary>An id that follows from the key, for item <paramref name="index"/> of what the request makes (UUIDv8).</summary>
    /// <param name="index">From 0.</param>
    /// <param name="isList">Whether it stands in a list, which is another request than the item by itself.</param>
    public Guid IdOf(int index, bool isList)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(isList ? "list " : "")}{index}\n{Key}"))).AsSpan(0, 16);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash, bigEndian: true);
    }

    /// <summary>The refusal of a key that another request used.</summary>
    public static RequestException OtherRequest() => new(Problem.Invalid(
        $"This {IdempotencyKeys.Header} was used for another request: send each request under a key of its own.", IdempotencyKeys.Header));

    public void Dispose()
    {
        if (isEnded) return;
        isEnded = true;
        Digest.Dispose();
        end();
    }
}
