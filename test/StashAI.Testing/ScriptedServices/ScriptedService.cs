using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace StashAI.Testing.ScriptedServices;

/// <summary>
/// An AI service that a test scripts, on a free port of 127.0.0.1: it answers what the script says, faults included, and writes
/// every call into a <see cref="Ledger"/>. It recognizes nothing; it exists to inject faults and to count.
/// </summary>
public sealed class ScriptedService : IAsyncDisposable
{
    private readonly CallHandler handler;
    private readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();
    private KestrelServer? server;
    private RefusingPort? refusing;

    private ScriptedService(ScriptedServiceOptions options)
    {
        Ledger = new Ledger(options.Time, options.Patience);
        handler = new CallHandler(options, Ledger);
    }

    /// <summary>The address, such as <c>http://127.0.0.1:43210</c>, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The TCP port; it stays the same through <see cref="GoDownAsync"/> and <see cref="ComeBackAsync"/>.</summary>
    public int Port { get; private set; }

    /// <summary>Every call, except health probes.</summary>
    public Ledger Ledger { get; }

    /// <summary>
    /// Asked once for every call; may be replaced at any time, also while calls run. The first script answers <c>{}</c>. A script
    /// that throws answers 500, and the ledger keeps its message.
    /// </summary>
    public Func<ScriptedCall, Reply> Script
    {
        get => handler.Script;
        set => handler.Script = value;
    }

    /// <summary>
    /// What <c>GET /health</c> answers, outside the ledger; healthy at first. Null hands health probes to the script as well.
    /// </summary>
    public Reply? Health
    {
        get => handler.Health;
        set => handler.Health = value;
    }

    /// <summary>How many health probes were answered with <see cref="Health"/>.</summary>
    public long HealthCount => handler.HealthCount;

    /// <summary>Starts a service that answers <c>{}</c> until it is given a script.</summary>
    public static Task<ScriptedService> StartAsync(CancellationToken cancellationToken) =>
        StartAsync(new ScriptedServiceOptions(), cancellationToken);

    /// <summary>Starts a service that answers <c>{}</c> until it is given a script.</summary>
    public static async Task<ScriptedService> StartAsync(
        ScriptedServiceOptions options, CancellationToken cancellationToken)
    {
        var service = new ScriptedService(options);
        await service.ListenAsync(cancellationToken);
        return service;
    }

    /// <summary>Returns when <paramref name="count"/> health probes were answered.</summary>
    /// <exception cref="TimeoutException">It did not come to that.</exception>
    public Task WaitForHealthAsync(int count, CancellationToken cancellationToken) =>
        handler.WaitForHealthAsync(count, cancellationToken);

    /// <summary>Breaks all connections and refuses new ones on the same port, as a service that died does.</summary>
    public async Task GoDownAsync()
    {
        await StopListeningAsync();
        refusing = RefusingPort.Take(Port);
    }

    /// <summary>Listens on the same port again.</summary>
    public async Task ComeBackAsync(CancellationToken cancellationToken)
    {
        refusing?.Dispose();
        refusing = null;
        await ListenAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        refusing?.Dispose();
        await services.DisposeAsync();
        handler.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
        options.Listen(IPAddress.Loopback, Port);
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = TimeSpan.FromHours(1);

        // The server alone, without a host: a host would take over the signals of the test process.
        server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        await server.StartAsync(handler, cancellationToken);
        Port = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    private async Task StopListeningAsync()
    {
        if (this.server is not { } server)
        {
            return;
        }

        this.server = null;
        handler.BreakCalls();
        await server.StopAsync(new CancellationToken(canceled: true));
        server.Dispose();
    }
}
