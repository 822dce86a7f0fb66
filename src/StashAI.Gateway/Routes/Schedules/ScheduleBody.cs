using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Schedules;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>Writes the body of a run's submit while it is read, as a client does: memory does not grow with the items.</summary>
internal sealed class ScheduleBody(PipeWriter pipe, AllowedFolders folders)
{
    /// <summary>Divisible by three, so that only the end of a file is padded.</summary>
    private const int Piece = 48 * 1024;

    /// <summary>The files of a folder, each called by its path below the folder.</summary>
    public async Task WriteFilesAsync(
        JsonObject config, string folder, ScheduleTarget target, IReadOnlyList<ScheduleFile> files, CancellationToken cancellationToken)
    {
        Begin(config);
        for (var i = 0; i < files.Count; i++)
        {
            if (i > 0) Add(",");
            var path = files[i].Path;
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (target.FileField is { Length: > 0 } field) Add($"{{{Text(field)}:");
            if (target.TakesPaths) Add($"{{\"path\":{Text(path)}}}");
            else await WriteFileAsync(path, cancellationToken);
            if (target is { FileField.Length: > 0, IdField: { } id }) Add($",{Text(id)}:{Text(name)}");
            if (target.FileField is { Length: > 0 }) Add("}");
            if (!await FlushAsync(cancellationToken)) return;
        }

        await EndAsync(cancellationToken);
    }

    /// <summary>The lines of a file, each an item.</summary>
    /// <exception cref="RequestException">A line is not JSON, or too long.</exception>
    public async Task WriteLinesAsync(JsonObject config, Stream file, string path, long maxLine, CancellationToken cancellationToken)
    {
        Begin(config);
        var reader = PipeReader.Create(file);
        var (number, isFirst) = (0, true);
        try
        {
            while (true)
            {
                var part = await reader.ReadAsync(cancellationToken);
                var rest = part.Buffer;
                while (Take(ref rest, part.IsCompleted) is { } line)
                {
                    number++;
                    if (line.Length > maxLine) throw TooLong(path, number, maxLine);
                    if (IsBlank(line)) continue;
                    Check(line, path, number);
                    if (!isFirst) Add(",");
                    isFirst = false;
                    foreach (var segment in line) pipe.Write(segment.Span);
                    if (!await FlushAsync(cancellationToken)) return;
                }

                if (rest.Length > maxLine) throw TooLong(path, number + 1, maxLine);
                reader.AdvanceTo(rest.Start, rest.End);
                if (part.IsCompleted) break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }

        await EndAsync(cancellationToken);
    }

    /// <summary>A fixed body, with the settings of the schedule in its configuration.</summary>
    public async Task WriteBodyAsync(JsonObject config, string body, CancellationToken cancellationToken)
    {
        var root = JsonNode.Parse(body)!.AsObject();
        var merged = root["config"] is JsonObject own ? own.DeepClone().AsObject() : [];
        foreach (var (name, value) in config)
        {
            // What the body says itself stays.
            if (!merged.ContainsKey(name)) merged[name] = value?.DeepClone();
        }

        root["config"] = merged;
        Add(root.ToJsonString());
        await FlushAsync(cancellationToken);
    }

    private void Begin(JsonObject config) => Add($"{{\"config\":{config.ToJsonString()},\"items\":[");

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        Add("]}");
        await FlushAsync(cancellationToken);
    }

    private async Task WriteFileAsync(string path, CancellationToken cancellationToken)
    {
        // Since the folder was read, the file may have become a link that leads elsewhere.
        if (folders.Find(path) is { Reason: { } reason }) throw RequestException.Invalid("source.path", reason);
        Add("\"");
        var bytes = ArrayPool<byte>.Shared.Rent(Piece);
        await using var file = RegularFile.OpenRead(path);
        try
        {
            for (int read; (read = await file.ReadAtLeastAsync(
                bytes.AsMemory(0, Piece), Piece, throwOnEndOfStream: false, cancellationToken)) > 0;)
            {
                Base64.EncodeToUtf8(bytes.AsSpan(0, read), pipe.GetSpan(Base64.GetMaxEncodedToUtf8Length(read)), out _, out var written);
                pipe.Advance(written);
                if (!await FlushAsync(cancellationToken) || read < Piece) break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        Add("\"");
    }

    /// <summary>False when nobody reads any more.</summary>
    private async ValueTask<bool> FlushAsync(CancellationToken cancellationToken) =>
        !(await pipe.FlushAsync(cancellationToken)).IsCompleted;

    private static ReadOnlySequence<byte>? Take(ref ReadOnlySequence<byte> rest, bool isEnd)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return line;
        }

        if (!isEnd || rest.IsEmpty) return null;
        var last = rest;
        rest = rest.Slice(rest.End);
        return last;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        }

        return true;
    }

    private static void Check(ReadOnlySequence<byte> line, string path, int number)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            while (json.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw RequestException.Invalid("source.path", $"line {number} of {path} is not JSON: {exception.Message}");
        }
    }

    private static RequestException TooLong(string path, int number, long most) =>
        RequestException.Invalid("source.path", $"line {number} of {path} has more than {most} bytes.");

    private void Add(string text) => Encoding.UTF8.GetBytes(text, pipe);

    private static string Text(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
