using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace StashAI.Bench.Soak;

/// <summary>
/// An AI service that now and then answers 429, 500 or 503, breaks the connection or takes long, is away for a while when told so, and
/// refuses some items for good. It keeps its own ledger of every call.
/// </summary>
internal sealed class FaultyService : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly Random random;
    private long awayUntil;

    private FaultyService(WebApplication app, int seed)
    {
        this.app = app;
        random = new Random(seed);
    }

    /// <summary>Every call.</summary>
    public ConcurrentQueue<ServiceCall> Calls { get; } = new();

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<FaultyService> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var service = new FaultyService(app, seed);
        app.Run(service.AnswerAsync);
        await app.StartAsync(cancellationToken);
        return service;
    }

    /// <summary>True for items that the service refuses whenever it is asked: one in a hundred.</summary>
    public static bool IsRefused(int ordinal) => ordinal % 100 == 37;

    /// <summary>Breaks every connection for a while.</summary>
    public void GoAway(TimeSpan time) => Volatile.Write(ref awayUntil, (TimeProvider.System.GetUtcNow() + time).UtcTicks);

    /// <summary>No more faults by chance, and not away.</summary>
    public bool IsCured { get; set; }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method)) return;
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var photo = body.RootElement.GetProperty("image_data").GetBytesFromBase64();
        var item = SoakPhoto.ItemOf(photo);
        var call = new ServiceCall(item, TimeProvider.System.GetUtcNow()) { IsAltered = !photo.AsSpan().SequenceEqual(SoakPhoto.Of(item)) };
        Calls.Enqueue(call);
        try
        {
            await AnswerAsync(context, call);
        }
        catch (OperationCanceledException)
        {
            // The caller went away.
        }
        finally
        {
            call.End = TimeProvider.System.GetUtcNow();
        }
    }

    private async Task AnswerAsync(HttpContext context, ServiceCall call)
    {
        var (fault, pause) = Draw();
        if (!IsCured && Volatile.Read(ref awayUntil) > call.Start.UtcTicks) fault = 0;
        if (fault == 200 && IsRefused(SoakPhoto.OrdinalOf(call.Item)))
        {
            fault = 400;
        }

        if (fault == 0)
        {
            call.Answer = 0;
            context.Abort();
            return;
        }

        await Task.Delay(pause, context.RequestAborted);
        context.Response.StatusCode = fault;
        if (fault == 429) context.Response.Headers.RetryAfter = "1";
        context.Response.ContentType = "application/json";
        var answer = fault == 200 ? $$"""{"item":"{{call.Item}}"}""" : $$"""{"detail":"fault {{fault}}"}""";
        await context.Response.WriteAsync(answer, context.RequestAborted);
        call.Answer = fault;
    }

    private (int Fault, TimeSpan Pause) Draw()
    {
        lock (gate)
        {
            var pause = TimeSpan.FromMilliseconds(random.Next(2, 40));
            if (IsCured) return (200, pause);
            return random.NextDouble() switch
            {
                < 0.0003 => (429, pause),
                < 0.008 => (500, pause),
                < 0.010 => (503, pause),
                < 0.014 => (0, pause),
                < 0.016 => (200, TimeSpan.FromSeconds(3)),
                _ => (200, pause),
            };
        }
    }
}
