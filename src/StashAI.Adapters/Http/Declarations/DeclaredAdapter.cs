using System.Text.Json;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>Calls a service as its declaration says.</summary>
public sealed class DeclaredAdapter : IServiceAdapter
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> headers;
    private readonly Dictionary<string, PackGatherer> packs;

    private DeclaredAdapter(ServiceDeclaration declaration, Uri address, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        this.headers = headers;
        packs = declaration.Operations.Where(one => one.Pack is not null)
            .ToDictionary(one => one.Operation.TaskType, _ => new PackGatherer());
        (Declaration, Address) = (declaration, address);
        Manifest = declaration.Limits with { Name = declaration.Name, Operations = [.. declaration.Operations.Select(one => one.Operation)] };
    }

    /// <summary>What it calls.</summary>
    public ServiceDeclaration Declaration { get; }

    /// <summary>Where the service answers.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public AdapterManifest Manifest { get; }

    /// <summary>Looks up what the declaration refers to.</summary>
    /// <param name="declaration">What to call.</param>
    /// <param name="environment">Looks variables up.</param>
    /// <returns>The adapter, or one sentence that says what is missing.</returns>
    public static (DeclaredAdapter? Adapter, string? Reason) Create(ServiceDeclaration declaration, Func<string, string?> environment)
    {
        var texts = declaration.Headers.Select(header => header.Value).Prepend(declaration.Url);
        var missing = texts.SelectMany(text => text.Missing(environment)).Distinct().ToList();
        if (missing.Count > 0) return (null, $"It needs {string.Join(", ", missing)}, which is not set: set it, or give a default as ${{NAME:-default}}.");
        var url = declaration.Url.Resolve(environment)!;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            return (null, $"Its url is '{url}', which is no http or https URL without a user name.");
        var headers = declaration.Headers.Select(header => new KeyValuePair<string, string>(header.Key, header.Value.Resolve(environment)!)).ToList();
        return headers.Find(header => header.Value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) is { Key: { } name }
            ? (null, $"Its header {name} has a line break.")
            : (new DeclaredAdapter(declaration, address, headers), null);
    }

    /// <inheritdoc/>
    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        if (Find(context.TaskType) is not { } operation)
            return new TaskOutcome.Failed(ErrorKind.InvalidInput, $"The service {Declaration.Name} no longer has the operation of {context.TaskType}.", CallReport.None);
        if (context.Pack is { } pack && packs.TryGetValue(context.TaskType, out var gatherer)
            && await gatherer.RunAsync(context, pack, (tasks, token) => operation.Pack!.CallAsync(tasks, headers, token), cancellationToken) is { } packed) return packed;
        return await CallAsync(context, operation, cancellationToken);
    }

    private async Task<TaskOutcome> CallAsync(TaskContext context, DeclaredOperation operation, CancellationToken cancellationToken)
    {
        using var item = Parse(context.Input);
        using var config = Parse(context.Config);
        var (files, failure) = await ItemFiles.OpenAsync(context, operation.Item, item?.RootElement, cancellationToken);
        if (failure is not null) return failure;
        HttpRequestMessage request;
        try
        {
            var values = TemplateValues.Of(context, item?.RootElement, config?.RootElement, files, operation.Request.Scope, cancellationToken);
            request = await operation.Request.BuildAsync(context.Upstream, headers, values, cancellationToken);
        }
        catch (Exception error) when (error is RenderException or FormatException or System.ArgumentException or InvalidOperationException)
        {
            return new TaskOutcome.Failed(ErrorKind.InvalidInput, $"The request for this item could not be made: {error.Message}", CallReport.None);
        }

        using (request) return await UpstreamCall.SendAsync(context.Http, request, operation.Rules, cancellationToken);
    }

    private DeclaredOperation? Find(string taskType) => Declaration.Operations.FirstOrDefault(one => one.Operation.TaskType == taskType);

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json) => json.IsEmpty ? null : JsonDocument.Parse(json);
}
