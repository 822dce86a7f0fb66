using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace StashAI.Client.Submit;

/// <summary>One item of a job.</summary>
public sealed class SubmitItem
{
    private SubmitItem()
    {
    }

    /// <summary>
    /// What the item is called in the results; null for no name. Built-in and declared services keep it where their items may have an id.
    /// </summary>
    public string? Id { get; private init; }

    internal byte[]? Json { get; private init; }

    internal string? ServerPath { get; private init; }

    internal Func<CancellationToken, ValueTask<Stream>>? Open { get; private init; }

    /// <summary>An item that is a text.</summary>
    /// <param name="text">The text.</param>
    public static SubmitItem FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new() { Json = JsonSerializer.SerializeToUtf8Bytes(text, TextContext.Default.String) };
    }

    /// <summary>An item that is any JSON value.</summary>
    /// <param name="value">The value.</param>
    public static SubmitItem FromJson(JsonElement value) =>
        new() { Json = JsonSerializer.SerializeToUtf8Bytes(value, TextContext.Default.JsonElement) };

    /// <summary>An item that is made of an object.</summary>
    /// <typeparam name="T">The type of the object.</typeparam>
    /// <param name="value">The object.</param>
    /// <param name="type">How it is written, such as <c>MyContext.Default.MyItem</c>.</param>
    public static SubmitItem FromValue<T>(T value, JsonTypeInfo<T> type) =>
        new() { Json = JsonSerializer.SerializeToUtf8Bytes(value, type) };

    /// <summary>An item that is a file. The file is opened when the item is sent, and read as a stream.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="id">What the item is called in the results; the name of the file if null.</param>
    public static SubmitItem FromFile(string path, string? id = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new()
        {
            Id = id ?? Path.GetFileName(path),
            Open = _ => ValueTask.FromResult<Stream>(new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan)),
        };
    }

    /// <summary>An item that is a file of the server, which reads it when the item runs. Nothing is uploaded.</summary>
    /// <param name="path">The absolute path as the server sees it, under a folder of its <c>ALLOWED_FOLDERS</c>.</param>
    /// <param name="id">What the item is called in the results; the name of the file if null.</param>
    public static SubmitItem FromServerFile(string path, string? id = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new() { Id = id ?? path[(path.LastIndexOfAny(['/', '\\']) + 1)..], ServerPath = path };
    }

    /// <summary>An item that is a file which comes from a stream.</summary>
    /// <param name="open">Opens the stream from its beginning. It is called again when the submit is repeated; each stream is
    /// disposed.</param>
    /// <param name="id">What the item is called in the results; null for no name.</param>
    public static SubmitItem FromStream(Func<CancellationToken, ValueTask<Stream>> open, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new() { Id = id, Open = open };
    }

    /// <summary>An item that is a file in memory.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="id">What the item is called in the results; null for no name.</param>
    public static SubmitItem FromBytes(ReadOnlyMemory<byte> bytes, string? id = null) =>
        new() { Id = id, Open = _ => ValueTask.FromResult<Stream>(new MemoryStream(bytes.ToArray(), writable: false)) };
}
