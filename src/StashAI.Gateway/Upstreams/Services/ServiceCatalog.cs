using System.Collections.Immutable;
using StashAI.Adapters.Http.Declarations;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// The only registry of services: built-in services, plug-ins and declared services. All readers use <see cref="Current"/>.
/// </summary>
internal sealed partial class ServiceCatalog : IUpstreamResolver
{
    private readonly Lock gate = new();
    private readonly ServiceFiles files;
    private readonly IReadOnlyList<ServiceEntry> plugins;
    private readonly IReadOnlyList<IServiceAdapter> builtIn;
    private readonly ILogger<ServiceCatalog> logger;
    private ImmutableSortedDictionary<string, ServiceEntry> declared = ServiceSnapshot.Empty.Declared;
    private ImmutableDictionary<string, Uri?> configured = ImmutableDictionary.Create<string, Uri?>(StringComparer.OrdinalIgnoreCase);
    private volatile ServiceSnapshot current = ServiceSnapshot.Empty;

    /// <summary>The last address: the calls of one job, which come one after the other, all have the same.</summary>
    private volatile Resolved? lastResolved;

    public ServiceCatalog(ServiceFiles files, PluginLoader plugins, IEnumerable<IServiceAdapter> builtIn, ILogger<ServiceCatalog> logger)
    {
        (this.files, this.builtIn, this.logger) = (files, [.. builtIn], logger);
        this.plugins = plugins.Load();
        files.Read();
        lock (gate) LoadDeclared();
    }

    /// <summary>The current services.</summary>
    public ServiceSnapshot Current => current;

    /// <summary>A declared service or plug-in, or null.</summary>
    public ServiceEntry? Find(string name) => current.Declared.GetValueOrDefault(name);

    /// <summary>True for a service in code. To look for a declared one first would take one that comes meanwhile for built in.</summary>
    public bool IsBuiltIn(string name) => builtIn.Any(adapter => adapter.Manifest.Name == name);

    /// <summary>
    /// Sets the address of a built-in service; null while it does not run. From then on the service counts as configured.
    /// </summary>
    public void Configure(string service, Uri? address)
    {
        lock (gate)
        {
            configured = configured.SetItem(service, address);
            Publish();
        }
    }

    /// <summary>Reads the files again; true when the services have changed.</summary>
    public bool Reload()
    {
        lock (gate)
        {
            if (!files.Read()) return false;
            LoadDeclared();
            return true;
        }
    }

    /// <inheritdoc/>
    public bool IsConfigured(string service, Uri upstream) =>
        upstream.Scheme == ServiceUri.Scheme && string.Equals(upstream.Host, service, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Uri? Resolve(Uri upstream)
    {
        if (upstream.Scheme != ServiceUri.Scheme) return upstream;
        var services = current;
        if (lastResolved is { } last && last.Services == services && last.Upstream.Equals(upstream)) return last.Address;
        if (services.AddressOf(upstream.Host) is not { } address) return null;
        // The adapter of a declaration adds the query of its own address, which may hold a secret.
        var query = services.Declared.GetValueOrDefault(upstream.Host)?.Adapter is DeclaredAdapter
            ? upstream.Query
            : ServiceUri.JoinQueries(address.Query, upstream.Query);
        var resolved = new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + upstream.AbsolutePath + query);
        lastResolved = new Resolved(services, upstream, resolved);
        return resolved;
    }

    private void LoadDeclared()
    {
        var taken = ImmutableSortedDictionary.CreateBuilder<string, ServiceEntry>(StringComparer.Ordinal);
        foreach (var entry in plugins.Concat(files.Entries))
        {
            if (IsBuiltIn(entry.Name)) LogNameTaken(entry.File, entry.Name, "is built in");
            else if (taken.TryGetValue(entry.Name, out var other)) LogNameTaken(entry.File, entry.Name, $"comes from {other.File}");
            else if (Refusal(entry) is { } reason) LogRefused(entry.File, reason);
            else taken.Add(entry.Name, entry);
        }

        declared = taken.ToImmutable();
        Publish();
    }

    private void Publish() => current = new ServiceSnapshot(
        ServiceSet.Of([.. builtIn, .. declared.Values.Select(entry => entry.Adapter)], current.Callable),
        declared,
        configured.SetItems(
            declared.Values.Where(entry => entry.Address is not null).Select(entry => KeyValuePair.Create(entry.Name, entry.Address))),
        [.. UpstreamAlias.Defaults, .. declared.Values.SelectMany(entry => entry.Aliases)]);

    /// <summary>Checks an entry, so that a service that the queue would refuse does not prevent the start.</summary>
    private static string? Refusal(ServiceEntry entry)
    {
        try
        {
            ServiceSet.Of([entry.Adapter]);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is not used: the service {Name} {Why}")]
    private partial void LogNameTaken(string file, string name, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} is not used: {Reason}")]
    private partial void LogRefused(string file, string reason);

    private sealed record Resolved(ServiceSnapshot Services, Uri Upstream, Uri Address);
}
