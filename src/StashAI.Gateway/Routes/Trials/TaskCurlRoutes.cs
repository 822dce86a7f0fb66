using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Secrets;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Upstreams.Commands;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Trials;

/// <summary>
/// <c>GET /api/tasks/{id}/curl</c>: the call of a task as a curl command. The adapter makes the request itself, with marks in place of
/// secrets and files, and nothing is sent.
/// </summary>
internal sealed class TaskCurlRoutes(
    IRead store, JobParts parts, ServiceRegistry registry, ServiceCatalog catalog, ServiceVariables variables, IUpstreamResolver upstreams,
    PublicUrl publicUrl)
{
    /// <summary>The most bytes of a body besides its files.</summary>
    private const int MaxText = 4 << 20;

    /// <summary>How much of a file an adapter sees, for the file's type.</summary>
    private const int HeadBytes = 3 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(
        "/api/tasks/{id}/curl", (HttpContext context, TaskCurlRoutes own, string id) => own.ShowAsync(context, id))
        .Describe(TrialDocs.Curl).Needs(ApiScope.Submit);

    private async Task ShowAsync(HttpContext context, string id)
    {
        if (await QueueLookup.FindAsync(store, id, context.RequestAborted) is not { Ordinal: not null } entry)
            throw RequestException.NotFound($"There is no task {id}; GET /api/tasks lists the tasks.");
        context.RequireOwn(entry.Job);
        var marks = new CommandMarks();
        var adapter = AdapterOf(entry.Job, marks);
        var call = await CaptureAsync(context, entry, adapter, marks);
        var command = CurlCommand.Write(Masked(call, entry.Job.Service, marks), marks)
            ?? throw Impossible("a file of this task is part of the address or of a form, where no command can put it");
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("task_id", TaskKey.TaskId(entry.Job.JobId, entry.Ordinal!.Value));
            json.WriteString("service", entry.Job.Service);
            json.WriteString("command", command);
            json.WriteStartArray("variables");
            foreach (var variable in marks.Secrets.Values.Append(Key(context) is null ? "" : ServerKey)
                .Where(one => one.Length > 0 && command.Contains($"${one}", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(variable);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private const string ServerKey = "STASHAI_KEY";

    private static string? Key(HttpContext context) => CallerIdentity.Of(context.User)?.KeyName;

    /// <summary>The adapter of a job, with marks in place of the values from the environment.</summary>
    private IServiceAdapter AdapterOf(JobView job, CommandMarks marks)
    {
        if (catalog.Find(job.Service)?.Adapter is DeclaredAdapter declared)
        {
            var url = declared.Declaration.Url.Source;
            var (adapter, reason) = DeclaredAdapter.Create(declared.Declaration, name =>
                variables.Find(name) is not { Length: > 0 } value || url.Contains($"${{{name}}}", StringComparison.Ordinal)
                    || url.Contains($"${{{name}:", StringComparison.Ordinal)
                    ? variables.Find(name)
                    : marks.Secret(name));
            return adapter ?? throw Impossible(reason!.TrimEnd('.'));
        }

        return registry.FindCallable(job.Service) is VisageAdapter visage
            ? visage
            : throw Impossible($"only declared services and {VisageAdapter.Name} show their calls, and {job.Service} is neither");
    }

    private async Task<CapturedCall> CaptureAsync(HttpContext context, QueueEntry entry, IServiceAdapter adapter, CommandMarks marks)
    {
        var (job, cancellationToken) = (entry.Job, context.RequestAborted);
        var upstream = upstreams.Resolve(job.Upstream)
            ?? throw new RequestException(Problem.Unavailable($"The {job.Service} service is not ready yet; ask again."));
        var task = (await store.FindTasksAsync([entry.TaskKey], withOutput: false, cancellationToken))[0];
        using var capture = new CallCapture();
        using var http = new HttpClient(capture);
        using var fetched = new FetchedMarks(marks);
        using var fetch = new HttpClient(fetched);
        var outcome = await adapter.ExecuteAsync(
            new TaskContext
            {
                TaskId = TaskKey.TaskId(job.JobId, entry.Ordinal!.Value),
                JobId = job.JobId,
                Ordinal = entry.Ordinal!.Value,
                Attempt = Math.Max(1, task.Attempt),
                TaskType = job.TaskType,
                Upstream = upstream,
                Input = await store.ReadInputAsync(task, cancellationToken),
                Config = ConfigOf(job, adapter, marks),
                IsConfigured = upstreams.IsConfigured(job.Service, job.Upstream),
                Payloads = await PayloadsAsync(context, entry, marks),
                Http = http,
                Fetch = fetch,
            },
            cancellationToken);
        var call = capture.Call ?? throw Impossible(outcome switch
        {
            TaskOutcome.Failed failed => failed.Message.TrimEnd('.'),
            TaskOutcome.Retry retry => retry.Message.TrimEnd('.'),
            _ => "the service makes no call for it",
        });
        return call.Body?.Length > MaxText + (marks.Files.Count * 2 * HeadBytes)
            ? throw Impossible($"its body is longer than {MaxText >> 20} MB, which nobody can paste")
            : call;
    }

    private async Task<IReadOnlyList<TaskPayload>> PayloadsAsync(HttpContext context, QueueEntry entry, CommandMarks marks)
    {
        var own = (await store.ListPayloadsAsync([entry.TaskKey], context.RequestAborted))[entry.TaskKey];
        var payloads = new List<TaskPayload>();
        foreach (var payload in own.Concat(await parts.ReadAsync(entry.Job, context.RequestAborted)))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
            try
            {
                var length = await store.ReadPayloadChunkAsync(payload.Key, 0, buffer, context.RequestAborted) ?? 0;
                var bytes = marks.File(Fetch(context, entry, payload.Slot), buffer.AsSpan(0, Math.Min(length, HeadBytes)));
                payloads.Add(new MemoryPayload(bytes)
                {
                    Slot = payload.Slot,
                    DataUrlPrefix = payload.DataUrlPrefix,
                    Size = bytes.Length,
                });
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        return payloads;
    }

    private string Fetch(HttpContext context, QueueEntry entry, string slot)
    {
        var path = $"/api/queue/task/{TaskKey.TaskId(entry.Job.JobId, entry.Ordinal!.Value)}/input/{Uri.EscapeDataString(slot)}";
        var url = publicUrl.Of(context.Request) + path;
        var key = Key(context) is null ? "" : $" -H \"Authorization: Bearer ${ServerKey}\"";
        return $"curl -sSf{key} {ShellText.Word(url, new Dictionary<string, string>())}";
    }

    /// <summary>The configuration with marks in place of its secrets.</summary>
    private static ReadOnlyMemory<byte> ConfigOf(JobView job, IServiceAdapter adapter, CommandMarks marks)
    {
        var secret = adapter.Manifest.SecretConfig;
        if (secret.Count == 0 || job.Config.IsEmpty) return job.Config;
        using var document = JsonDocument.Parse(job.Config);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (secret.Contains(property.Name) && property.Value.ValueKind == JsonValueKind.String)
                    json.WriteString(property.Name, marks.Secret(Variable(job.Service, property.Name)));
                else
                    property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The call without the secrets that its declaration itself contains, or takes from files or from its address.</summary>
    private CapturedCall Masked(CapturedCall call, string service, CommandMarks marks)
    {
        if (catalog.Find(service)?.Adapter is not DeclaredAdapter declared || declared.Mask.IsEmpty) return call;
        var (mask, variable) = (declared.Mask, Variable(service, "secret"));
        var body = call.Body;
        if (body is not null && System.Text.Unicode.Utf8.IsValid(body))
        {
            var text = Encoding.UTF8.GetString(body);
            var hidden = marks.Hide(text, mask, variable);
            if (hidden != text) body = Encoding.UTF8.GetBytes(hidden);
        }

        return call with
        {
            Url = marks.Hide(call.Url, mask, variable),
            Headers =
            [
                .. call.Headers.Select(header => KeyValuePair.Create(
                    header.Key, marks.Hide(header.Value, mask, Variable(service, header.Key)))),
            ],
            Body = body,
        };
    }

    private static string Variable(string service, string name) => string.Concat(
        $"{service}_{name}".Select(one => char.IsAsciiLetterOrDigit(one) ? char.ToUpperInvariant(one) : '_'));

    private static RequestException Impossible(string why) =>
        new(Problem.Conflict($"There is no command for this task: {why}."));

    /// <summary>Answers with a mark for a file that an item names by its address; nothing is fetched.</summary>
    private sealed class FetchedMarks(CommandMarks marks) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var url = ShellText.Word(request.RequestUri!.AbsoluteUri, new Dictionary<string, string>());
            var content = new ByteArrayContent(marks.File($"curl -gsSf {url}", default));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
