using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace StashAI.Testing.ScriptedServices;

/// <summary>Takes each call from the web server, asks the script, and keeps the ledger.</summary>
internal sealed class CallHandler : IHttpApplication<HttpContext>, IDisposable
{
    private readonly ScriptedServiceOptions _options;
    private readonly Ledger _ledger;
    private readonly Signals _healthSignals;
    private volatile CancellationTokenSource _down = new();
    private volatile Func<ScriptedCall, Reply> _script = _ => Reply.Json("{}");
    private volatile Reply? _health = Reply.Json("""{"status": "healthy"}""");
    private long _healthCount;

    public CallHandler(ScriptedServiceOptions options, Ledger ledger)
    {
        _options = options;
        _ledger = ledger;
        _healthSignals = new Signals(options.Patience, () => $"{HealthCount} came");
    }

    public Func<ScriptedCall, Reply> Script
    {
        get => _script;
        set => _script = value;
    }

    public Reply? Health
    {
        get => _health;
        set => _health = value;
    }

    public long HealthCount => Interlocked.Read(ref _healthCount);

    public Task WaitForHealthAsync(int count, CancellationToken cancellationToken) =>
        _healthSignals.WaitAsync(() => HealthCount >= count, $"{count} health probes", cancellationToken);

    /// <summary>Ends every call that waits; later calls are not concerned.</summary>
    public void BreakCalls() => Interlocked.Exchange(ref _down, new CancellationTokenSource()).Cancel();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context) =>
        _health is { } health && context.Request.Path == "/health" && HttpMethods.IsGet(context.Request.Method)
            ? AnswerHealthAsync(context, health)
            : AnswerCallAsync(context);

    public void Dispose() => _down.Dispose();

    private async Task AnswerHealthAsync(HttpContext context, Reply health)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _down.Token);
        var target = new ReplyTarget(context, () =>
        {
            Interlocked.Increment(ref _healthCount);
            _healthSignals.Pulse();
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
        var down = _down.Token;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, down);
        var entry = _ledger.Arrive();
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
            _ledger.Answer(entry, failure ?? reply.Name, reply.StatusCode);
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
            var body = await ReadBody.ReadAsync(request.BodyReader, request.ContentLength, _options.Bodies, ended);
            var call = new ScriptedCall(
                entry.Number, request.Method, request.GetEncodedPathAndQuery(), Copy(request.Headers), body);
            call.Item = ItemOf(call);
            _ledger.Receive(entry, call, _options.LedgerKeepsCalls);
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
            return _options.Item(call);
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
            return _script(call);
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
            _ledger.Answer(entry, "the service went down", statusCode: null);
        }
        else
        {
            _ledger.Disconnect(entry, answer);
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
