using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>
/// A gateway with services declared in a folder of its own, in front of a scripted service whose address is `${ECHO_URL}` or another
/// variable.
/// </summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private ServiceHost(TempFolder folder, ScriptedService service, GatewayHost gateway) =>
        (Folder, Service, Gateway) = (folder, service, gateway);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public TempFolder Folder { get; }

    public ScriptedService Service { get; }

    public GatewayHost Gateway { get; }

    public static async Task<ServiceHost> StartAsync(
        string yaml, Dictionary<string, string?>? settings = null, string variable = "ECHO_URL", int workers = 4,
        Action<WebApplicationBuilder>? configure = null)
    {
        var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("echo.yaml"), yaml, Cancellation);
        var service = await ScriptedService.StartAsync(Cancellation);
        var gateway = await GatewayHost.StartAsync(new Dictionary<string, string?>(settings ?? [])
        {
            ["SERVICES_DIR"] = folder.Path,
            ["ADAPTERS_DIR"] = folder.File("adapters"),
            [variable] = service.Url,
        }, workers, configure: configure);
        return new ServiceHost(folder, service, gateway);
    }

    /// <summary>Submits a JSON body and waits for the job's end.</summary>
    public async Task<JsonElement> RunAsync(string path, string body) =>
        await Gateway.EndOfAsync((await Gateway.PostAsync(path, body)).Text("job_id"));

    /// <summary>Submits any body; the answer must have this status, or that of a submit.</summary>
    public async Task<JsonElement> SendAsync(string path, HttpContent content, int? status = null)
    {
        using var response = await Gateway.Http.PostAsync(path, content, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        status ??= (int)GatewayHost.Taken;
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        using var document = JsonDocument.Parse(text);
        if (status >= 400) ProblemForm.Check(document.RootElement);
        return document.RootElement.Clone();
    }

    public static StringContent Lines(params string[] lines) =>
        new(string.Join('\n', lines), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));

    /// <summary>The bodies that the service got, in their order of arrival.</summary>
    public IReadOnlyList<ScriptedCall> Calls => [.. Service.Ledger.Calls.Select(entry => entry.Call!)];

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Service.DisposeAsync();
        Folder.Dispose();
    }
}
