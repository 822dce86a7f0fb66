using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>
/// Writes results as a ZIP archive, one JSON document an item. Its name is the item's position and, where it has one, its id, without what
/// some file system would read as more than a name. Only the names of what was written stay in memory.
/// </summary>
internal sealed class ResultZipWriter : IAsyncDisposable
{
    private readonly ZipArchive archive;
    private readonly JobView job;
    private readonly Prompts prompts;
    private readonly DateTimeOffset created;
    private readonly int digits;

    private ResultZipWriter(ZipArchive archive, JobView job, Prompts prompts)
    {
        (this.archive, this.job, this.prompts) = (archive, job, prompts);
        // A ZIP archive knows no times before 1980 and after 2107.
        created = job.CreatedAt.Year is >= 1980 and <= 2107 ? job.CreatedAt : new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        digits = Math.Max(1, (job.Counters.Total - 1).ToString(CultureInfo.InvariantCulture).Length);
    }

    public static async Task<ResultZipWriter> CreateAsync(
        Stream output, JobView job, Prompts prompts, CancellationToken cancellationToken) => new(
        await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken), job, prompts);

    public async Task WriteAsync(TaskView task, CancellationToken cancellationToken)
    {
        var document = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(document, WireJson.Options)) JobResultRoutes.WriteResult(json, job, task, prompts);
        var entry = archive.CreateEntry(NameOf(task), CompressionLevel.Fastest);
        entry.LastWriteTime = created;
        await using var stream = await entry.OpenAsync(cancellationToken);
        await stream.WriteAsync(document.WrittenMemory, cancellationToken);
    }

    public ValueTask DisposeAsync() => archive.DisposeAsync();

    private string NameOf(TaskView task)
    {
        var index = task.Ordinal.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
        var name = ResultFileNames.Safe(ItemNames.Of(task).Text);
        return name.Length == 0 ? $"{index}.json" : $"{index}-{name}.json";
    }
}
