using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Addresses;
using StashAI.Hosting.Problems;
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

    private readonly List<ProblemError> errors = [];
    private readonly HashSet<string> files = [];
    private readonly HashSet<string> hosts = [];
    private PayloadPath path;
    private (string Field, int Item, Uri Url)? fromInstance;
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>The fields of an item that are files.</summary>
    public IReadOnlyList<string> FileFields => fileFields;

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The configured instance of the service. Items may be fetched from it if the job calls it. Null for none.
    /// </summary>
    public Uri? Instance { get; init; }

    private bool IsRefused => errors.Count > 0;

    public void BeginItem(PayloadPath path)
    {
        Count++;
        this.path = path;
        files.Clear();
        if (!IsRefused) upload.BeginTask();
    }

    public void BeginFile(string field, string? dataUrlPrefix)
    {
        files.Add(field);
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
        buffer.ResetWrittenCount();
        if (!json.IsEmpty) await CheckAsync(json, cancellationToken);
        if (!IsRefused) await upload.EndTaskAsync(buffer.WrittenMemory, cancellationToken);
        else if (errors.Count >= MaxErrors) Complete();
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

    private async Task CheckAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(json);
        var item = document.RootElement;
        var at = path.ToString();
        foreach (var field in fileFields)
        {
            var value = field.Length == 0
                ? item
                : item.ValueKind == JsonValueKind.Object && item.TryGetProperty(field, out var member) ? member : default;
            var fileAt = field.Length == 0 ? at : (path with { Property = field }).ToString();
            if (Member(value, "path") is { } name)
            {
                if (Besides(value, "path") is { } other) Refuse(fileAt, $"has {Excerpt.Of(other)} besides path; send path alone.");
                else await ReadFileAsync(field, name, fileAt, cancellationToken);
            }
            else if (Member(value, "url") is { } url)
            {
                await CheckUrlAsync(url, fileAt, cancellationToken);
            }
        }

        if (files.Contains("")) return;
        var faults = new List<FieldError>();
        using (var writer = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            FieldCheck.Write(schema, item, at, isLenient: false, files, writer, faults);
        }

        faults.RemoveAll(fault => IsRefusedAt(fault.Field));
        if (faults.Count == 0 && rule is not null) faults.AddRange(rule(item, files, at).Where(fault => !IsRefusedAt(fault.Field)));
        foreach (var fault in faults) Refuse(fault.Field, fault.Reason);
    }

    private async Task ReadFileAsync(string field, string name, string at, CancellationToken cancellationToken)
    {
        var (file, reason) = folders.Find(name);
        if (file is null)
        {
            Refuse(at, reason!);
            return;
        }

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
            if (isOwn) fromInstance ??= (at, Count - 1, uri);
            hosts.Add(uri.GetLeftPart(UriPartial.Authority));
        }
        catch (OutboundRefusedException exception)
        {
            Refuse(at, exception.Message);
        }
    }

    private void Refuse(string field, string reason) => Refuse(field, Count - 1, reason);

    private void Refuse(string field, int item, string reason)
    {
        if (errors.Count < MaxErrors) errors.Add(new ProblemError(field, item, reason));
    }

    /// <summary>True when a file or address of the field was already refused: one reason is enough.</summary>
    private bool IsRefusedAt(string field) => errors.Exists(
        error => error.Item == Count - 1 && (field == error.Field || field.StartsWith(error.Field + ".", StringComparison.Ordinal)));

    /// <summary>Another member of a file than the one that says where it is.</summary>
    private static string? Besides(JsonElement value, string name) =>
        value.EnumerateObject().FirstOrDefault(member => member.Name != name) is { Value.ValueKind: not JsonValueKind.Undefined } other
            ? other.Name
            : null;

    private static string? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
