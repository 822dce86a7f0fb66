using System.Net.Sockets;
using StashAI.Client.Models;

namespace StashAI.Server.Cli.Account;

/// <summary>Asks whether anything listens at the addresses of services.</summary>
internal static class ServiceProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Connects to all addresses at once; sends nothing. True for each service where something listens.</summary>
    /// <param name="services">The services; those without an address are left out.</param>
    /// <param name="clock">The time, of which each connection gets two seconds.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public static async Task<IReadOnlyDictionary<string, bool>> RunAsync(
        IEnumerable<Service> services, TimeProvider clock, CancellationToken cancellationToken)
    {
        var probes = services.Where(service => Uri.TryCreate(service.Address, UriKind.Absolute, out _)).Select(
            async service => KeyValuePair.Create(service.Name, await ListensAsync(new Uri(service.Address!), clock, cancellationToken)));
        return new Dictionary<string, bool>(await Task.WhenAll(probes));
    }

    private static async Task<bool> ListensAsync(Uri address, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.IdnHost.Trim('[', ']'), address.Port, either.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
