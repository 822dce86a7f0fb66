using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Tests;

/// <summary>The real service on a free port, with its own empty gallery.</summary>
public sealed class VisageServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TemporaryFolder folder;

    private VisageServer(WebApplication app, TemporaryFolder folder, string dataDirectory, Uri address)
    {
        SecretPath = System.IO.Path.Combine(dataDirectory, VisageOptions.SecretFileName);
        this.app = app;
        this.folder = folder;
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Add("X-Visage-Secret", File.ReadAllText(SecretPath).Trim());
    }

    public HttpClient Client { get; }

    /// <summary>The file with the secret, which <see cref="Client"/> sends.</summary>
    public string SecretPath { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<VisageServer> StartAsync(
        RealFiles files, Func<VisageOptions, VisageOptions>? change = null, Action<WebApplicationBuilder>? configure = null)
    {
        files.SkipIfMissing();
        var folder = new TemporaryFolder();
        var options =
            new VisageOptions { Urls = "http://127.0.0.1:0", DataDirectory = folder.Path, ModelsDirectory = files.ModelsDirectory };
        options = change?.Invoke(options) ?? options;
        var app = VisageApp.Build(options, configure);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new(app, folder, options.DataDirectory, new Uri(address));
    }

    public async Task<Answer> PostAsync(string route, object body)
    {
        using var response = await Client.PostAsJsonAsync(route, body, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string route, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, route) { Content = content };
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> GetAsync(string route) => SendAsync(HttpMethod.Get, route);

    public Task<Answer> PredictAsync(byte[] photo) => PostAsync("/api/predict_1", new { image_data = Convert.ToBase64String(photo) });

    public async Task<Answer> EnrolAsync(string name, byte[] photo, double x, double y) =>
        await PostAsync("/api/gallery/people", new { name, photos = new[] { Convert.ToBase64String(photo) }, face = new { x, y } });

    /// <summary>Enrols a person whose face has a known vector: (axis, value) pairs; all other numbers are 0.</summary>
    public async Task EnrolVectorAsync(string name, params (int Axis, float Value)[] parts)
    {
        var vector = new float[512];
        foreach (var (axis, value) in parts)
            vector[axis] = value;
        var embedding = Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()));
        Assert.Equal(201, (await PostAsync("/api/gallery/people", new { name, faces = new[] { new { embedding } } })).Status);
    }

    public async Task<string> IdOfAsync(string name) =>
        (await GetAsync($"/api/gallery/people?search={name}"))["people"][0]!["id"]!.GetValue<string>();

    public Task StopAsync() => app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
    }
}
