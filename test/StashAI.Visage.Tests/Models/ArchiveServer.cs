using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace StashAI.Visage.Tests.Models;

/// <summary>A package registry that has a single archive.</summary>
internal sealed class ArchiveServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ArchiveServer(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    public static async Task<ArchiveServer> StartAsync(string path, byte[] archive)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet(path, () => Results.Bytes(archive, "application/octet-stream"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ArchiveServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
