using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Secrets;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;
using StashAI.Streams.Files;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>Calls a service according to its declaration.</summary>
public sealed class DeclaredAdapter : IServiceAdapter, IHealthAddress
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> headers;
    private readonly Dictionary<string, DeclaredOperation> operations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PackCollector> packCollectors;
    private readonly DeclaredSecrets secrets;
    private readonly CallTarget ownTarget;

    private DeclaredAdapter(
        ServiceDeclaration declaration, Uri address, IReadOnlyList<KeyValuePair<string, string>> headers, DeclaredSecrets secrets)
    {
        (this.headers, this.secrets) = (headers, secrets);
        packCollectors = declaration.Operations.Where(operation => operation.Pack is not null)
            .ToDictionary(operation => operation.Operation.TaskType, _ => new PackCollector());
        foreach (var operation in declaration.Operations.Concat(declaration.Dialects.SelectMany(route => route.Operations)))
            operations.TryAdd(operation.Operation.TaskType, operation);
        (Declaration, Address) = (declaration, address);
        ownTarget = TargetFor(address);
        Manifest = declaration.Limits with
        {
            Name = declaration.Name,
            Operations = [.. declaration.Operations.Select(operation => Resolved(operation.Operation))],
            DefaultOperation = declaration.DefaultOperation,
            DialectOperations = [.. declaration.Dialects.SelectMany(route => route.Operations)
                .Select(operation => Resolved(operation.Operation))],
            SecretConfig = [.. declaration.Config.Properties.Where(
                property => property.Value is { Type: FieldType.Secret, Environment: null }).Select(property => property.Key)],
        };
    }

    /// <summary>The declaration of the service.</summary>
    public ServiceDeclaration Declaration { get; }

    /// <summary>The configured address of the service.</summary>
    public Uri Address { get; }

    /// <summary>Hides this service's secrets in messages.</summary>
    public SecretMask Mask => secrets.Mask;

    /// <inheritdoc/>
    public AdapterManifest Manifest { get; }

    /// <summary>Creates an adapter and resolves the references of its declaration.</summary>
    /// <param name="declaration">The declaration of the service.</param>
    /// <param name="environment">Looks up a variable; null or empty when it is not set.</param>
    /// <returns>The adapter; or one sentence that says what is missing and how to fix it.</returns>
    public static (DeclaredAdapter? Adapter, string? Reason) Create(ServiceDeclaration declaration, Func<string, string?> environment)
    {
        var texts = declaration.Headers.Select(header => header.Value).Prepend(declaration.Url)
            .Concat(declaration.Health is { } health ? [health] : [])
            .Concat(declaration.Operations.SelectMany(DeclaredSecrets.TemplatesOf).Where(text => text.HasReferences)
                .Select(text => new EnvironmentText(text.Source)));
        var variables = DeclaredSecrets.FromEnvironment(declaration).Select(pair => pair.Value.Environment!)
            .Where(name => environment(name) is not { Length: > 0 });
        var missing = texts.SelectMany(text => text.FindMissing(environment)).Concat(variables).Distinct().ToList();
        if (missing.Find(EnvironmentText.IsFile) is { } file)
        {
            return (
                null,
                $"It needs {file}, and this file {RegularFile.ReasonToRefuse(EnvironmentText.PathOf(file)) ?? "may not be read"}: put the "
                + "secret into a file that the server may read.");
        }

        if (missing.Count > 0)
        {
            return (null, $"It needs {string.Join(", ", missing)}, which is not set: set it, or declare a default as ${{NAME:-default}}.");
        }

        var url = declaration.Url.Resolve(environment)!;
        if (ReasonToRefuse(url) is { } refusal) return (null, $"Its url, {declaration.Url.Source}, {refusal}");
        var address = new Uri(url);
        var headers = declaration.Headers.Select(
            header => new KeyValuePair<string, string>(header.Key, header.Value.Resolve(environment)!)).ToList();
        if (headers.Find(header => header.Value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) is { Key: { } name })
        {
            return (null, $"Its header {name} has a line break or a zero byte: remove it.");
        }

        if (headers.Find(header => !Ascii.IsValid(header.Value)) is { Key: { } other })
        {
            return (null, $"Its header {other} has characters that are not ASCII: encode them, for example as %C3%A9.");
        }

        return (new DeclaredAdapter(declaration, address, headers, new DeclaredSecrets(declaration, address, environment)), null);
    }

    /// <summary>Why a text cannot be the address of a service, as the end of a sentence; null when it can.</summary>
    internal static string? ReasonToRefuse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return "is not an http or https URL, such as http://127.0.0.1:5000; a port is at most 65535.";
        if (address.UserInfo.Length > 0)
            return "has a user name, which is not sent from there: use headers, with Authorization: Basic and the base64 of user:password.";
        return address.Fragment.Length > 0 ? "has a fragment, the part after '#', which is never sent: remove it." : null;
    }

    /// <summary>
    /// Why an operation cannot be called at another address; null when it can. Values from the environment may go only to the service's own
    /// address.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="instance">The address that a job names.</param>
    public string? ReasonToRefuse(DeclaredOperation operation, Uri instance) =>
        secrets.MayGoTo(instance) || !(NeedsSecrets(operation.Request) || (operation.Pack is { } pack && NeedsSecrets(pack.Request)))
            ? null
            : $"{instance.Authority} is not the configured address of {Declaration.Name}, and the path or the body of "
                + $"{operation.Operation.Name} contains a value from the server's environment, which only that address may receive: omit "
                + "the address, or ask the operator to list it under credentials_for in the service's declaration"
                + (instance.Scheme == Address.Scheme ? "." : " (values for an https address are never sent over http).");

    /// <inheritdoc/>
    public Uri? FillIn(Uri address)
    {
        // The address came without the query of the service's own.
        var query = address.Authority == Address.Authority ? Address.Query : "";
        if (Declaration.Health is not { HasReferences: true } health)
        {
            return query.Length > 1 && secrets.MayGoTo(address) ? WithQuery(address, query) : address;
        }

        var declared = new Uri(new Uri(address.GetLeftPart(UriPartial.Authority)), health.Source).PathAndQuery;
        var prefix = address.PathAndQuery.EndsWith(declared, StringComparison.Ordinal) ? address.PathAndQuery[..^declared.Length] : "";
        return secrets.MayGoTo(address)
            ? WithQuery(new Uri(address.GetLeftPart(UriPartial.Authority) + prefix + secrets.HealthPath), query)
            : null;
    }

    /// <inheritdoc/>
    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        if (!operations.TryGetValue(context.TaskType, out var operation))
        {
            return new TaskOutcome.Failed(
                ErrorKind.InvalidInput,
                $"The service {Declaration.Name} no longer has the operation of {context.TaskType}.",
                CallReport.None);
        }

        // Use this adapter's own address: after a reload, the context may have an address that this adapter's secrets do not belong to.
        var instance = context.IsConfigured ? WithQueryOf(context.Upstream) : context.Upstream;
        var target = ReferenceEquals(instance, Address) ? ownTarget : TargetFor(instance);
        if (!target.HasCredentials && ReasonToRefuse(operation, target.Instance) is { } reason)
        {
            return new TaskOutcome.Failed(ErrorKind.OutboundRefused, reason, CallReport.None);
        }

        var jobSecrets = SecretsOfJob(context);
        var resultMask = jobSecrets.Count == 0
            ? secrets.ResultMask : secrets.ResultMask.With(jobSecrets.Where(DeclaredSecrets.IsLongEnough));
        var mask = jobSecrets.Count == 0 ? secrets.Mask : secrets.Mask.With(jobSecrets);
        var lines = LinesOf(context, operation, resultMask);
        var outcome = await RunAsync(context, operation, target, mask, lines, cancellationToken);
        if (outcome is not TaskOutcome.Completed done) return outcome;
        var cost = done.Cost ?? StoredCost.PerItem(context.Config);
        return resultMask.IsEmpty && cost == done.Cost ? done
            : new TaskOutcome.Completed(resultMask.Hide(done.Output), done.Call) { Cost = cost };
    }

    private async Task<TaskOutcome> RunAsync(
        TaskContext context, DeclaredOperation operation, CallTarget target, SecretMask mask, AnswerLines? lines,
        CancellationToken cancellationToken)
    {
        try
        {
            if (context.Pack is { } pack && packCollectors.TryGetValue(context.TaskType, out var gatherer)
                && await gatherer.RunAsync(
                    context, pack, (tasks, token) => operation.Pack!.CallAsync(tasks, target, token), cancellationToken) is { } packed)
            {
                return mask.Hide(packed);
            }

            return mask.Hide(await (operation.Request.SendsItem
                ? SendItemAsync(context, operation, target, lines, cancellationToken)
                : CallAsync(context, operation, target, lines, cancellationToken)));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException) && !mask.IsEmpty)
        {
            return new TaskOutcome.Retry(
                ErrorKind.AdapterFault, mask.Hide($"{exception.GetType().Name}: {exception.Message}"), CallReport.None);
        }
    }

    /// <summary>Passes an answer on while it arrives, and follows the events of a stream; null where there is neither to do.</summary>
    private static AnswerLines? LinesOf(TaskContext context, DeclaredOperation operation, SecretMask mask)
    {
        var events = operation.Events is { } form && EventForm.IsAskedBy(context.Input) ? new EventStream(form, operation.Rules) : null;
        return context.OnAnswer is { } receive ? new AnswerLines(mask, Mapped(operation, context.Input, receive), events)
            : events is not null ? new AnswerLines(SecretMask.None, null, events)
            : null;
    }

    /// <summary>What receives the pieces of an answer, in the form of the item's own API.</summary>
    private static Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> Mapped(
        DeclaredOperation operation, ReadOnlyMemory<byte> item, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> receive)
    {
        if (operation.MapLines?.Invoke(item) is not { } map) return receive;
        return (lines, cancellationToken) =>
            map(lines) is { IsEmpty: false } mapped ? receive(mapped, cancellationToken) : ValueTask.CompletedTask;
    }

    private static async Task<TaskOutcome> CallAsync(
        TaskContext context, DeclaredOperation operation, CallTarget target, AnswerLines? lines, CancellationToken cancellationToken)
    {
        using var item = JsonText.ParseOrNull(context.Input);
        using var config = JsonText.ParseOrNull(context.Config);
        var (files, failure) = await ItemFiles.OpenAsync(context, operation.Item, item?.RootElement, cancellationToken);
        if (failure is not null) return failure;
        TemplateValues values;
        try
        {
            values = TemplateValues.ForTask(
                context, item?.RootElement, config?.RootElement, files, operation.Request.Scope, target.Values, cancellationToken);
        }
        catch (Exception exception) when (IsOfItem(exception))
        {
            return NotMade(exception);
        }

        return await SendAsync(
            context, operation, target, lines, values, StoredCost.PerToken(config?.RootElement), item?.RootElement, cancellationToken);
    }

    /// <summary>Sends an item whose request has no templates: it is read only where tokens are paid, for the model that it names.</summary>
    private static Task<TaskOutcome> SendItemAsync(
        TaskContext context, DeclaredOperation operation, CallTarget target, AnswerLines? lines, CancellationToken cancellationToken)
    {
        var values = TemplateValues.ForItem(context, cancellationToken);
        return StoredCost.IsByTokens(context.Config)
            ? SendPaidItemAsync(context, operation, target, lines, values, cancellationToken)
            : SendAsync(context, operation, target, lines, values, null, null, cancellationToken);
    }

    private static async Task<TaskOutcome> SendPaidItemAsync(
        TaskContext context, DeclaredOperation operation, CallTarget target, AnswerLines? lines, TemplateValues values,
        CancellationToken cancellationToken)
    {
        using var item = JsonText.ParseOrNull(context.Input);
        using var config = JsonText.ParseOrNull(context.Config);
        return await SendAsync(
            context, operation, target, lines, values, StoredCost.PerToken(config?.RootElement), item?.RootElement, cancellationToken);
    }

    private static async Task<TaskOutcome> SendAsync(
        TaskContext context, DeclaredOperation operation, CallTarget target, AnswerLines? lines, TemplateValues values,
        TokenPrices? prices, JsonElement? item, CancellationToken cancellationToken)
    {
        HttpRequestMessage request;
        try
        {
            request = await target.Adapt(operation.Request).BuildAsync(target.Instance, target.Headers, values, cancellationToken);
        }
        catch (Exception exception) when (IsOfItem(exception))
        {
            return NotMade(exception);
        }

        var counted = prices is null ? null : new CountedRules(operation.Rules);
        TaskOutcome outcome;
        using (request)
        {
            outcome = await UpstreamCall.SendAsync(
                context, request, (AnswerRules?)counted ?? operation.Rules, cancellationToken, lines);
        }

        if (outcome is TaskOutcome.Completed done && operation.MapAnswer is { } map) outcome = map(done, context.Input);
        return outcome is TaskOutcome.Completed paid && counted is not null
            ? paid with { Cost = counted.CostOf(prices!, item) }
            : outcome;
    }

    private static bool IsOfItem(Exception exception) =>
        exception is RenderException or FormatException or System.ArgumentException or InvalidOperationException;

    private static TaskOutcome.Failed NotMade(Exception exception) => new(
        ErrorKind.InvalidInput, $"The request for this item could not be made: {exception.Message}", CallReport.None);

    /// <summary>
    /// The operation with a version that also depends on the values that its calls take from the environment. A new password in a header
    /// changes no result.
    /// </summary>
    private AdapterOperation Resolved(AdapterOperation operation)
    {
        if (operation.ResultVersion is not { } version) return operation;
        var values = headers.Where(header => !EnvironmentText.IsSecretName(header.Key.ToUpperInvariant()))
            .Concat(secrets.Values.References).Concat(secrets.Values.Config).OrderBy(value => value.Key, StringComparer.Ordinal);
        var text = string.Join('\0', values.SelectMany(value => new[] { value.Key, value.Value }).Prepend(version));
        return operation with { ResultVersion = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))) };
    }

    /// <summary>The configured address, with the query that the job gave with it.</summary>
    private Uri WithQueryOf(Uri upstream) =>
        upstream.Query.Length <= 1 || upstream.Query == Address.Query
            ? Address
            : new Uri(RequestPath.AddQuery(Address.AbsoluteUri, upstream.Query));

    private static Uri WithQuery(Uri address, string query) => new(RequestPath.AddQuery(address.AbsoluteUri, query));

    private CallTarget TargetFor(Uri instance) => secrets.MayGoTo(instance)
        ? new CallTarget(instance, true, headers, secrets.Values, _ => false)
        : new CallTarget(instance, false, [], ConfiguredValues.None, secrets.UsesEnvironment);

    private bool NeedsSecrets(RequestTemplate request) => request.RequiredTemplates.Any(secrets.UsesEnvironment);

    /// <summary>The secrets that the job's configuration contains.</summary>
    private IReadOnlyList<string> SecretsOfJob(TaskContext context)
    {
        if (Manifest.SecretConfig.Count == 0 || context.Config.IsEmpty) return [];
        using var config = JsonDocument.Parse(context.Config);
        return
        [
            .. Manifest.SecretConfig.Select(key =>
                config.RootElement.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "")
                .Where(value => value.Length > 0),
        ];
    }
}
