using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StashAI.Testing.Objects;

/// <summary>
/// A scripted S3 server on a free port of 127.0.0.1 with one bucket in memory: it checks the signature of each request and the SHA-256 of
/// its bytes, the order and the sizes of parts, and does what a test says at each request. It is no S3 for anything else.
/// </summary>
public sealed class ScriptedS3 : IAsyncDisposable
{
    public const string Bucket = "photos";
    public const string KeyId = "AKIDSCRIPTED";
    public const string Secret = "scripted/secret+key";

    private readonly WebApplication app;
    private readonly S3Objects objects;
    private readonly ConcurrentQueue<string> requests = [];
    private int count;

    private ScriptedS3(WebApplication app, S3Objects objects) => (this.app, this.objects) = (app, objects);

    /// <summary>The address of the server.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What <c>PAYLOADS</c> says to use it.</summary>
    public string Payloads => $"s3://{Bucket}/stash?endpoint={Url}";

    /// <summary>
    /// Decides what becomes of a request by its number, from 1, and its words, such as <c>PUT stash/1-x-0.obj?partNumber=1</c>.
    /// </summary>
    public Func<int, string, S3Fault> Script { get; set; } = (_, _) => S3Fault.None;

    /// <summary>The words of all requests.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>What is stored, by key.</summary>
    public IDictionary<string, byte[]> Objects => objects.Stored;

    /// <summary>How many uploads in parts are not over.</summary>
    public int Uploads => objects.Uploads.Count;

    /// <summary>Starts a server.</summary>
    /// <param name="minPart">The least bytes of a part that is not the last; S3's without a value.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ScriptedS3> StartAsync(int minPart = 5 * 1024 * 1024, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(System.Net.IPAddress.Loopback, 0);
            options.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var server = new ScriptedS3(app, new S3Objects(Bucket, minPart));
        app.Run(server.AnswerAsync);
        await app.StartAsync(cancellationToken);
        server.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = S3Request.Of(context.Request.Method, target, body.ToArray(), context.Request.Headers);
        requests.Enqueue(request.Words);
        var fault = Script(Interlocked.Increment(ref count), request.Words);
        if (fault == S3Fault.Break)
        {
            context.Abort();
            return;
        }

        var answer = fault switch
        {
            S3Fault.Busy => S3Answer.Error(503, "SlowDown"),
            S3Fault.Denied => S3Answer.Error(403, "AccessDenied"),
            S3Fault.Full => S3Answer.Error(507, "XMinioStorageFull"),
            _ => S3Signature.Refuse(request, KeyId, Secret) ?? objects.Answer(request, takesRange: fault != S3Fault.NoRange),
        };
        if (fault == S3Fault.LoseAnswer)
            context.Abort();
        else
            await answer.WriteAsync(context, fault);
    }
}

/// <summary>What becomes of a request.</summary>
public enum S3Fault
{
    None,

    /// <summary>The connection breaks before anything is done.</summary>
    Break,

    /// <summary>It is done, and the connection breaks before the answer.</summary>
    LoseAnswer,

    /// <summary>The connection breaks in the middle of the answer.</summary>
    CutAnswer,

    /// <summary>The answer does not say how many bytes it has, as some servers between do.</summary>
    NoLength,

    /// <summary>The answer has the object from its beginning, whatever was asked for.</summary>
    NoRange,

    /// <summary>503 SlowDown.</summary>
    Busy,

    /// <summary>403 AccessDenied.</summary>
    Denied,

    /// <summary>507, no room.</summary>
    Full,
}
