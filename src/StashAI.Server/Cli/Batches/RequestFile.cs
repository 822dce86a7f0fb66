using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Batches;

/// <summary>A file of requests as OpenAI's batches have it: JSONL, one request a line.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha256">In hexadecimal digits.</param>
internal sealed record RequestFile(string Path, long Length, string Sha256)
{
    private const int Head = 4;

    /// <summary>What the server calls it: a name that every part of HTTP can carry.</summary>
    public string Name { get; } = string.Concat(System.IO.Path.GetFileNameWithoutExtension(Path)
        .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_')) + ".jsonl";

    /// <summary>Reads the file once.</summary>
    /// <exception cref="UsageException">It cannot be read, is empty, or is no text in UTF-8.</exception>
    public static async Task<RequestFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = RegularFile.OpenRead(path);
            var head = new byte[Head];
            var length = await stream.ReadAtLeastAsync(head, Head, throwOnEndOfStream: false, cancellationToken);
            if (WhyNotText(head.AsSpan(0, length)) is { } reason) throw new UsageException($"{path} {reason}");
            stream.Position = 0;
            var hash = await SHA256.HashDataAsync(stream, cancellationToken);
            return new RequestFile(path, stream.Length, Convert.ToHexStringLower(hash));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>The endpoint that the first request names.</summary>
    /// <exception cref="UsageException">It names none.</exception>
    public string Endpoint()
    {
        using var lines = new StreamReader(RegularFile.OpenRead(Path));
        string? first;
        do
        {
            first = lines.ReadLine();
        }
        while (first is { Length: 0 });

        try
        {
            using var request = JsonDocument.Parse(first ?? "");
            if (request.RootElement.ValueKind == JsonValueKind.Object
                && request.RootElement.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String)
            {
                return url.GetString()!;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new UsageException(
            $"""The first line of {Path} is no request with a "url", such as {Example}.""");
    }

    private const string Example =
        """{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"…","messages":[…]}}""";

    private static string? WhyNotText(ReadOnlySpan<byte> head) => head switch
    {
        [] => "is empty.",
        [0x1F, 0x8B, ..] => "is compressed with gzip: unpack it first.",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "is in UTF-16: save it as UTF-8.",
        _ => null,
    };
}
