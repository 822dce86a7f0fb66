using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Gateway.Wire.Json;
using StashAI.Sdk;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Services;

/// <summary>Makes one real call to a declared service, and shows it to the operator.</summary>
/// <param name="declaration">The service.</param>
/// <param name="environment">Returns the declaration's variables.</param>
/// <param name="clock">The time.</param>
/// <param name="hidden">Values to mask in the output.</param>
internal sealed class ServiceTrial(
    ServiceDeclaration declaration, Func<string, string?> environment, TimeProvider clock, IReadOnlyCollection<string>? hidden = null)
{
    /// <summary>What happened in the call; null before it.</summary>
    public TrialReport? Report { get; private set; }

    /// <summary>Makes the call; true when it returned a result.</summary>
    /// <exception cref="UsageException">The item or the configuration is not valid.</exception>
    public async Task<bool> RunAsync(
        string? operationName, string item, IReadOnlyList<string> settings, TextWriter output, CancellationToken cancellationToken)
    {
        var (adapter, reason) = DeclaredAdapter.Create(declaration, environment);
        if (adapter is null) throw new UsageException(reason!);
        var operation = (operationName ?? declaration.DefaultOperation) is not { } name
            ? declaration.Operations[0]
            : declaration.Operations.FirstOrDefault(one => one.Operation.Name == name)
                ?? throw new UsageException(
                    $"{declaration.Name} has no operation '{name}'; it has "
                    + $"{string.Join(", ", declaration.Operations.Select(one => one.Operation.Name))}.");
        var payloads = new List<TaskPayload>();
        var input = await ReadItemAsync(operation.Item, item, payloads, cancellationToken);
        return await CallAsync(adapter, operation, new TrialItem(input, payloads), settings, output, cancellationToken);
    }

    /// <summary>Calls the first operation; true when it returned a result.</summary>
    /// <param name="item">The item.</param>
    /// <param name="output">Receives a description of the call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="UsageException">A variable is missing.</exception>
    public async Task<bool> RunAsync(TrialItem item, TextWriter output, CancellationToken cancellationToken)
    {
        var (adapter, reason) = DeclaredAdapter.Create(declaration, environment);
        return adapter is null
            ? throw new UsageException(reason!)
            : await CallAsync(adapter, declaration.Operations[0], item, [], output, cancellationToken);
    }

    private async Task<bool> CallAsync(
        DeclaredAdapter adapter, DeclaredOperation operation, TrialItem item, IReadOnlyList<string> settings, TextWriter output,
        CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8,
        };
        var config = ReadConfig(settings);
        var report = await new TrialCall(clock) { Hidden = [.. hidden ?? [], .. GivenSecrets(config)] }.RunAsync(
            adapter, operation.Operation.TaskType, adapter.Address, isConfigured: true, config, item, handler, cancellationToken);
        Report = report;
        await TrialText.WriteAsync(report, output);
        return report.Outcome is TaskOutcome.Completed;
    }

    /// <summary>The values of the secret settings.</summary>
    private IEnumerable<string> GivenSecrets(byte[] config)
    {
        using var document = JsonDocument.Parse(config);
        return
        [
            .. declaration.Config.Properties.Where(
                property => property.Value.Type == FieldType.Secret && document.RootElement.TryGetProperty(property.Key, out _))
                .Select(property => document.RootElement.GetProperty(property.Key).GetString() ?? ""),
        ];
    }

    private static async Task<ReadOnlyMemory<byte>> ReadItemAsync(
        FieldSchema schema, string text, List<TaskPayload> payloads, CancellationToken cancellationToken)
    {
        if (schema.Type == FieldType.File)
        {
            payloads.Add(await FileAsync(ServiceOperation.WholeSlot, text, cancellationToken));
            return ReadOnlyMemory<byte>.Empty;
        }

        using var document = Parse(schema, text);
        var files = new HashSet<string>();
        foreach (var field in schema.FileFields)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(field, out var value)
                || value.ValueKind != JsonValueKind.String)
            {
                continue;
            }

            files.Add(field);
            payloads.Add(await FileAsync(field, value.GetString()!, cancellationToken));
        }

        return Checked(schema, document.RootElement, "item", false, files);
    }

    private static JsonDocument Parse(FieldSchema schema, string text)
    {
        try
        {
            return schema.Type == FieldType.Text
                ? JsonDocument.Parse(JsonSerializer.Serialize(text, TextJson.Default.String))
                : JsonDocument.Parse(text);
        }
        catch (JsonException) when (schema.Type == FieldType.Any)
        {
            return JsonDocument.Parse(JsonSerializer.Serialize(text, TextJson.Default.String));
        }
        catch (JsonException)
        {
            throw new UsageException("--item must be JSON for this operation; a file in it is \"@PATH\".");
        }
    }

    private static async Task<TaskPayload> FileAsync(string slot, string path, CancellationToken cancellationToken)
    {
        var file = path.TrimStart('@');
        if (!File.Exists(file)) throw new UsageException($"there is no file '{file}'; write a file as @PATH.");
        var bytes = await ReadAsync(file, cancellationToken);
        return new MemoryPayload(bytes) { Slot = slot, DataUrlPrefix = null, Size = bytes.Length };
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await RegularFile.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--item names a file that cannot be read: {exception.Message}");
        }
    }

    private byte[] ReadConfig(IReadOnlyList<string> settings)
    {
        foreach (var setting in settings)
        {
            if (!setting.Contains('=', StringComparison.Ordinal)) throw new UsageException($"--config takes KEY=VALUE, not '{setting}'.");
        }

        using var document = QueryConfig.Read(
            settings.Select(setting => setting.Split('=', 2)).Select(parts => new KeyValuePair<string, string>(parts[0], parts[1])));
        return Checked(declaration.Config, document.RootElement.GetProperty("config"), "config", true, []);
    }

    private static byte[] Checked(FieldSchema schema, JsonElement value, string path, bool isLenient, HashSet<string> files)
    {
        var errors = new List<FieldError>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            FieldCheck.Write(schema, value, path, isLenient, files, json, errors);
        }

        return errors.Count == 0 ? buffer.WrittenSpan.ToArray() : throw new UsageException($"{errors[0].Field} {errors[0].Reason}");
    }
}
