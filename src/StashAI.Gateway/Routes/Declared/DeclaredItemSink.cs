using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Hosting.Addresses;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>
/// Checks the items of a request as they arrive and stores them, one task each. The first invalid items are collected for one answer; after
/// the first of them, nothing more is stored.
/// </summary>
internal sealed class DeclaredItemSink(
    IUpload upload, FieldSchema schema, IReadOnlyList<string> fileFields, AllowedFolders folders, OutboundPolicy policy,
    IntakeLimits limits, ItemRule? rule = null)
    : IItemSink
{
    private const int MaxErrors = 20;
    private const int MaxKeptBytes = 64 * 1024;

    private readonly List<ProblemError> errors = [];
    private readonly HashSet<string> files = [];
    private readonly HashSet<string> hosts = [];
    private readonly ItemNaming naming = new();
    private PayloadPath path;
    private (string Field, FolderItem Folder)? folder;
    private int position = -1;
    private bool isBegun;
    private bool hasIds;
    private (string Field, int Item, Uri Url)? fromInstance;
    private JsonBuffer buffer = new(4096);

    /// <summary>The fields of an item that are files.</summary>
    public IReadOnlyList<string> FileFields => fileFields;

    /// <summary>The number of items, with one for each file of a folder.</summary>
    public int Count { get; private set; }

    /// <summary>The extensions of the files of a folder that count unless an item names others; empty for all.</summary>
    public IReadOnlyCollection<string> FolderTypes { get; init; } = [];

    /// <summary>True for items that have no input where nothing is left besides their files.</summary>
    public bool OmitsEmptyInput { get; init; }

    /// <summary>
    /// The configured instance of the service. Items may be fetched from it if the job calls it. Null for none.
    /// </summary>
    public Uri? Instance { get; init; }

    private bool IsRefused => errors.Count > 0;

    public void BeginItem(PayloadPath path)
    {
        position++;
        this.path = path;
        files.Clear();
        naming.Begin();
        folder = null;
        isBegun = false;
    }

    public void NameItem(ItemName name) => naming.Give(name);

    public void BeginFile(string field, string? dataUrlPrefix)
    {
        files.Add(field);
        naming.AddDataUrl(dataUrlPrefix);
        BeginTask();
        if (!IsRefused) upload.BeginPayload(field.Length == 0 ? ServiceOperation.WholeSlot : field, dataUrlPrefix);
    }

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        IsRefused ? ValueTask.CompletedTask : upload.WriteAsync(bytes, cancellationToken);

    public void EndFile()
    {
        if (!IsRefused) upload.EndPayload();
    }

    public async ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        // A large item must not be copied to a larger array again and again, and its memory must not stay until the end of the upload.
        if (json.Length > MaxKeptBytes || buffer.Capacity > MaxKeptBytes) buffer = new JsonBuffer(json.Length + 4096);
        else buffer.ResetWrittenCount();
        if (!json.IsEmpty) await CheckAsync(json, cancellationToken);
        if (OmitsEmptyInput && buffer.WrittenSpan.SequenceEqual("{}"u8)) buffer.ResetWrittenCount();
        if (folder is { } found && !IsRefused) await AddFilesAsync(found.Field, found.Folder, cancellationToken);
        else if (!IsRefused) await EndTaskAsync(naming.Item, cancellationToken);
        if (errors.Count >= MaxErrors) Complete();
    }

    /// <summary>Gives the items the ids that the request lists apart from them.</summary>
    /// <param name="list">The ids, one for each item; null for no list.</param>
    /// <param name="field">The list's full name.</param>
    /// <param name="cancellationToken">Cancels waiting for the store.</param>
    /// <exception cref="RequestException">There are not as many as items, or items have ids of their own.</exception>
    public async Task IdentifyAsync(JsonElement? list, string field, CancellationToken cancellationToken)
    {
        if (list is not { } given) return;
        if (hasIds)
            throw RequestException.Invalid(field, $"stands beside items with an {ItemNames.IdField} of their own; send one of them.");
        await upload.IdentifyTasksAsync(ItemIdList.Read(given, field, Count), cancellationToken);
    }

    /// <summary>Ends the items.</summary>
    /// <exception cref="RequestException">Some items are not valid.</exception>
    public void Complete()
    {
        if (!IsRefused) return;
        var detail = $"{errors[0].Field} {errors[0].Reason}";
        if (errors.Count > 1) detail += $" ({errors.Count} errors in all; nothing was taken.)";
        throw new RequestException(Problem.Invalid(detail) with { Errors = errors });
    }

    /// <summary>Checks the address that the job calls.</summary>
    /// <exception cref="RequestException">An item is fetched from the configured instance, but the job calls another.</exception>
    public void CheckInstance(Uri upstream)
    {
        if (fromInstance is not { } own || upstream.Scheme == ServiceUri.Scheme) return;
        Refuse(
            own.Field,
            own.Item,
            $"is read from {own.Url.Authority}, a configured service, while the job calls {upstream.Authority}: "
            + "items are not read from services.");
        Complete();
    }

    private void BeginTask()
    {
        if (isBegun) return;
        isBegun = true;
        Count++;
        if (!IsRefused) upload.BeginTask();
    }

    private async Task EndTaskAsync(ItemName item, CancellationToken cancellationToken)
    {
        BeginTask();
        hasIds |= item.Id is not null;
        upload.NameTask(item);
        await upload.EndTaskAsync(buffer.WrittenMemory, cancellationToken);
    }

    /// <summary>Makes a task of each file of a folder, with the item's other properties.</summary>
    private async Task AddFilesAsync(string field, FolderItem found, CancellationToken cancellationToken)
    {
        var id = naming.Item.Id;
        foreach (var name in found.Files)
        {
            isBegun = false;
            var at = $"{path}: the file '{name}' of the folder";
            await ReadFileAsync(field, Path.Combine(found.Path, name), at, cancellationToken);
            if (IsRefused) return;
            await EndTaskAsync(new ItemName(ItemName.Clean(name), id), cancellationToken);
        }
    }

    private async Task CheckAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(json);
        var item = document.RootElement;
        var at = path.ToString();
        if (naming.Read(item, ServerNames.IsDeclared(schema, ItemNames.IdField)) is var (member, why))
            Refuse(at.Length == 0 ? member : $"{at}.{member}", why);
        foreach (var field in fileFields)
        {
            var value = field.Length == 0
                ? item
                : item.ValueKind == JsonValueKind.Object && item.TryGetProperty(field, out var own) ? own : default;
            var fileAt = field.Length == 0 ? at : (path with { Property = field }).ToString();
            if (Member(value, "path") is { } name)
            {
                if (Besides(value, "path", field) is { } other) Refuse(fileAt, $"has {Excerpt.Of(other)} besides path; send path alone.");
                else await FindFileAsync(field, name, fileAt, cancellationToken);
            }
            else if (Member(value, "folder") is not null)
            {
                var (folderItem, reason) = FolderItem.Read(WithoutNames(value, field), folders, FolderTypes, limits.MaxItems - Count);
                if (folder is not null) Refuse(fileAt, "is a second folder of the item; send an item for each folder.");
                else if (folderItem is null) Refuse(fileAt, reason!);
                else folder = (field, folderItem);
                files.Add(field);
            }
            else if (Member(value, "url") is { } url)
            {
                naming.AddPlace(url);
                await CheckUrlAsync(url, fileAt, cancellationToken);
            }
        }

        hasIds |= item.ValueKind == JsonValueKind.Object && item.TryGetProperty(ItemNames.IdField, out _);
        if (files.Contains("")) return;
        var faults = new List<FieldError>();
        using (var writer = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            FieldCheck.Write(schema, ServerNames.LeaveOut(schema, item), at, isLenient: false, files, writer, faults);
        }

        faults.RemoveAll(fault => IsRefusedAt(fault.Field));
        if (faults.Count == 0 && rule is not null) faults.AddRange(rule(item, files, at).Where(fault => !IsRefusedAt(fault.Field)));
        foreach (var fault in faults) Refuse(fault.Field, fault.Reason);
    }

    private async Task FindFileAsync(string field, string name, string at, CancellationToken cancellationToken)
    {
        naming.AddPlace(name);
        var (file, reason) = folders.Find(name);
        if (file is null) Refuse(at, reason!);
        else await ReadFileAsync(field, file, at, cancellationToken);
    }

    private async Task ReadFileAsync(string field, string file, string at, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = RegularFile.OpenRead(file);
            if (stream.Length == 0 || stream.Length > limits.MaxItemBytes)
            {
                Refuse(
                    at,
                    stream.Length == 0
                        ? "is an empty file."
                        : $"has more bytes than {IntakeLimits.MaxItemBytesSetting} allows ({limits.MaxItemBytes}).");
                return;
            }

            BeginFile(field, null);
            var piece = ArrayPool<byte>.Shared.Rent(128 * 1024);
            try
            {
                for (int read; (read = await stream.ReadAsync(piece, cancellationToken)) > 0;)
                {
                    await WriteFileAsync(piece.AsMemory(0, read), cancellationToken);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece);
            }

            EndFile();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Refuse(at, "names a file that the server may not read, or that is a pipe, a socket or a device.");
        }
    }

    /// <summary>Checks an address. It is checked again at the call, but the client should get a refusal now.</summary>
    private async Task CheckUrlAsync(string url, string at, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            Refuse(at, $"'{Excerpt.Of(url)}' is not an absolute URL.");
            return;
        }

        if (hosts.Contains(uri.GetLeftPart(UriPartial.Authority))) return;
        try
        {
            var isOwn = Instance is { } instance && uri.Port == instance.Port && HostNames.Of(uri) == HostNames.Of(instance);
            await policy.CheckAsync(uri, at, cancellationToken, isOwn ? OutboundPurpose.FetchFromInstance : OutboundPurpose.Fetch);
            if (isOwn) fromInstance ??= (at, position, uri);
            hosts.Add(uri.GetLeftPart(UriPartial.Authority));
        }
        catch (OutboundRefusedException exception)
        {
            Refuse(at, exception.Message);
        }
    }

    private void Refuse(string field, string reason) => Refuse(field, position, reason);

    private void Refuse(string field, int item, string reason)
    {
        if (errors.Count < MaxErrors) errors.Add(new ProblemError(field, item, reason));
    }

    /// <summary>True when a file or address of the field was already refused: one reason is enough.</summary>
    private bool IsRefusedAt(string field) => errors.Exists(
        error => error.Item == position && (field == error.Field || field.StartsWith(error.Field + ".", StringComparison.Ordinal)));

    /// <summary>Another member of a file than the one that says where it is.</summary>
    private static string? Besides(JsonElement value, string name, string field) =>
        value.EnumerateObject().FirstOrDefault(member => member.Name != name && !(field.Length == 0 && ServerNames.Is(member.Name))) is
        { Value.ValueKind: not JsonValueKind.Undefined } other
            ? other.Name
            : null;

    private static JsonElement WithoutNames(JsonElement value, string field) =>
        field.Length == 0 ? ServerNames.Without(value, ServerNames.Is) : value;

    private static string? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
