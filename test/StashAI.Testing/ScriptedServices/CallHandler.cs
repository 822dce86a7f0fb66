using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace StashAI.Testing.ScriptedServices;

/// <summary>Takes each call from the web server, asks the script, and keeps the ledger.</summary>
internal sealed class CallHandler : IHttpApplication<HttpContext>, IDisposable
{
    private readonly ScriptedServiceOptions options;
    private readonly Ledger ledger;
    private readonly Signals healthSignals;
    private volatile CancellationTokenSource down = new();
    private volatile Func<ScriptedCall, Reply> script = _ => Reply.Json("{}");
    private volatile Reply? health = Reply.Json("""{"status": "healthy"}""");
    private long healthCount;

    public CallHandler(ScriptedServiceOptions options, Ledger ledger)
    {
        this.options = options;
        this.ledger = ledger;
        healthSignals = new Signals(options.Patience, () => $"{HealthCount} came");
    }

    public Func<ScriptedCall, Reply> Script
    {
        get => script;
        set => script = value;
    }

    public Reply? Health
    {
        get => health;
        set => health = value;
    }

    public long HealthCount => Interlocked.Read(ref healthCount);

    public Task WaitForHealthAsync(int count, CancellationToken cancellationToken) =>
        healthSignals.WaitAsync(() => HealthCount >= count, $"{count} health probes", cancellationToken);

    /// <summary>Ends every call that waits; later calls are not concerned.</summary>
    public void BreakCalls() => Interlocked.Exchange(ref down, new CancellationTokenSource()).Cancel();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context) =>
        this.health is { } health && context.Request.Path == "/health" && HttpMethods.IsGet(context.Request.Method)
            ? AnswerHealthAsync(context, health)
            : AnswerCallAsync(context);

    public void Dispose() => down.Dispose();

    private async Task AnswerHealthAsync(HttpContext context, Reply health)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, down.Token);
        var target = new ReplyTarget(context, () =>
        {
            Interlocked.Increment(ref healthCount);
            healthSignals.Pulse();
        });
        try
        {
            await health.SendAsync(target, ended.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task AnswerCallAsync(HttpContext context)
    {
        var down = this.down.Token;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, down);
        var entry = ledger.Arrive();
        var call = await ReceiveAsync(context, entry, down, ended.Token);
        if (call is null)
        {
            context.Abort();
            return;
        }

        var reply = Ask(call, out var failure);
        var closed = false;
        var target = new ReplyTarget(context, () =>
        {
            closed = true;
            ledger.Answer(entry, failure ?? reply.Name, reply.StatusCode);
        });
        try
        {
            await reply.SendAsync(target, ended.Token);
        }
        catch (OperationCanceledException)
        {
            if (!closed)
            {
                CloseUnanswered(entry, reply.Name, down);
            }

            context.Abort();
        }
    }

    private async Task<ScriptedCall?> ReceiveAsync(
        HttpContext context, LedgerEntry entry, CancellationToken down, CancellationToken ended)
    {
        try
        {
            var request = context.Request;
            var body = await ReadBody.ReadAsync(request.BodyReader, request.ContentLength, options.Bodies, ended);
            var call = new ScriptedCall(
                entry.Number, request.Method, request.GetEncodedPathAndQuery(), Copy(request.Headers), body);
            call.Item = ItemOf(call);
            ledger.Receive(entry, call, options.LedgerKeepsCalls);
            return call;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            CloseUnanswered(entry, "the body broke off", down);
            return null;
        }
    }

    private string ItemOf(ScriptedCall call)
    {
        try
        {
            return options.Item(call);
        }
        catch (Exception exception)
        {
            return "the item function failed: " + exception.Message;
        }
    }

    private Reply Ask(ScriptedCall call, out string? failure)
    {
        failure = null;
        try
        {
            return script(call);
        }
        catch (Exception exception)
        {
            failure = "the script failed: " + exception.Message;
            return Reply.Status(500, failure, contentType: "text/plain");
        }
    }

    private void CloseUnanswered(LedgerEntry entry, string answer, CancellationToken down)
    {
        if (down.IsCancellationRequested)
        {
            ledger.Answer(entry, "the service went down", statusCode: null);
        }
        else
        {
            ledger.Disconnect(entry, answer);
        }
    }

    private static Dictionary<string, string> Copy(IHeaderDictionary headers)
    {
        var copy = new Dictionary<string, string>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers)
        {
            copy[name] = values.ToString();
        }

        return copy;
    }
}
