using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace StashAI.Bench.Items;

/// <summary>An AI service that remembers the SHA-256 of each body by path.</summary>
internal sealed class HashService : IAsyncDisposable
{
    private static readonly byte[] Answer = """{"done":true}"""u8.ToArray();

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<(string Path, string Hash), int> calls = [];

    private HashService(WebApplication app) => this.app = app;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<HashService> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var service = new HashService(builder.Build());
        service.app.Run(service.AnswerAsync);
        await service.app.StartAsync(cancellationToken);
        return service;
    }

    /// <summary>Forgets the calls to a path, and returns how often each body came.</summary>
    public IReadOnlyDictionary<string, int> TakeCalls(string path) => calls.Keys.Where(call => call.Path == path).ToList()
        .ToDictionary(call => call.Hash, call => calls.TryRemove(call, out var count) ? count : 0);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync();
            foreach (var segment in read.Buffer) hash.AppendData(segment.Span);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        calls.AddOrUpdate((context.Request.Path.Value!, Convert.ToHexString(hash.GetHashAndReset())), 1, (_, count) => count + 1);
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(Answer);
    }
}
