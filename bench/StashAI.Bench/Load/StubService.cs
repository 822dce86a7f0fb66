using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace StashAI.Bench.Load;

/// <summary>
/// An AI service that reads the body and answers a small JSON object, or a chat completion. A GET answers when the first call came since
/// the last GET, in Unix milliseconds.
/// </summary>
internal static class StubService
{
    private static readonly byte[] Answer = """{"label":"cat","score":0.98}"""u8.ToArray();

    private static readonly byte[] Completion =
        """
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",
        "message":{"role":"assistant","content":"cat"}}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}
        """u8.ToArray();

    public static async Task<int> RunAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var first = 0L;
        app.Run(async context =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync($"{Interlocked.Exchange(ref first, 0)}");
                return;
            }

            if (Volatile.Read(ref first) == 0)
                Interlocked.CompareExchange(ref first, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 0);
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync();
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }

            if (delay > TimeSpan.Zero) await Task.Delay(delay);
            context.Response.ContentType = "application/json";
            var answer = context.Request.Path == "/v1/chat/completions" ? Completion : Answer;
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
        await app.StartAsync(cancellationToken);
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        // The load closes our input when it ends, however it ends.
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }
}
