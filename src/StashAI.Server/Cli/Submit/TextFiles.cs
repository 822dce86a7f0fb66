using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Submit;

/// <summary>Files of text become items that are texts: one a line, or one a file.</summary>
internal static class TextFiles
{
    /// <summary>A wrong byte is an error, and not a sign of its own that the service would read.</summary>
    /// <summary>Refuses what is not UTF-8 instead of replacing it.</summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text a line; empty lines are left out.</summary>
    public static async IAsyncEnumerable<GivenItem> LinesAsync(
        IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var path in paths)
        {
            using var reader = Open(path);
            for (var number = 1; ; number++)
            {
                var (line, isText) = await ReadAsync(reader.ReadLineAsync(cancellationToken).AsTask());
                if (!isText) yield return NoText(path);
                if (line is null) break;
                if (line.Trim().Length > 0) yield return new GivenItem($"{path}:{number}", JsonSerializer.SerializeToElement(line));
            }
        }
    }

    /// <summary>A text a file.</summary>
    public static async IAsyncEnumerable<GivenItem> WholeAsync(
        IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var path in paths)
        {
            using var reader = Open(path);
            var (text, isText) = await ReadAsync<string>(reader.ReadToEndAsync(cancellationToken)!);
            yield return isText ? new GivenItem(path, JsonSerializer.SerializeToElement(text)) : NoText(path);
        }
    }

    private static StreamReader Open(string path)
    {
        try
        {
            return new StreamReader(RegularFile.OpenRead(path), Strict);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {exception.Message.TrimEnd('.')}. No job was made.");
        }
    }

    private static async Task<(T? Text, bool IsText)> ReadAsync<T>(Task<T?> reading)
        where T : class
    {
        try
        {
            return (await reading, true);
        }
        catch (DecoderFallbackException)
        {
            return (null, false);
        }
    }

    private static GivenItem NoText(string place) =>
        new(place, null, "not text in UTF-8; convert the file, or submit it to a service whose items are files.");
}
